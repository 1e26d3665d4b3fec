/** OpenAI's Responses API: items instead of messages, and a stream of typed events. */
@NullMarked
package dev.mehari.dialect.responses;

import org.jspecify.annotations.NullMarked;
