/** The conformance tool against endpoints that are sound, flawed, or no endpoints at all. */
package dev.mehari.conformance;
