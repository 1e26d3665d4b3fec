package dev.mehari.bench;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.gemini.GeminiProtocol;
import dev.mehari.provider.gemini.ThoughtSignatures;
import dev.mehari.testing.GeminiAnswers;
import dev.mehari.testing.Shipped;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
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

/** What translation to and from Gemini costs: a chat of ten messages with three tools, and one chunk of a stream. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GeminiBench {
    private static final String TOOL = "{\"type\":\"function\",\"function\":{\"name\":\"tool_%d\",\"description\":"
            + "\"Looks up a thing for the user\",\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":"
            + "{\"type\":\"string\",\"description\":\"A city\"},\"days\":{\"type\":\"integer\"}},"
            + "\"required\":[\"city\"],\"additionalProperties\":false}}}";

    private final Protocol gemini = new GeminiProtocol(new ThoughtSignatures());
    private final Ask asked = Shipped.ask(Shipped.providers().find("gemini"), "gemini-3-pro-preview", request());
    private final ChatRequest read = asked.request().request().get();
    private final Ask known = asked.with(read);
    private final byte[] record = ("data: " + GeminiAnswers.response(null, GeminiAnswers.text(" word")) + "\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    private final EventDecoder decoder = gemini.decodeStream(asked);
    private final EventEncoder encoder = new ChatDialect().streamWriter(asked.request());
    private final ByteSink out = new ByteSink(4096);

    private static String request() {
        StringBuilder json = new StringBuilder("{\"model\":\"gemini-3-pro-preview\",\"stream\":true,\"messages\":["
                + "{\"role\":\"system\",\"content\":\"" + "You are a helpful assistant. ".repeat(20) + "\"}");
        for (int i = 0; i < 3; i++) {
            json.append(",{\"role\":\"user\",\"content\":\"What is the weather like in Paris in spring?\"}")
                    .append(",{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"call_" + i
                            + "\",\"type\":\"function\",\"function\":{\"name\":\"tool_1\",\"arguments\":"
                            + "\"{\\\"city\\\":\\\"Paris\\\",\\\"days\\\":3}\"}}]}")
                    .append(",{\"role\":\"tool\",\"tool_call_id\":\"call_" + i + "\",\"content\":\"rain and sun\"}");
        }
        return json.append(
                        "],\"tools\":[" + TOOL.formatted(1) + "," + TOOL.formatted(2) + "," + TOOL.formatted(3) + "]}")
                .toString();
    }

    /** From the client's bytes: reading them is most of it. */
    @Benchmark
    public Object encodeRequest() {
        return gemini.encode(asked);
    }

    /** The writing alone. */
    @Benchmark
    public Object writeRequest() {
        return gemini.encode(known);
    }

    @Benchmark
    public void translateChunk(Blackhole hole) {
        decoder.feed(record, 0, record.length, event -> encoder.encode(event, out));
        hole.consume(out.length());
        out.clear();
    }
}
