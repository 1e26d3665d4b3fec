package dev.mehari.provider.gemini;

import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ChatRequest.Sampling;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ResponseFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes {@code generationConfig}: how the answer is drawn, what form it has, how much is thought. One instance a request. */
final class GeminiTuning {
    private static final int MOST_STOPS = 5;

    private final JsonWriter json;
    private final ChatRequest request;
    private final GeminiPlatform platform;
    private final GeminiModel model;
    private final String provider;
    private final Set<String> dropped;

    /** @param dropped gets what the model does not take */
    GeminiTuning(
            JsonWriter json,
            ChatRequest request,
            GeminiPlatform platform,
            GeminiModel model,
            String provider,
            Set<String> dropped) {
        this.json = json;
        this.request = request;
        this.platform = platform;
        this.model = model;
        this.provider = provider;
        this.dropped = dropped;
    }

    /** @throws InvalidRequest more than the provider can do */
    void write(GoogleExtras extras) {
        json.name("generationConfig").object();
        writeSampling(request.sampling());
        writePenalties(request.sampling());
        writeFormat();
        List<String> modalities = request.output().modalities();
        if (!modalities.isEmpty()) {
            json.name("responseModalities").list();
            modalities.forEach(modality -> json.text(modality.toUpperCase(Locale.ROOT)));
            json.endList();
        }
        if (!GeminiThinking.write(json, request.reasoning(), extras.thinking(), model)) {
            dropped.add(
                    request.reasoning().effort() == null
                            ? RequestField.THINKING.title()
                            : RequestField.REASONING_EFFORT.title());
        }
        json.endObject();
    }

    private void writeSampling(Sampling sampling) {
        number("maxOutputTokens", sampling.maxTokens());
        number("temperature", sampling.temperature());
        number("topP", sampling.topP());
        number("topK", sampling.topK());
        number("seed", seed(sampling.seed()));
        List<String> stops = sampling.stop();
        if (stops.size() > MOST_STOPS) {
            throw refused("stop", "provider \"" + provider + "\" takes " + MOST_STOPS + " stop sequences at most");
        }
        if (!stops.isEmpty()) {
            json.name("stopSequences").list();
            stops.forEach(json::text);
            json.endList();
        }
        Integer choices = sampling.n();
        if (choices != null && choices > 1) {
            if (request.delivery().stream()) {
                throw refused("n", "n must be 1 in a stream: provider \"" + provider + "\" streams one choice only");
            }
            number("candidateCount", choices);
        }
        if (platform == GeminiPlatform.VERTEX && Boolean.TRUE.equals(sampling.logprobs())) {
            json.name("responseLogprobs").bool(true);
            Integer top = sampling.topLogprobs();
            number("logprobs", top == null || top == 0 ? null : top);
        }
    }

    /** Google's is of 32 bits. */
    private static @Nullable Integer seed(@Nullable Long seed) {
        return seed == null ? null : (Integer) (int) (seed == seed.intValue() ? seed : Long.hashCode(seed));
    }

    private void writePenalties(Sampling sampling) {
        boolean refused = platform == GeminiPlatform.AI_STUDIO && model.generation() == 2.5;
        writePenalty("presencePenalty", sampling.presencePenalty(), refused, RequestField.PRESENCE_PENALTY);
        writePenalty("frequencyPenalty", sampling.frequencyPenalty(), refused, RequestField.FREQUENCY_PENALTY);
    }

    private void writePenalty(String name, @Nullable Double value, boolean refused, RequestField field) {
        if (!refused) {
            number(name, value);
        } else if (value != null && value != 0) {
            dropped.add(field.title());
        }
    }

    private void writeFormat() {
        if (formatInWords() != null) {
            // Said, but not enforced.
            dropped.add("response_format");
            return;
        }
        switch (request.output().format()) {
            case null -> {}
            case ResponseFormat.Text text -> {}
            case ResponseFormat.JsonObject object -> json.field("responseMimeType", "application/json");
            case ResponseFormat.JsonSchema schema -> {
                json.field("responseMimeType", "application/json");
                writeSchema(schema);
            }
        }
    }

    private void writeSchema(ResponseFormat.JsonSchema format) {
        if (!model.since(2.5)) {
            json.name("responseSchema").tree(OpenApiSchema.of(format.described()));
            return;
        }
        GeminiSchema schema = new GeminiSchema();
        json.name("responseJsonSchema").tree(schema.supported(format.described()));
        schema.lost().forEach(keyword -> dropped.add("response_format.json_schema.schema." + keyword));
    }

    /** Before Gemini 3 a form goes with no functions: then the model is told of it in words. */
    @Nullable
    String formatInWords() {
        if (model.since(3) || request.tooling().tools().isEmpty()) {
            return null;
        }
        return switch (request.output().format()) {
            case null -> null;
            case ResponseFormat.Text text -> null;
            case ResponseFormat.JsonObject object -> "Answer with one JSON object.";
            case ResponseFormat.JsonSchema schema ->
                "Answer with one JSON value that conforms to this JSON schema: " + Json.text(schema.described());
        };
    }

    private void number(String name, @Nullable Number value) {
        if (value != null) {
            json.name(name).raw(value.toString());
        }
    }

    private static InvalidRequest refused(String param, String message) {
        return new InvalidRequest("unsupported_value", param, message);
    }
}
