package dev.mehari.dialect.chat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.ParamType;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Chat Completions request in a single pass: checks what can be checked without knowing the model, and notes
 * what the routes decide on. One instance a request; not thread-safe.
 */
final class ChatFacts {
    private final MessagesCheck messages = new MessagesCheck();
    private @Nullable String model;
    private @Nullable String provider;
    private @Nullable Long maxTokens;
    private @Nullable Long maxCompletionTokens;
    private boolean stream;
    private boolean includeUsage;
    private boolean hasTools;
    private boolean usesFunctions;
    private boolean sawMessages;

    private ChatFacts() {}

    /**
     * @throws InvalidRequest the body is no JSON object, or a field has the wrong type; names it
     */
    static RequestFacts read(byte[] body, boolean forceStream) {
        byte[] bytes = withoutMark(body);
        ChatFacts facts = new ChatFacts();
        JsonObject raw = facts.scan(bytes);
        if (!facts.sawMessages) {
            throw new InvalidRequest("missing_required_parameter", "messages", "messages is missing: send a list");
        }
        return new RequestFacts(
                raw,
                facts.model,
                facts.provider,
                facts.stream || forceStream,
                facts.includeUsage,
                facts.maxCompletionTokens == null ? facts.maxTokens : facts.maxCompletionTokens,
                facts.messages.chars(),
                facts.hasTools,
                facts.usesFunctions,
                () -> ChatRequestReader.read(bytes));
    }

    private JsonObject scan(byte[] bytes) {
        try (JsonParser parser = Json.FACTORY.createParser(bytes)) {
            JsonObject object = JsonObject.read(bytes, parser, this::field);
            if (parser.nextToken() != null) {
                throw notJson("there is more after the object", parser);
            }
            return object;
        } catch (JsonObject.NotAnObject other) {
            throw new InvalidRequest(null, "the request body must be a JSON object");
        } catch (JacksonException broken) {
            throw notJson(broken);
        } catch (IOException impossible) {
            throw new InvalidRequest(null, "the request body could not be read");
        }
    }

    private void field(String name, JsonParser value) throws IOException {
        ParamType.check(ChatParams.TYPES, name, value.currentToken(), value);
        if (value.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        switch (name) {
            case "model" -> model = value.getText();
            case "provider" -> provider = value.currentToken() == JsonToken.VALUE_STRING ? value.getText() : null;
            case "max_tokens" -> maxTokens = value.getValueAsLong();
            case "max_completion_tokens" -> maxCompletionTokens = value.getValueAsLong();
            case "stream" -> stream = value.getBooleanValue();
            case "stream_options" -> includeUsage = wantsUsage(value);
            case "messages" -> {
                sawMessages = true;
                messages.read(value);
            }
            case "tools" -> hasTools = value.nextToken() != JsonToken.END_ARRAY;
            case "functions" -> {
                usesFunctions = true;
                hasTools |= value.nextToken() != JsonToken.END_ARRAY;
            }
            case "function_call" -> usesFunctions = true;
            default -> {}
        }
    }

    private static boolean wantsUsage(JsonParser options) throws IOException {
        boolean wanted = false;
        while (options.nextToken() == JsonToken.FIELD_NAME) {
            boolean named = options.currentName().equals("include_usage");
            JsonToken value = options.nextToken();
            if (named && value != JsonToken.VALUE_NULL && !value.isBoolean()) {
                throw new InvalidRequest(
                        "invalid_type",
                        "stream_options.include_usage",
                        "stream_options.include_usage must be a boolean");
            }
            if (named) {
                wanted = value == JsonToken.VALUE_TRUE;
            }
            options.skipChildren();
        }
        return wanted;
    }

    /** A byte order mark is dropped; UTF-16 and UTF-32 are refused, as offsets into them would be wrong. */
    private static byte[] withoutMark(byte[] body) {
        if (body.length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF) {
            return Arrays.copyOfRange(body, 3, body.length);
        }
        if (body.length >= 2 && (body[0] == 0 || body[1] == 0 || (body[0] & 0xFE) == 0xFE)) {
            throw new InvalidRequest(null, "the request body must be UTF-8");
        }
        if (body.length == 0) {
            throw new InvalidRequest(null, "the request body is empty: send a JSON object");
        }
        return body;
    }

    private static InvalidRequest notJson(JacksonException broken) {
        if (broken instanceof StreamConstraintsException) {
            // Thrown without a location, and its own words speak of Java classes.
            return new InvalidRequest(
                    null,
                    "the request body goes beyond what JSON is read: nesting of 1000, numbers of 1000 digits, strings of"
                            + " 256 MiB, names of 50000 characters");
        }
        return new InvalidRequest(
                null,
                "the request body is not valid JSON: " + what(broken) + " (line "
                        + broken.getLocation().getLineNr() + ", column "
                        + broken.getLocation().getColumnNr() + ")");
    }

    private static String what(JacksonException broken) {
        return broken instanceof JsonEOFException
                ? "it ends early"
                : broken.getOriginalMessage().lines().findFirst().orElse("");
    }

    private static InvalidRequest notJson(String what, JsonParser at) {
        return new InvalidRequest(
                null,
                "the request body is not valid JSON: " + what + " (line "
                        + at.currentLocation().getLineNr() + ", column "
                        + at.currentLocation().getColumnNr() + ")");
    }
}
