package dev.mehari.provider.bedrockagent;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Adds up what the traces of one answer tell of tokens: one count a model call, under
 * {@code modelInvocationOutput.metadata.usage}. Traces hold whole prompts, so they are read without a tree.
 */
final class BedrockAgentUsage {
    private @Nullable Long input;
    private @Nullable Long output;

    /** @throws IOException the trace is no JSON */
    void read(byte[] json, int offset, int length) throws IOException {
        try (JsonParser parser = Json.FACTORY.createParser(json, offset, length)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && parser.currentName().equals("usage")) {
                    take(parser);
                }
            }
        }
    }

    private void take(JsonParser parser) throws IOException {
        boolean within =
                "metadata".equals(parser.getParsingContext().getParent().getCurrentName());
        if (parser.nextToken() != JsonToken.START_OBJECT || !within) {
            return;
        }
        JsonNode usage = Json.tree(parser);
        input = sum(input, usage.path("inputTokens"));
        output = sum(output, usage.path("outputTokens"));
    }

    private static @Nullable Long sum(@Nullable Long sum, JsonNode count) {
        return count.isIntegralNumber() && count.longValue() >= 0
                ? (Long) ((sum == null ? 0 : sum) + count.longValue())
                : sum;
    }

    /** Null when no trace told anything. */
    @Nullable
    Usage total() {
        return input == null && output == null ? null : Usage.of(input, output);
    }
}
