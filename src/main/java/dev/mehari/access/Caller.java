package dev.mehari.access;

import org.jspecify.annotations.Nullable;

/**
 * Who is calling. Immutable; safe to log, as no part of it opens a door.
 *
 * @param id of its key; stays the same when the key's secret is changed
 * @param name the operator's name for it; null: none was given
 * @param team whose budget it shares; null: nobody's
 */
public record Caller(
        String id, @Nullable String name, @Nullable String team, Policy policy) {
    /** Everyone, where no key is asked for. */
    public static final Caller ANYONE = new Caller("anonymous", null, null, Policy.OPEN);

    /** What its conversations and cached answers are kept under; null: it shares them with all who need no key. */
    public @Nullable String tenant() {
        return this == ANYONE ? null : id;
    }

    /** The name to show: the operator's, else the id. */
    public String label() {
        return name == null ? id : name;
    }
}
