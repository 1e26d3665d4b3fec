package dev.mehari.fuzz;

import dev.mehari.chat.RequestFacts;
import dev.mehari.config.MehariSettings;
import dev.mehari.dialect.Dialect;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.dialect.embeddings.EmbeddingsDialect;
import dev.mehari.dialect.messages.MessagesDialect;
import dev.mehari.dialect.responses.ResponsesDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.anthropic.AnthropicProtocol;
import dev.mehari.provider.azure.AzureProtocol;
import dev.mehari.provider.bedrock.BedrockProtocol;
import dev.mehari.provider.bedrockagent.AgentTraces;
import dev.mehari.provider.bedrockagent.BedrockAgentProtocol;
import dev.mehari.provider.gemini.GeminiProtocol;
import dev.mehari.provider.gemini.ThoughtSignatures;
import dev.mehari.provider.gemini.VertexProtocol;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Shipped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A provider whose bytes are fuzzed, as every client API asks it.
 *
 * @param cases the folder of its golden cases
 * @param frames whether its streams are AWS's frames, and not server-sent events
 */
record Wire(Protocol protocol, Provider provider, String model, String cases, boolean frames) {
    static final List<Dialect> DIALECTS = List.of(new ChatDialect(), new MessagesDialect(), new ResponsesDialect());

    private static final EmbeddingsDialect EMBEDDINGS = new EmbeddingsDialect();
    private static final String TOOL =
            "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}";
    private static final Map<String, String> REQUESTS = Map.of(
            "chat",
            "{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":"
                    + "[{\"role\":\"user\",\"content\":\"hi\"}],\"tools\":[" + TOOL + "]}",
            "messages",
            "{\"model\":\"m\",\"stream\":true,\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                    + "\"tools\":[{\"name\":\"f\",\"input_schema\":{\"type\":\"object\"}}]}",
            "responses",
            "{\"model\":\"m\",\"stream\":true,\"input\":\"hi\",\"tools\":[{\"type\":\"function\",\"name\":\"f\","
                    + "\"parameters\":{\"type\":\"object\"}}]}",
            "embeddings",
            "{\"model\":\"m\",\"input\":[\"a\",\"b\"]}");

    private static final List<Wire> ALL = all();

    private static List<Wire> all() {
        MehariSettings settings = Shipped.settings();
        OpenAiProtocol openAi = new OpenAiProtocol();
        return List.of(
                wire(openAi, "openai", "gpt-4o", "openai", false),
                wire(openAi, "mistral", "mistral-large-latest", "quirks", false),
                wire(new AzureProtocol(openAi), "azure", "gpt-4o", "azure", false),
                wire(new AnthropicProtocol(settings), "anthropic", "claude-sonnet-4-5", "anthropic", false),
                wire(new GeminiProtocol(new ThoughtSignatures()), "gemini", "gemini-2.5-flash", "gemini", false),
                wire(new VertexProtocol(new ThoughtSignatures()), "vertex", "gemini-2.5-flash", "gemini", false),
                wire(new BedrockProtocol(settings), "bedrock", "us.amazon.nova-pro-v1:0", "bedrock", true),
                wire(
                        new BedrockAgentProtocol(AgentTraces.NONE),
                        "bedrock-agent",
                        "bedrock-agent",
                        "bedrock-agent",
                        true));
    }

    private static Wire wire(Protocol protocol, String provider, String model, String cases, boolean frames) {
        return new Wire(protocol, Shipped.at(provider, "https://upstream.example/v1"), model, cases, frames);
    }

    /** The one that a byte of the input chooses. */
    static Wire of(byte choice) {
        return ALL.get((choice & 0xFF) % ALL.size());
    }

    static Dialect dialect(byte choice) {
        return DIALECTS.get((choice & 0xFF) % DIALECTS.size());
    }

    Ask ask(Dialect dialect) {
        byte[] request = REQUESTS.get(dialect.name()).getBytes(StandardCharsets.UTF_8);
        RequestFacts facts = dialect.read(request, false);
        return new Ask(provider, model, "m", dialect.name(), facts, "ours");
    }

    Ask askEmbeddings() {
        return ask(EMBEDDINGS);
    }

    static Dialect embeddings() {
        return EMBEDDINGS;
    }

    /** The answers of its golden cases, each behind bytes that choose the wire and, in turn, a dialect. */
    static Stream<byte[]> seeds(boolean streams) {
        Stream.Builder<byte[]> seeds = Stream.builder();
        for (int i = 0; i < ALL.size(); i++) {
            Wire wire = ALL.get(i);
            List<GoldenCase> golden = GoldenCase.all(wire.cases()).stream()
                    .filter(GoldenCase::hasUpstreamAnswer)
                    .filter(one -> one.isStream() == streams)
                    .toList();
            for (int j = 0; j < golden.size(); j++) {
                byte[] answer = golden.get(j).upstreamAnswer();
                if (answer.length < 6000) {
                    byte[] body = streams && wire.frames() ? FrameLines.of(answer) : answer;
                    seeds.add(seed(body, i, j % DIALECTS.size(), (j * 37) & 0xFF));
                }
            }
        }
        return seeds.build();
    }

    static byte[] seed(byte[] body, int... choices) {
        byte[] data = new byte[choices.length + body.length];
        for (int i = 0; i < choices.length; i++) {
            data[i] = (byte) choices[i];
        }
        System.arraycopy(body, 0, data, choices.length, body.length);
        return data;
    }

    /** What fuzzing has found before. */
    static Stream<byte[]> found(String target) {
        Path folder = Path.of("src/test/resources/fuzz", target);
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().map(GoldenCase::bytes).toList().stream();
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }
}
