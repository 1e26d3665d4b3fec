package dev.mehari.usage.metrics;

import java.time.Duration;
import java.util.Arrays;

/**
 * Names of OpenTelemetry's semantic conventions for generative AI, v1.41, all in one place: they are about to change. Dots
 * become underscores for Prometheus.
 */
public final class GenAiNames {
    static final String TOKEN_USAGE = "gen_ai.client.token.usage";
    static final String CLIENT_DURATION = "gen_ai.client.operation.duration";
    static final String SERVER_DURATION = "gen_ai.server.request.duration";
    static final String TIME_TO_FIRST_TOKEN = "gen_ai.server.time_to_first_token";
    static final String TIME_PER_OUTPUT_TOKEN = "gen_ai.server.time_per_output_token";
    static final String OPERATION = "gen_ai.operation.name";
    static final String PROVIDER = "gen_ai.provider.name";
    static final String REQUEST_MODEL = "gen_ai.request.model";
    static final String TOKEN_TYPE = "gen_ai.token.type";
    static final String ERROR_TYPE = "error.type";

    private GenAiNames() {}

    /**
     * What the conventions call a provider, in metrics and in traces.
     *
     * @param protocol that it speaks
     * @param name of ours, which tells hosts of OpenAI's protocol apart
     */
    public static String provider(String protocol, String name) {
        return switch (protocol) {
            case "azure" -> "azure.ai.openai";
            case "bedrock", "bedrock-agent" -> "aws.bedrock";
            case "gemini" -> "gcp.gemini";
            case "vertex" -> "gcp.vertex_ai";
            case "openai" ->
                switch (name) {
                    case "mistral" -> "mistral_ai";
                    case "xai" -> "x_ai";
                    case "moonshot" -> "moonshot_ai";
                    default -> name;
                };
            default -> protocol;
        };
    }

    static Duration[] durations(double... seconds) {
        return Arrays.stream(seconds)
                .mapToObj(second -> Duration.ofNanos(Math.round(second * 1e9)))
                .toArray(Duration[]::new);
    }
}
