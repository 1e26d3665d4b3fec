package dev.mehari.dialect.responses;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent.Frame;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.RateLimited;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.chat.WholeEncoder.Whole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stream of a provider that speaks this very API, on its way to the client as it came. Remembers, as bytes, what it
 * takes to end the stream should the provider not do so, and to tell the whole answer. One instance a stream; not
 * thread-safe.
 */
final class PassedEvents {
    private static final Set<String> LAST =
            Set.of("response.completed", "response.incomplete", "response.failed", "error");

    private final List<byte[]> itemsDone = new ArrayList<>(4);
    private byte @Nullable [] begun;
    private byte @Nullable [] latest;
    private byte @Nullable [] last;
    private boolean over;

    void pass(Frame frame, ByteSink out) {
        String name = frame.name();
        if (name != null) {
            out.write("event: ").write(name).write('\n');
            note(name, frame.bytes());
        }
        latest = frame.bytes();
        out.write("data: ").write(frame.bytes()).write("\n\n");
    }

    private void note(String name, byte[] json) {
        if (name.equals("response.output_item.done")) {
            itemsDone.add(json);
        } else if (name.startsWith("response.") && name.indexOf('.', 9) < 0 || name.equals("error")) {
            // created, queued, in_progress and the ends: each holds the whole Response object but error.
            over = LAST.contains(name);
            if (!over) {
                begun = json;
            } else if (!name.equals("error")) {
                last = json;
            }
        }
    }

    /** Whether the provider has ended it. */
    boolean isOver() {
        return over;
    }

    /** The whole answer, once the provider has told it. */
    @Nullable
    Whole whole() {
        byte[] event = last;
        return event == null ? null : response(event);
    }

    private static @Nullable Whole response(byte[] event) {
        JsonObject object = JsonObject.of(event);
        Field field = object.field("response");
        if (field == null) {
            return null;
        }
        byte[] json = Arrays.copyOfRange(event, field.valueStart(), field.end());
        String id = id(json);
        return id == null ? null : new Whole(id, json);
    }

    /** Stands near the beginning: the rest is not read. */
    private static @Nullable String id(byte[] response) {
        try (JsonParser parser = Json.FACTORY.createParser(response)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean found = parser.currentName().equals("id");
                if (parser.nextToken() == JsonToken.VALUE_STRING && found) {
                    return parser.getText();
                }
                parser.skipChildren();
            }
            return null;
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    /** The answer as far as it came; null when it had not begun. One in the background goes on, whoever reads it. */
    @Nullable
    Whole soFar(String status, @Nullable GatewayException reason) {
        Whole known = begun == null ? null : response(begun);
        if (known == null || !(Json.tree(known.json()) instanceof ObjectNode response)) {
            return null;
        }
        if (runsOn(response)) {
            return known;
        }
        ArrayNode output = response.put("status", status).putArray("output");
        for (byte[] event : itemsDone) {
            output.add(Json.tree(event).path("item"));
        }
        if (reason != null) {
            response.putObject("error")
                    .put("code", reason instanceof RateLimited ? "rate_limit_exceeded" : "server_error")
                    .put("message", reason.text());
        }
        return new Whole(known.id(), Json.bytes(response));
    }

    private static boolean runsOn(JsonNode response) {
        return response.path("background").asBoolean();
    }

    /** Ends the stream in the provider's place. */
    @Nullable
    Whole fail(GatewayException reason, ByteSink out) {
        over = true;
        Whole failed = soFar("failed", reason);
        JsonNode before = latest == null ? Json.MAPPER.nullNode() : Json.tree(latest);
        EventWriter events = new EventWriter(before.path("sequence_number").asInt(-1) + 1);
        if (failed == null || runsOn(Json.tree(failed.json()))) {
            ResponsesErrors.write(reason, events, out);
            return failed;
        }
        events.begin("response.failed", out).write(",\"response\":").write(failed.json());
        events.end(out);
        return failed;
    }
}
