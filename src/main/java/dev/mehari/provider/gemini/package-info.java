/**
 * Gemini's native API ({@code generateContent}) as a wire protocol, by its two ways in: Google AI Studio with a key
 * (protocol {@code gemini}) and Vertex AI with access tokens (protocol {@code vertex}). They differ in paths, credentials
 * and a few fields; {@code GeminiPlatform} says in which.
 */
@NullMarked
package dev.mehari.provider.gemini;

import org.jspecify.annotations.NullMarked;
