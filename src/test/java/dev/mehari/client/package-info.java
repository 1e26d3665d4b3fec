/** Clients as they are in the world, and how they leave. */
package dev.mehari.client;
