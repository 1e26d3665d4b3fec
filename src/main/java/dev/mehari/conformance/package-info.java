/**
 * Checks an endpoint that is said to speak OpenAI's API, ours or anybody's: sends it what clients send, holds its answers
 * to a list of demands, measures it, and compares it with another. Runs from the command line without the gateway.
 */
@NullMarked
package dev.mehari.conformance;

import org.jspecify.annotations.NullMarked;
