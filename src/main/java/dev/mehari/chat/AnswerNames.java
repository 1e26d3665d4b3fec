package dev.mehari.chat;

import org.jspecify.annotations.Nullable;

/**
 * What the provider itself calls an answer, as it came: not what the client sees. Immutable.
 *
 * @param id of the answer; null: it has none
 * @param model that gave it, often by its date where a family was asked for; null: not told
 */
public record AnswerNames(@Nullable String id, @Nullable String model) {
    /** Empty texts tell nothing; null when nothing is told. */
    public static @Nullable AnswerNames of(@Nullable String id, @Nullable String model) {
        String told = id == null || id.isEmpty() ? null : id;
        String by = model == null || model.isEmpty() ? null : model;
        return told == null && by == null ? null : new AnswerNames(told, by);
    }
}
