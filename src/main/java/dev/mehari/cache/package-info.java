/**
 * Answers kept to be given again: what makes two requests the same ({@code CanonicalChat}), how an answer is recorded while
 * it passes ({@code Recording}), kept ({@code StoredAnswer}, {@code AnswerCache}) and played again ({@code Replay}), and how
 * callers who ask the same at once share one answer ({@code Flights}).
 */
@NullMarked
package dev.mehari.cache;

import org.jspecify.annotations.NullMarked;
