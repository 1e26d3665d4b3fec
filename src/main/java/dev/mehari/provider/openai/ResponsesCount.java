package dev.mehari.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.provider.Ask;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Set;

/**
 * Asks how many tokens a request has: {@code /responses/input_tokens}. Source: OpenAI API reference, Get input token
 * counts, read 2026-11-21. Stateless and thread-safe.
 */
final class ResponsesCount {
    /** What of a request it takes. */
    private static final Set<String> FIELDS = Set.of(
            "model",
            "input",
            "instructions",
            "conversation",
            "previous_response_id",
            "parallel_tool_calls",
            "reasoning",
            "text",
            "tool_choice",
            "tools",
            "truncation");

    private ResponsesCount() {}

    static String path(OpenAiPlace place) {
        String path = String.valueOf(place.responsesPath());
        int query = path.indexOf('?');
        return query < 0 ? path + "/input_tokens" : path.substring(0, query) + "/input_tokens" + path.substring(query);
    }

    static byte[] encode(Ask ask, String model) {
        byte[] request = ResponsesRequest.encode(ask, model, new ArrayList<>(0));
        JsonObject object = JsonObject.of(request);
        ByteSink out = new ByteSink(request.length);
        JsonObject.Copy copy = new JsonObject.Copy(out);
        for (JsonObject.Field field : object.fields()) {
            if (FIELDS.contains(field.name())) {
                copy.keep(object, field);
            }
        }
        copy.end();
        return out.take();
    }

    /** @throws UpstreamProtocol there is no count in it */
    static long tokens(Ask ask, byte[] answer) {
        try {
            JsonNode count = Json.MAPPER.readTree(answer).path("input_tokens");
            if (count.canConvertToLong()) {
                return count.longValue();
            }
        } catch (IOException notJson) {
            // Told below.
        }
        throw new UpstreamProtocol("provider \"" + ask.provider().name() + "\" answered without a token count");
    }
}
