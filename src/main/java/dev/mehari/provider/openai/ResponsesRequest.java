package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSearch;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.History;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.chat.ReasoningMark;
import dev.mehari.chat.RequestField;
import dev.mehari.config.ProviderSettings.Responses;
import dev.mehari.provider.Ask;
import dev.mehari.provider.NeverSent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The request of a client that speaks the Responses API to a host that does too: its bytes, but for the model's name and
 * what is never sent. A conversation that this host does not keep goes before the input. One instance a request.
 */
final class ResponsesRequest {
    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REFERENCE = "\"item_reference\"".getBytes(StandardCharsets.US_ASCII);

    private final Ask ask;
    private final JsonObject raw;
    private final Responses settings;
    private final List<String> dropped;
    private final JsonObject.Copy copy;
    private final ByteSink out;
    private final @Nullable History resent;

    private ResponsesRequest(Ask ask, List<String> dropped) {
        this.ask = ask;
        this.raw = ask.request().raw();
        this.settings = ask.provider().settings().responses();
        this.dropped = dropped;
        this.out = new ByteSink(raw.bytes().length + 64);
        this.copy = new JsonObject.Copy(out);
        this.resent = resent(ask);
    }

    /** The conversation that must be sent along, as this host has not kept it; null: none. */
    static @Nullable History resent(Ask ask) {
        History history = ask.request().history();
        return history == null || ask.provider().name().equals(history.keeper()) ? null : history;
    }

    /**
     * The upstream's request.
     *
     * @param model as the host names it
     * @param dropped gets the fields that it does not take
     * @throws InvalidRequest it keeps no state, and the client asks for some
     */
    static byte[] encode(Ask ask, String model, List<String> dropped) {
        return new ResponsesRequest(ask, dropped).encode(model);
    }

    private byte[] encode(String model) {
        copy.put("model", Json.quote(model));
        for (Field field : raw.fields()) {
            if (!NeverSent.isOne(field.name())) {
                write(field);
            }
        }
        if (ask.stream() && !raw.has("stream")) {
            copy.put("stream", TRUE);
        }
        if (resent != null && !raw.has("input")) {
            copy.put("input", input(null));
        }
        copy.end();
        return out.take();
    }

    private void write(Field field) {
        switch (field.name()) {
            case "model" -> {}
            case "provider" -> {
                // A string chose our provider; an object is OpenRouter's own.
                if (field.kind() == JsonToken.START_OBJECT) {
                    copy.keep(raw, field);
                }
            }
            case "stream" -> {
                if (ask.stream()) {
                    copy.put("stream", TRUE);
                } else {
                    copy.keep(raw, field);
                }
            }
            case "input" -> {
                if (passes(field)) {
                    copy.keep(raw, field);
                } else {
                    copy.put("input", input(field));
                }
            }
            case "store" -> {
                // A host that keeps nothing may refuse to be asked; the gateway keeps it instead.
                if (settings.state()) {
                    copy.keep(raw, field);
                }
            }
            case "previous_response_id" -> {
                if (resent == null) {
                    copy.keep(raw, field);
                }
            }
            case "conversation", "background" -> state(field);
            default -> byName(field);
        }
    }

    private void state(Field field) {
        if (settings.state()) {
            copy.keep(raw, field);
        } else if (field.kind() != JsonToken.VALUE_NULL && field.kind() != JsonToken.VALUE_FALSE) {
            throw OpenAiTuning.unsupported(
                    field.name(),
                    field.name() + " is not supported by provider \""
                            + ask.provider().name() + "\", which keeps no responses");
        }
    }

    private void byName(Field field) {
        if (!settings.dropParams().contains(field.name())) {
            copy.keep(raw, field);
        } else if (field.kind() != JsonToken.VALUE_NULL) {
            dropped.add(field.name());
        }
    }

    /** Whether the input can go as it is: nothing before it, and nothing in it that only the gateway understands. */
    private boolean passes(Field field) {
        int start = field.valueStart();
        boolean refers = resent != null && ByteSearch.indexOf(raw.bytes(), REFERENCE, start, field.end()) >= 0;
        return (resent == null || resent.turns().get().isEmpty())
                && !refers
                && !ReasoningMark.isIn(raw.bytes(), start, field.end());
    }

    /** The conversation so far and the new input as one list of items. */
    private byte[] input(@Nullable Field field) {
        ByteSink items = new ByteSink(raw.bytes().length * 2);
        items.write('[');
        if (resent != null) {
            for (History.Turn turn : resent.turns().get()) {
                boolean own = ask.provider().name().equals(turn.maker());
                turn.items().forEach(item -> add(item, own, items));
            }
        }
        if (field != null && field.kind() == JsonToken.VALUE_STRING) {
            byte[] text = Arrays.copyOfRange(raw.bytes(), field.valueStart(), field.end());
            comma(items).write("{\"role\":\"user\",\"content\":").write(text).write('}');
        } else if (field != null) {
            raw.tree(field).forEach(item -> addNew(item, items));
        }
        return items.write(']').toByteArray();
    }

    /** An item of another maker's: its id means nothing here, and its reasoning cannot be read. */
    private void add(JsonNode item, boolean own, ByteSink items) {
        boolean reasoning = item.path("type").asText().equals("reasoning");
        if (own) {
            comma(items).write(Json.bytes(item));
        } else if (reasoning) {
            leaveOut();
        } else {
            JsonNode plain =
                    item instanceof ObjectNode object ? object.deepCopy().without("id") : item;
            comma(items).write(Json.bytes(plain));
        }
    }

    private void addNew(JsonNode item, ByteSink items) {
        boolean refers = item.path("type").asText().equals("item_reference");
        JsonNode known = resent == null || !refers
                ? null
                : resent.stored().get(item.path("id").asText());
        if (known != null) {
            add(known, false, items);
        } else if (item.path("encrypted_content").asText().startsWith(ReasoningMark.TEXT)) {
            leaveOut();
        } else {
            comma(items).write(Json.bytes(item));
        }
    }

    private void leaveOut() {
        String title = RequestField.REASONING_HISTORY.title();
        if (!dropped.contains(title)) {
            dropped.add(title);
        }
    }

    private static ByteSink comma(ByteSink items) {
        return items.length() > 1 ? items.write(',') : items;
    }
}
