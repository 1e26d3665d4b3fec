package dev.mehari.bench;

import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.embeddings.EmbeddingsDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.azure.AzureProtocol;
import dev.mehari.provider.openai.OpenAiEmbeddings;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.testing.Shipped;
import dev.mehari.transport.UpstreamResponse;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a batch of 10 texts costs, its answer of 10 vectors of 1536, and a chat of 10 messages with 3 tools to Azure. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EmbeddingsBench {
    private final EmbeddingsDialect dialect = new EmbeddingsDialect();
    private final OpenAiEmbeddings openAi = new OpenAiEmbeddings();
    private final AzureProtocol azure = new AzureProtocol(new OpenAiProtocol());
    private final byte[] request = bytes("{\"model\":\"text-embedding-3-small\",\"input\":["
            + String.join(",", Collections.nCopies(10, "\"" + "a few words ".repeat(40) + "\"")) + "]}");
    private final byte[] answer = bytes("{\"object\":\"list\",\"data\":["
            + String.join(
                    ",",
                    Collections.nCopies(
                            10,
                            "{\"object\":\"embedding\",\"index\":0,\"embedding\":["
                                    + IntStream.range(0, 1536)
                                            .mapToObj(i -> "-0.00692928" + i)
                                            .collect(Collectors.joining(","))
                                    + "]}"))
            + "],\"model\":\"text-embedding-3-small\",\"usage\":{\"prompt_tokens\":10,\"total_tokens\":10}}");
    private final Ask floats = ask(request);
    private final Ask base64 =
            ask(bytes(text(request).replace("\"input\"", "\"encoding_format\":\"base64\",\"input\"")));
    private final Ask chat = Shipped.ask(Shipped.at("azure", "https://r.openai.azure.com"), "gpt-4o", chat());

    private static byte[] chat() {
        String tool = "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"does it\",\"parameters\":"
                + "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"number\"}}}}}";
        String turn = "{\"role\":\"user\",\"content\":\"" + "some words ".repeat(20) + "\"}";
        return bytes("{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":["
                + String.join(",", Collections.nCopies(10, turn)) + "],\"tools\":["
                + String.join(",", Collections.nCopies(3, tool)) + "]}");
    }

    private Ask ask(byte[] body) {
        RequestFacts facts = dialect.read(body, false);
        return new Ask(
                Shipped.providers().find("openai"),
                "text-embedding-3-small",
                "text-embedding-3-small",
                "embeddings",
                facts,
                "unused");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Benchmark
    public void readAndEncodeEmbeddings(Blackhole hole) {
        hole.consume(openAi.encode(ask(request)));
    }

    @Benchmark
    public void passVectors(Blackhole hole) {
        hole.consume(openAi.decode(floats, List.of(UpstreamResponse.whole(200, Map.of(), answer))));
    }

    @Benchmark
    public void rewriteVectorsAsBase64(Blackhole hole) {
        hole.consume(openAi.decode(base64, List.of(UpstreamResponse.whole(200, Map.of(), answer))));
    }

    @Benchmark
    public void encodeChatForAzure(Blackhole hole) {
        hole.consume(azure.encode(chat));
    }
}
