package dev.mehari.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;

/** From {@code logprobsResult} to OpenAI's {@code logprobs}: {@code {"content":[…]}}. */
final class GeminiLogprobs {
    private GeminiLogprobs() {}

    static JsonNode read(JsonNode result) {
        ObjectNode logprobs = Json.MAPPER.createObjectNode();
        ArrayNode content = logprobs.putArray("content");
        JsonNode chosen = result.path("chosenCandidates");
        for (int i = 0; i < chosen.size(); i++) {
            ArrayNode top = content.addObject().setAll(token(chosen.path(i))).withArray("/top_logprobs");
            result.path("topCandidates").path(i).path("candidates").forEach(other -> top.add(token(other)));
        }
        logprobs.putNull("refusal");
        return logprobs;
    }

    private static ObjectNode token(JsonNode candidate) {
        ObjectNode token = Json.MAPPER.createObjectNode();
        token.set("token", candidate.path("token"));
        token.set("logprob", candidate.path("logProbability"));
        // Google does not tell them.
        token.putNull("bytes");
        return token;
    }
}
