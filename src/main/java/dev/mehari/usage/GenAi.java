package dev.mehari.usage;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.mehari.chat.UsageDetail;
import io.opentelemetry.api.common.AttributeKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Names of OpenTelemetry's conventions for generative AI as of v1.41, of metrics and of spans, which is what backends read
 * today; those that follow are still being renamed. All in one place, so that the change will be one. Prometheus has
 * underscores for the dots.
 */
public final class GenAi {
    // Metrics. Their labels are attributes of spans, but for the last.
    public static final String TOKEN_USAGE = "gen_ai.client.token.usage";
    public static final String CLIENT_DURATION = "gen_ai.client.operation.duration";
    public static final String SERVER_DURATION = "gen_ai.server.request.duration";
    public static final String TIME_TO_FIRST_TOKEN = "gen_ai.server.time_to_first_token";
    public static final String TIME_PER_OUTPUT_TOKEN = "gen_ai.server.time_per_output_token";
    public static final String TOKEN_TYPE = "gen_ai.token.type";

    // Attributes of spans.
    /** What all attributes of what was asked begin with. */
    public static final String REQUEST = "gen_ai.request.";

    public static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
    public static final AttributeKey<String> PROVIDER = stringKey("gen_ai.provider.name");
    public static final AttributeKey<String> REQUEST_MODEL = stringKey("gen_ai.request.model");
    public static final AttributeKey<String> CONVERSATION = stringKey("gen_ai.conversation.id");
    public static final AttributeKey<Long> MAX_TOKENS = longKey("gen_ai.request.max_tokens");
    public static final AttributeKey<Long> SEED = longKey("gen_ai.request.seed");
    public static final AttributeKey<Long> CHOICES = longKey("gen_ai.request.choice.count");
    public static final AttributeKey<Double> TEMPERATURE = doubleKey("gen_ai.request.temperature");
    public static final AttributeKey<Double> TOP_P = doubleKey("gen_ai.request.top_p");
    public static final AttributeKey<Double> TOP_K = doubleKey("gen_ai.request.top_k");
    public static final AttributeKey<Double> FREQUENCY_PENALTY = doubleKey("gen_ai.request.frequency_penalty");
    public static final AttributeKey<Double> PRESENCE_PENALTY = doubleKey("gen_ai.request.presence_penalty");
    public static final AttributeKey<List<String>> STOP = stringArrayKey("gen_ai.request.stop_sequences");
    public static final AttributeKey<Boolean> STREAM = booleanKey("gen_ai.request.stream");
    public static final AttributeKey<String> RESPONSE_ID = stringKey("gen_ai.response.id");
    public static final AttributeKey<String> RESPONSE_MODEL = stringKey("gen_ai.response.model");
    public static final AttributeKey<List<String>> FINISH_REASONS = stringArrayKey("gen_ai.response.finish_reasons");
    public static final AttributeKey<Double> FIRST_CHUNK = doubleKey("gen_ai.response.time_to_first_chunk");
    public static final AttributeKey<Long> INPUT_TOKENS = longKey("gen_ai.usage.input_tokens");
    public static final AttributeKey<Long> OUTPUT_TOKENS = longKey("gen_ai.usage.output_tokens");
    public static final AttributeKey<String> INPUT_MESSAGES = stringKey("gen_ai.input.messages");
    public static final AttributeKey<String> OUTPUT_MESSAGES = stringKey("gen_ai.output.messages");
    public static final AttributeKey<String> INSTRUCTIONS = stringKey("gen_ai.system_instructions");
    public static final AttributeKey<String> ERROR = stringKey("error.type");
    public static final AttributeKey<String> SERVER_ADDRESS = stringKey("server.address");
    public static final AttributeKey<Long> SERVER_PORT = longKey("server.port");

    /** By {@link UsageDetail}; those that the conventions do not know are the gateway's own. */
    private static final Map<UsageDetail, AttributeKey<Long>> COUNTS = counts();

    private GenAi() {}

    private static Map<UsageDetail, AttributeKey<Long>> counts() {
        Map<UsageDetail, AttributeKey<Long>> counts = new EnumMap<>(UsageDetail.class);
        for (UsageDetail detail : UsageDetail.values()) {
            counts.put(detail, longKey("mehari.usage." + detail.label()));
        }
        counts.put(UsageDetail.CACHED, longKey("gen_ai.usage.cache_read.input_tokens"));
        counts.put(UsageDetail.CACHE_WRITE, longKey("gen_ai.usage.cache_creation.input_tokens"));
        counts.put(UsageDetail.REASONING, longKey("gen_ai.usage.reasoning.output_tokens"));
        return counts;
    }

    /** Under which a span tells that count. */
    public static AttributeKey<Long> count(UsageDetail detail) {
        return Objects.requireNonNull(COUNTS.get(detail));
    }

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
}
