package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonObject.Field;
import dev.mehari.provider.Ask;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What must be changed in every chunk of one stream: the id when the provider's is missing or not unique, the model when
 * the client knows it by another name, and usage, which only its own last chunk may carry. Most chunks of most streams
 * need nothing. Immutable.
 */
final class ChunkEdit {
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = "[]".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNK = "\"chat.completion.chunk\"".getBytes(StandardCharsets.US_ASCII);

    private final String id;
    private final byte[] quotedId;
    private final @Nullable String theirModel;
    private final byte[] quotedModel;
    private final byte[] created;
    private final boolean wantsUsage;

    private ChunkEdit(String id, @Nullable String theirModel, String model, byte[] created, boolean wantsUsage) {
        this.id = id;
        this.quotedId = Json.quote(id);
        this.theirModel = theirModel;
        this.quotedModel = Json.quote(model);
        this.created = created;
        this.wantsUsage = wantsUsage;
    }

    /** Decides by the stream's first chunk. */
    static ChunkEdit begin(Ask ask, OpenAiChunk first) {
        String theirId = first.id();
        String theirModel = first.model();
        boolean keepsId = theirId != null
                && !theirId.isEmpty()
                && !ask.provider().quirks().ownIds();
        boolean keepsModel =
                theirModel != null && !theirModel.isEmpty() && ask.alias().equals(ask.model());
        Field created = first.object().field("created");
        boolean keepsTime = created != null && created.kind() == JsonToken.VALUE_NUMBER_INT && !isZero(first, created);
        return new ChunkEdit(
                keepsId && theirId != null ? theirId : ask.answerId(),
                keepsModel ? theirModel : null,
                keepsModel && theirModel != null ? theirModel : ask.alias(),
                keepsTime && created != null ? value(first, created) : OpenAiStream.seconds(first.object(), created),
                ask.request().includeUsage());
    }

    /** The chunk as the client should see it; the same array when nothing is to be changed. */
    byte[] apply(OpenAiChunk chunk) {
        return needsNothing(chunk) ? chunk.object().bytes() : rewrite(chunk, NULL);
    }

    /** A chunk without choices that carries usage, as the client should see it. */
    byte[] withUsage(OpenAiChunk chunk) {
        Field usage = usageField(chunk.object());
        boolean inPlace = wantsUsage && usage != null && usage.kind() == JsonToken.START_OBJECT;
        return inPlace && headFits(chunk) ? chunk.object().bytes() : rewrite(chunk, chunk.usageJson());
    }

    private boolean needsNothing(OpenAiChunk chunk) {
        Field usage = usageField(chunk.object());
        boolean usageFits = wantsUsage ? usage != null && usage.kind() == JsonToken.VALUE_NULL : usage == null;
        return usageFits && headFits(chunk);
    }

    private boolean headFits(OpenAiChunk chunk) {
        Field time = chunk.object().field("created");
        return id.equals(chunk.id())
                && theirModel != null
                && theirModel.equals(chunk.model())
                && time != null
                && Arrays.equals(chunk.object().bytes(), time.valueStart(), time.end(), created, 0, created.length);
    }

    private byte[] rewrite(OpenAiChunk chunk, byte @Nullable [] usage) {
        JsonObject object = chunk.object();
        ByteSink out = new ByteSink(object.bytes().length + 96);
        JsonObject.Copy copy = new JsonObject.Copy(out);
        copy.put("id", quotedId);
        for (Field field : object.fields()) {
            switch (field.name()) {
                case "id", "model", "created", "usage" -> {}
                default -> copy.keep(object, field);
            }
        }
        copy.put("created", created).put("model", quotedModel);
        if (wantsUsage && usage != null) {
            copy.put("usage", usage);
        }
        copy.end();
        return out.take();
    }

    /** A last chunk made by us, for providers that tell usage elsewhere. */
    byte[] usageOnly(byte[] usage) {
        return made(NONE, usage);
    }

    /** A chunk made by us that gives a tool call the arguments {@code {}}. */
    byte[] emptyArguments(int choice, int call) {
        String choices = "[{\"index\":" + choice + ",\"delta\":{\"tool_calls\":[{\"index\":" + call
                + ",\"function\":{\"arguments\":\"{}\"}}]},\"finish_reason\":null}]";
        return made(choices.getBytes(StandardCharsets.US_ASCII), NULL);
    }

    /** A chunk made by us that ends a choice. */
    byte[] finish(int choice, FinishReason reason) {
        String choices = "[{\"index\":" + choice + ",\"delta\":{},\"finish_reason\":\"" + reason.wire() + "\"}]";
        return made(choices.getBytes(StandardCharsets.US_ASCII), NULL);
    }

    private byte[] made(byte[] choices, byte[] usage) {
        ByteSink out = new ByteSink(choices.length + usage.length + 160);
        JsonObject.Copy copy = new JsonObject.Copy(out)
                .put("id", quotedId)
                .put("object", CHUNK)
                .put("created", created)
                .put("model", quotedModel)
                .put("choices", choices);
        if (wantsUsage || usage != NULL) {
            copy.put("usage", usage);
        }
        copy.end();
        return out.take();
    }

    private static @Nullable Field usageField(JsonObject object) {
        for (Field field : object.fields()) {
            if (field.name().equals("usage")) {
                return field;
            }
        }
        return null;
    }

    /** The chunk with one more field at its end. */
    static byte[] with(byte[] chunk, byte[] field) {
        int end = chunk.length - 1;
        while (chunk[end] != '}') {
            end--;
        }
        ByteSink out = new ByteSink(end + field.length + 2);
        return out.write(chunk, 0, end).write(',').write(field).write('}').take();
    }

    private static boolean isZero(OpenAiChunk chunk, Field created) {
        return chunk.object().bytes()[created.valueStart()] == '0';
    }

    private static byte[] value(OpenAiChunk chunk, Field field) {
        return Arrays.copyOfRange(chunk.object().bytes(), field.valueStart(), field.end());
    }
}
