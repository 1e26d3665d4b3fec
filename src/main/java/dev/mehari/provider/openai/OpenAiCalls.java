package dev.mehari.provider.openai;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.Ids;
import dev.mehari.chat.ToolNames;
import dev.mehari.provider.Ask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tool calls of one choice, handed on one after the other as the hub has it, though hosts may interleave their
 * pieces. A call passes as it comes while it is the first that is not complete; those behind it wait. It is complete
 * when its arguments are a whole JSON value, or with the choice. One instance a choice.
 */
final class OpenAiCalls {
    private final int choice;
    private final Ask ask;
    private final Map<Integer, Call> byIndex = new HashMap<>(2);
    private final List<Call> inOrder = new ArrayList<>(2);

    /** What was said beside a call that is not complete, for afterwards. */
    private final List<ChatEvent> held = new ArrayList<>(0);

    /** Position of the call that passes; those before it are over. */
    private int passing;

    OpenAiCalls(int choice, Ask ask) {
        this.choice = choice;
        this.ask = ask;
    }

    void take(OpenAiCallPiece piece, EventSink sink) {
        Call call = byIndex.get(piece.index());
        boolean another = call != null && piece.id() != null && piece.name() != null && !call.id.equals(piece.id());
        if (call == null || another) {
            call = begin(piece);
        }
        if (call.ordinal < passing) {
            // Over: nothing but blanks can follow a whole value.
            return;
        }
        call.named(name(piece));
        call.arguments.take(piece.arguments());
        call.waiting.append(piece.arguments());
        pass(sink, false);
    }

    private Call begin(OpenAiCallPiece piece) {
        String id = piece.id() == null || piece.id().isEmpty() ? Ids.random("call_", 24) : piece.id();
        Call call = new Call(inOrder.size(), id, piece.custom(), piece.signature());
        byIndex.put(piece.index(), call);
        inOrder.add(call);
        return call;
    }

    private String name(OpenAiCallPiece piece) {
        return piece.name() == null
                ? ""
                : ToolNames.original(
                        piece.name(),
                        () -> ask.request().request().get().tooling().tools());
    }

    /** Text and the like: at once, unless it would come between the pieces of a call. */
    void beside(ChatEvent event, EventSink sink) {
        Call open = passing < inOrder.size() ? inOrder.get(passing) : null;
        if (open != null && !open.isComplete()) {
            held.add(event);
            return;
        }
        if (open != null) {
            passing++;
        }
        sink.accept(event);
    }

    /** The choice ends: every call is complete as it stands. */
    void finish(EventSink sink) {
        pass(sink, true);
        held.forEach(sink::accept);
        held.clear();
    }

    private void pass(EventSink sink, boolean all) {
        while (passing < inOrder.size()) {
            Call call = inOrder.get(passing);
            if (call.name.isEmpty() && !all) {
                // Some hosts tell it behind the id.
                return;
            }
            call.emit(choice, sink);
            boolean over = all || (call.isComplete() && passing + 1 < inOrder.size());
            if (!over) {
                return;
            }
            passing++;
        }
    }

    private static final class Call {
        private final int ordinal;
        private final String id;
        private String name = "";
        private final boolean custom;
        private final @Nullable String signature;
        private final JsonEnd arguments = new JsonEnd();
        private final StringBuilder waiting = new StringBuilder();
        private boolean begun;

        Call(int ordinal, String id, boolean custom, @Nullable String signature) {
            this.ordinal = ordinal;
            this.id = id;
            this.custom = custom;
            this.signature = signature;
        }

        /** Told again and again by some hosts; the first time counts. */
        void named(String told) {
            name = name.isEmpty() ? told : name;
        }

        /** The end of free text cannot be seen. */
        boolean isComplete() {
            return !custom && arguments.isReached();
        }

        void emit(int choice, EventSink sink) {
            if (!begun) {
                begun = true;
                sink.accept(new ChatEvent.ToolCallStart(choice, ordinal, id, name, custom, signature));
            }
            if (!waiting.isEmpty()) {
                sink.accept(new ChatEvent.ToolCallDelta(choice, ordinal, waiting.toString()));
                waiting.setLength(0);
            }
        }
    }
}
