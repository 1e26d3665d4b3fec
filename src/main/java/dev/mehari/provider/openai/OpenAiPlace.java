package dev.mehari.provider.openai;

import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import org.jspecify.annotations.Nullable;

/**
 * Where a call goes at a host of OpenAI's API, and what the model is called there.
 *
 * @param path below the base, with any query
 * @param model as the host names it
 * @param family which of OpenAI's models that is, by whose rules the request goes
 * @param streamOptions whether a stream may be asked for usage
 * @param responsesPath of the Responses API; null: it has none
 */
public record OpenAiPlace(
        String path,
        String model,
        String family,
        boolean streamOptions,
        @Nullable String responsesPath) {
    /** Where most hosts have it. */
    static OpenAiPlace usual(Ask ask) {
        return new OpenAiPlace(
                ask.provider().chatPath(), ask.model(), ask.model(), true, responsesPath(ask.provider()));
    }

    /** Where the settings have it. */
    static @Nullable String responsesPath(Provider provider) {
        String path = provider.settings().responses().path();
        return path == null || path.isBlank() ? null : path;
    }
}
