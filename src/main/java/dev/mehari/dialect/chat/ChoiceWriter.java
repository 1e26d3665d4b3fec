package dev.mehari.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.dialect.ProviderBlock;
import org.jspecify.annotations.Nullable;

/**
 * Writes the chunks of one choice of a stream. By hand and without a tree: this runs for every word of every answer.
 * One instance a choice; not thread-safe.
 */
final class ChoiceWriter {
    private static final byte[] DELTA_END = Wire.ascii("},\"finish_reason\":null}");
    private static final byte[] CONTENT = Wire.ascii("\"content\":");
    private static final byte[] REFUSAL = Wire.ascii("\"refusal\":");
    private static final byte[] REASONING = Wire.ascii("\"reasoning_content\":");
    private static final byte[] ROLE_BEFORE_TEXT = Wire.ascii("\"role\":\"assistant\",\"content\":\"\"");
    private static final byte[] ROLE_BEFORE_OTHER = Wire.ascii("\"role\":\"assistant\",\"content\":null");

    /** Up to and including the opening brace of the delta. */
    private final byte[] begin;

    private final byte[] finishBegin;
    private final byte[] recordEnd;
    private final boolean legacyFunctions;

    private boolean begun;
    private boolean finished;
    private int calls;
    private int openCall = -1;
    private boolean openCallIsCustom;
    private boolean openCallHasArguments;

    /**
     * How many entries there were of each list that is no part of OpenAI's deltas. Each tells its place: openai-python's
     * {@code stream()} adds lists up by it, and fails where there is none.
     */
    private int blocks;

    private int images;
    private int others;
    private int notes;

    /** The reasoning block so far, which goes out again when its signature comes; null until there is one. */
    private @Nullable StringBuilder thought;

    ChoiceWriter(byte[] head, int index, byte[] recordEnd, boolean legacyFunctions) {
        this.begin = new ByteSink(head.length + 32)
                .write(head)
                .write("{\"index\":" + index + ",\"delta\":{")
                .toByteArray();
        this.finishBegin = new ByteSink(begin.length + 32)
                .write(begin)
                .write("},\"finish_reason\":\"")
                .toByteArray();
        this.recordEnd = recordEnd;
        this.legacyFunctions = legacyFunctions;
    }

    void text(String text, ByteSink out) {
        if (!text.isEmpty() && goesOn(true, out)) {
            thought = null;
            Json.quote(text, out.write(begin).write(CONTENT));
            endDelta(out);
        }
    }

    void refusal(String text, ByteSink out) {
        if (!text.isEmpty() && goesOn(true, out)) {
            Json.quote(text, out.write(begin).write(REFUSAL));
            endDelta(out);
        }
    }

    /**
     * Reasoning is not part of OpenAI's chat API: {@code reasoning_content} is what DeepSeek, vLLM and most clients
     * agreed on, {@code thinking_blocks} (LiteLLM) what clients send back so that the signature survives.
     */
    void reasoning(String text, @Nullable String signature, ByteSink out) {
        if (!goesOn(false, out)) {
            return;
        }
        StringBuilder block = thought == null ? new StringBuilder() : thought;
        thought = block;
        if (!text.isEmpty()) {
            block.append(text);
            Json.quote(text, out.write(begin).write(REASONING));
            endDelta(out);
        }
        if (signature != null) {
            out.write(begin).write("\"thinking_blocks\":[{\"index\":" + blocks++);
            out.write(",\"type\":\"thinking\",\"thinking\":");
            Json.quote(block.toString(), out).write(",\"signature\":");
            Json.quote(signature, out).write("}]");
            endDelta(out);
            thought = null;
        }
    }

    void redactedReasoning(String data, ByteSink out) {
        if (goesOn(false, out)) {
            thought = null;
            out.write(begin).write("\"thinking_blocks\":[{\"index\":" + blocks++);
            out.write(",\"type\":\"redacted_thinking\",\"data\":");
            Json.quote(data, out).write("}]");
            endDelta(out);
        }
    }

    void part(ContentPart part, ByteSink out) {
        switch (part) {
            case ContentPart.Text text -> text(text.text(), out);
            case ContentPart.Image image -> {
                if (goesOn(true, out)) {
                    out.write(begin).write("\"images\":[{\"index\":" + images++ + ",");
                    Wire.imageFields(image, out);
                    out.write("}]");
                    endDelta(out);
                }
            }
            case ContentPart.Audio audio -> {
                if (goesOn(false, out)) {
                    Json.quote(audio.base64(), out.write(begin).write("\"audio\":{\"data\":"))
                            .write('}');
                    endDelta(out);
                }
            }
            case ContentPart.Document document -> other(document, out);
            case ContentPart.Opaque block -> other(block, out);
        }
    }

