package dev.mehari.price;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import dev.mehari.chat.History;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reckons how many tokens a request's prompt has, to reserve them. Text of OpenAI's models is counted with their own
 * encodings, of long prompts a sample of which the rest is taken to be like; other models' text has a token for every four
 * characters. Besides: four for each message, 1,500 for a picture. Thread-safe.
 */
public final class PromptTokens {
    private static final int CHARS_A_TOKEN = 4;
    private static final int TOKENS_A_MESSAGE = 4;
    private static final int TOKENS_A_PICTURE = 1500;

    /** Counting takes about 100 ns a character; this keeps it below a millisecond. */
    private static final int SAMPLE = 4096;

    private static final List<String> PROMPT =
            List.of("messages", "system", "input", "instructions", "prompt", "tools", "functions");

    /** What holds no text for the model. */
    private static final Set<String> SHAPE =
            Set.of("type", "role", "id", "tool_call_id", "call_id", "tool_use_id", "detail", "media_type", "signature");

    private static final Set<String> PICTURES =
            Set.of("image_url", "input_image", "image", "file", "file_data", "input_audio", "source");

    private static final EncodingRegistry REGISTRY = Encodings.newLazyEncodingRegistry();
    private static final AtomicReference<@Nullable Encoding> NEW = new AtomicReference<>();
    private static final AtomicReference<@Nullable Encoding> OLD = new AtomicReference<>();

    private final StringBuilder sample = new StringBuilder();
    private long chars;
    private long tokens;

    private PromptTokens() {}

    /** @param model as the provider names it */
    public static long of(RequestFacts request, String model) {
        PromptTokens count = new PromptTokens();
        for (String name : PROMPT) {
            JsonObject.Field field = request.raw().field(name);
            if (field != null) {
                count.read(request.raw(), field);
            }
        }
        History history = request.history();
        // A conversation that its provider keeps is not even read here.
        if (history != null && history.keeper() == null) {
            history.items().forEach(count::read);
        }
        return count.tokens(slot(model));
    }

    /** Of which family its encoding is; null: of another maker's, or not known. */
    private static @Nullable AtomicReference<@Nullable Encoding> slot(String model) {
        boolean o = model.length() > 1 && model.charAt(0) == 'o' && Character.isDigit(model.charAt(1));
        if (o
                || model.startsWith("gpt-4o")
                || model.startsWith("gpt-4.")
                || model.startsWith("gpt-5")
                || model.startsWith("chatgpt-4o")) {
            return NEW;
        }
        boolean old = model.startsWith("gpt-4") || model.startsWith("gpt-3.5") || model.startsWith("text-embedding-");
        return old ? OLD : null;
    }

    private void read(JsonObject request, JsonObject.Field field) {
        try (JsonParser parser = request.parser(field)) {
            parser.nextToken();
            value(parser, field.name());
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    private void read(JsonNode item) {
        try (JsonParser parser = item.traverse()) {
            parser.nextToken();
            value(parser, "input");
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    /** @param name of the field that holds it */
    private void value(JsonParser parser, String name) throws IOException {
        switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    value(parser, name);
                }
            }
            case VALUE_STRING -> {
                if (!SHAPE.contains(name)) {
                    text(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
                }
            }
            case VALUE_NUMBER_INT -> {
                // Text for embeddings that its client has made tokens of.
                if (name.equals("input")) {
                    tokens++;
                }
            }
            default -> {}
        }
    }

    private void object(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (name.equals("role")) {
                tokens += TOKENS_A_MESSAGE;
            }
            if (PICTURES.contains(name)) {
                tokens += TOKENS_A_PICTURE;
                parser.skipChildren();
            } else if (token != null) {
                value(parser, name);
            }
        }
    }

    private void text(char[] from, int offset, int length) {
        chars += length;
        int room = Math.min(length, SAMPLE - sample.length());
        if (room > 0) {
            sample.append(from, offset, room);
        }
    }

    private long tokens(@Nullable AtomicReference<@Nullable Encoding> slot) {
        Encoding encoding = slot == null ? null : slot.get();
        if (slot != null && encoding == null) {
            // Reading its tables takes a fifth of a second, which no call should wait for.
            Thread.ofVirtual().name("token-tables").start(() -> load(slot));
        }
        if (encoding == null) {
            return tokens + chars / CHARS_A_TOKEN + 1;
        }
        if (sample.isEmpty()) {
            return Math.max(1, tokens);
        }
        long counted = encoding.countTokensOrdinary(sample.toString());
        return tokens + Math.ceilDiv(counted * chars, (long) sample.length());
    }

    private static void load(AtomicReference<@Nullable Encoding> slot) {
        synchronized (slot) {
            if (slot.get() == null) {
                slot.set(REGISTRY.getEncoding(slot == NEW ? EncodingType.O200K_BASE : EncodingType.CL100K_BASE));
            }
        }
    }
}
