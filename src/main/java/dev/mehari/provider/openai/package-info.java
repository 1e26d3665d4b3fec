/**
 * OpenAI's Chat Completions as a wire protocol, and the many hosts that speak nearly the same. Where they differ is data
 * ({@code mehari.providers.<name>.quirks}), applied here. A client that speaks the same API gets its bytes through.
 */
@NullMarked
package dev.mehari.provider.openai;

import org.jspecify.annotations.NullMarked;
