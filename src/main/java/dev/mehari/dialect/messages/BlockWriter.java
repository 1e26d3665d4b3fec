package dev.mehari.dialect.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.ToolIds;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the blocks of one streamed message, one after the other: a block opens with its first delta and closes before
 * another opens. By hand and without a tree: this runs for every word of every answer. One instance a stream; not
 * thread-safe.
 */
final class BlockWriter {
    private static final byte[] START =
            ascii("event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":");
    private static final byte[] DELTA =
            ascii("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":");
    private static final byte[] STOP =
            ascii("event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":");
    private static final byte[] BLOCK = ascii(",\"content_block\":");
    private static final byte[] TEXT_BLOCK = ascii("{\"type\":\"text\",\"text\":\"\",\"citations\":null}");
    private static final byte[] THINKING_BLOCK = ascii("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
    private static final byte[] TEXT = ascii(",\"delta\":{\"type\":\"text_delta\",\"text\":");
    private static final byte[] THINKING = ascii(",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":");
    private static final byte[] SIGNATURE = ascii(",\"delta\":{\"type\":\"signature_delta\",\"signature\":");
    private static final byte[] ARGUMENTS = ascii(",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":");
    private static final byte[] CITATION = ascii(",\"delta\":{\"type\":\"citations_delta\",\"citation\":");
    private static final byte[] END = ascii("}\n\n");
    private static final byte[] DELTA_END = ascii("}}\n\n");

    private enum Kind {
        NONE,
        TEXT,
        THINKING,
        CALL
    }

    private Kind open = Kind.NONE;
    private int index = -1;
    private byte[] indexDigits = {};
    private int openCall = -1;
    private boolean calls;

    /** Whether a tool was called. */
    boolean hasCalls() {
        return calls;
    }

    void text(String text, ByteSink out) {
        if (!text.isEmpty()) {
            openUnless(Kind.TEXT, TEXT_BLOCK, out);
            Json.quote(text, delta(TEXT, out)).write(DELTA_END);
        }
    }

    /** A signature closes its block: what follows it is another one. */
    void thinking(String text, @Nullable String signature, ByteSink out) {
        if (text.isEmpty() && signature == null) {
            return;
        }
        openUnless(Kind.THINKING, THINKING_BLOCK, out);
        if (!text.isEmpty()) {
            Json.quote(text, delta(THINKING, out)).write(DELTA_END);
        }
        if (signature != null) {
            sign(signature, out);
            stop(out);
        }
    }

    void redactedThinking(String data, ByteSink out) {
        close(out);
        start(out);
        Json.quote(data, out.write("{\"type\":\"redacted_thinking\",\"data\":")).write('}');
        out.write(END);
        stop(out);
    }

    void call(ChatEvent.ToolCallStart call, ByteSink out) {
        close(out);
        start(out);
        Json.quote(ToolIds.fitting(call.id()), out.write("{\"type\":\"tool_use\",\"id\":"));
        Json.quote(call.name(), out.write(",\"name\":")).write(",\"input\":{}}");
        out.write(END);
        open = Kind.CALL;
        openCall = call.index();
        calls = true;
    }

    /** None at all means an empty object, here as there. */
    void arguments(int call, String piece, ByteSink out) {
        if (open != Kind.CALL || call != openCall) {
            // Its block is closed; adding to another would make a call that nobody asked for.
            throw new IllegalStateException("arguments for tool call " + call + ", which is not the open one");
        }
        if (!piece.isEmpty()) {
            Json.quote(piece, delta(ARGUMENTS, out)).write(DELTA_END);
        }
    }

    void whole(ContentPart part, ByteSink out) {
        if (part instanceof ContentPart.Text text && text.annotations().isEmpty()) {
            text(text.text(), out);
        } else if (MessagesWire.hasBlock(part)) {
            close(out);
            start(out);
            MessagesWire.block(part, new JsonWriter(out));
            out.write(END);
            stop(out);
        }
    }

    /** It belongs to the text before it. @return false: that is closed, and nothing is written */
    boolean citation(JsonNode citation, ByteSink out) {
        if (open == Kind.TEXT) {
            delta(CITATION, out).write(Json.bytes(citation)).write(DELTA_END);
        }
        return open == Kind.TEXT;
    }

    /** Ends the open block, if there is one. */
    void close(ByteSink out) {
        if (open == Kind.THINKING) {
            sign(MessagesWire.UNSIGNED, out);
        }
        if (open != Kind.NONE) {
            stop(out);
        }
    }

    private void sign(String signature, ByteSink out) {
        Json.quote(signature, delta(SIGNATURE, out)).write(DELTA_END);
    }

    private void openUnless(Kind kind, byte[] block, ByteSink out) {
        if (open != kind) {
            close(out);
            start(out);
            out.write(block).write(END);
            open = kind;
        }
    }

    private void start(ByteSink out) {
        index++;
        indexDigits = ascii(Integer.toString(index));
        out.write(START).write(indexDigits).write(BLOCK);
    }

    private ByteSink delta(byte[] kind, ByteSink out) {
        return out.write(DELTA).write(indexDigits).write(kind);
    }

    private void stop(ByteSink out) {
        out.write(STOP).write(indexDigits).write(END);
        open = Kind.NONE;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
