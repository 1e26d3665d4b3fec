package dev.mehari.provider.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of one choice of a stream in the order in which they begin, which is how clients count them. Hosts count
 * from one, or not at all, or give every call the same number; some tell id and name again in each piece, which clients
 * that join pieces put together as text. One instance a choice.
 */
final class OpenAiCallOrder {
    private final List<Call> calls = new ArrayList<>(2);
    private final Map<Integer, Call> byIndex = new HashMap<>(2);
    private final Map<String, Call> byId = new HashMap<>(2);

    /** Whether there were pieces that nobody looked into: which arguments are complete is not known then. */
    private boolean blind;

    /** A call that has begun. */
    static final class Call {
        private final int ordinal;
        private final String id;
        private final JsonEnd arguments = new JsonEnd();
        private boolean named;

        private Call(int ordinal, String id) {
            this.ordinal = ordinal;
            this.id = id;
        }

        /** Its number among those of its choice, from 0. */
        int ordinal() {
            return ordinal;
        }

        /** Whether its name has been told. */
        boolean isNamed() {
            return named;
        }

        void named() {
            named = true;
        }

        /** What this piece has of them. */
        void arguments(String piece) {
            arguments.take(piece);
        }
    }

    /**
     * The call that a piece belongs to; null when it begins one. Under a number that is known, another id begins another
     * call only with a name, and once the arguments before it are complete: there are hosts that make an id for each piece.
     *
     * @param index as the host has it
     * @param id empty: none was told
     * @param name empty: none was told
     */
    @Nullable
    Call find(@Nullable Integer index, String id, String name) {
        if (index != null) {
            Call known = byIndex.get(index);
            return known != null && !name.isEmpty() && isAnother(known, id) ? byId.get(id) : known;
        }
        if (!id.isEmpty()) {
            return byId.get(id);
        }
        Call last = calls.isEmpty() ? null : calls.getLast();
        return last != null && last.named && !name.isEmpty() ? null : last;
    }

    private boolean isAnother(Call known, String id) {
        boolean otherId = !id.isEmpty() && !known.id.isEmpty() && !id.equals(known.id);
        return otherId && (blind || known.arguments.isReached());
    }

    /** Begins the call that such a piece is the first of. */
    Call begin(@Nullable Integer index, String id) {
        Call call = new Call(calls.size(), id);
        calls.add(call);
        if (index != null) {
            byIndex.put(index, call);
        }
        if (!id.isEmpty()) {
            byId.put(id, call);
        }
        return call;
    }

    /** Some call goes on, and is not looked into. */
    void goesOnUnseen() {
        blind = true;
    }

    int size() {
        return calls.size();
    }
}
