package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Looks at OpenAI's usage object. Pure. */
final class Tokens {
    private Tokens() {}

    /** What is wrong with it; null: nothing. */
    static @Nullable String problem(JsonNode usage) {
        long sum = 0;
        for (String name : new String[] {"prompt_tokens", "completion_tokens"}) {
            JsonNode count = usage.path(name);
            if (!count.isIntegralNumber() || count.asLong() < 0) {
                return name + " is no count in " + Answer.cut(usage.toString());
            }
            sum += count.asLong();
        }
        JsonNode total = usage.path("total_tokens");
        return total.isIntegralNumber() && total.asLong() == sum
                ? null
                : "total_tokens is not the sum in " + Answer.cut(usage.toString());
    }
}