    private void other(ContentPart part, ByteSink out) {
        if (goesOn(true, out)) {
            out.write(begin).write("\"provider_blocks\":[{\"index\":" + others++ + ",");
            ProviderBlock.of(part).fields(out);
            out.write("}]");
            endDelta(out);
        }
    }

    void providerFields(JsonNode fields, ByteSink out) {
        if (goesOn(true, out)) {
            out.write(begin).write(DELTA_END).write(']');
            Wire.providerFields(fields, out);
            out.write(recordEnd, 1, recordEnd.length - 1);
        }
    }

    void annotation(JsonNode annotation, ByteSink out) {
        if (goesOn(true, out)) {
            // Its own index, should a host have given it one, counts something else.
            ObjectNode placed = Json.MAPPER.createObjectNode().put("index", notes);
            annotation.properties().forEach(field -> placed.set(field.getKey(), field.getValue()));
            placed.put("index", notes++);
            out.write(begin)
                    .write("\"annotations\":[")
                    .write(Json.bytes(placed))
                    .write(']');
            endDelta(out);
        }
    }

    void logprobs(JsonNode logprobs, ByteSink out) {
        if (goesOn(true, out)) {
            out.write(begin).write("},\"logprobs\":").write(Json.bytes(logprobs));
            out.write(",\"finish_reason\":null}").write(recordEnd);
        }
    }

    void callStart(ChatEvent.ToolCallStart call, ByteSink out) {
        if (!goesOn(false, out)) {
            return;
        }
        closeCall(out);
        thought = null;
        calls++;
        openCall = call.index();
        openCallIsCustom = call.custom();
        openCallHasArguments = false;
        if (!legacyFunctions) {
            out.write(begin).write("\"tool_calls\":[{\"index\":" + openCall + ",\"id\":");
            Json.quote(call.id(), out)
                    .write(
                            call.custom()
                                    ? ",\"type\":\"custom\",\"custom\":{\"name\":"
                                    : ",\"type\":\"function\",\"function\":{\"name\":");
            Json.quote(call.name(), out).write(call.custom() ? ",\"input\":\"\"}" : ",\"arguments\":\"\"}");
            Wire.signature(call.signature(), out);
            out.write("}]");
            endDelta(out);
        } else if (calls == 1) {
            Json.quote(call.name(), out.write(begin).write("\"function_call\":{\"name\":"))
                    .write(",\"arguments\":\"\"}");
            endDelta(out);
        }
    }

    void callDelta(int index, String arguments, ByteSink out) {
        if (arguments.isEmpty() || !goesOn(false, out)) {
            return;
        }
        if (index != openCall) {
            // Its arguments may be closed already; adding to them would make a call that nobody asked for.
            throw new IllegalStateException("arguments for tool call " + index + ", which is not the open one");
        }
        openCallHasArguments = true;
        if (!legacyFunctions) {
            out.write(begin).write("\"tool_calls\":[{\"index\":" + index);
            out.write(openCallIsCustom ? ",\"custom\":{\"input\":" : ",\"function\":{\"arguments\":");
            Json.quote(arguments, out).write("}}]");
            endDelta(out);
        } else if (calls == 1) {
            Json.quote(arguments, out.write(begin).write("\"function_call\":{\"arguments\":"))
                    .write('}');
            endDelta(out);
        }
    }

    void finish(FinishReason reason, @Nullable String stopSequence, ByteSink out) {
        if (!goesOn(true, out)) {
            return;
        }
        closeCall(out);
        finished = true;
        FinishReason told = Wire.finish(reason.withToolCalls(calls > 0), legacyFunctions);
        out.write(finishBegin).write(told.wire()).write('"');
        Wire.stopSequence(stopSequence, out);
        out.write('}').write(recordEnd);
    }

    /** Whether the choice still takes anything; its first chunk tells the role. */
    private boolean goesOn(boolean text, ByteSink out) {
        if (finished) {
            return false;
        }
        if (!begun) {
            begun = true;
            // As at OpenAI: a choice that opens with a call has null for content, so that a client which gathers the
            // stream gets the same message as one that asked for the whole.
            out.write(begin).write(text ? ROLE_BEFORE_TEXT : ROLE_BEFORE_OTHER);
            endDelta(out);
        }
        return true;
    }

    /** A call that got no arguments gets an empty object: "" is not JSON and breaks clients that parse it. */
    private void closeCall(ByteSink out) {
        if (openCall >= 0 && !openCallHasArguments && !openCallIsCustom) {
            callDelta(openCall, "{}", out);
        }
        openCall = -1;
    }

    private void endDelta(ByteSink out) {
        out.write(DELTA_END).write(recordEnd);
    }
}
