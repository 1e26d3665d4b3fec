/** Bad days: names that are lost, broken TLS, streams in ten thousand pieces. Each has a defined answer, and passes. */
package dev.mehari.hostile;
