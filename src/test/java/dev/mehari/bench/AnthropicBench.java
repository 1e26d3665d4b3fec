package dev.mehari.bench;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.anthropic.AnthropicProtocol;
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

/** What translation to Anthropic costs: a request of ten messages and three tools, a chunk, a whole answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AnthropicBench {
    private static final String START = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":"
            + "\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":12,"
            + "\"output_tokens\":1}}}\n\nevent: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
            + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n";

    private final AnthropicProtocol anthropic = new AnthropicProtocol(Shipped.settings());
    private final ChatDialect chat = new ChatDialect();
    private final Ask ask = Shipped.ask(Shipped.providers().find("anthropic"), "claude-sonnet-4-5", request(10, 3));
    private final byte[] chunk = ("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\" word\"}}\n\n")
            .getBytes(StandardCharsets.UTF_8);
    private final byte[] whole =
            ("{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":"
                            + "\"text\",\"text\":\"" + "word ".repeat(150)
                            + "\"},{\"type\":\"tool_use\",\"id\":\"toolu_1\","
                            + "\"name\":\"tool_1\",\"input\":{\"city\":\"Paris\"}}],\"stop_reason\":\"tool_use\",\"usage\":"
                            + "{\"input_tokens\":12,\"output_tokens\":7}}")
                    .getBytes(StandardCharsets.UTF_8);
    private final EventDecoder decoder = anthropic.decodeStream(ask);
    private final EventEncoder encoder = chat.streamWriter(ask.request());
    private final ByteSink out = new ByteSink(4096);

    public AnthropicBench() {
        byte[] start = START.getBytes(StandardCharsets.UTF_8);
        decoder.feed(start, 0, start.length, event -> encoder.encode(event, out));
    }

    private static String request(int messages, int tools) {
        StringBuilder request = new StringBuilder("{\"model\":\"claude-sonnet-4-5\",\"stream\":true,\"messages\":[")
                .append("{\"role\":\"system\",\"content\":\"" + "You are a helpful assistant. ".repeat(10) + "\"}");
        for (int i = 1; i < messages; i++) {
            String role = i % 2 == 1 ? "user" : "assistant";
            request.append(
                    ",{\"role\":\"" + role + "\",\"content\":\"" + "What is the weather like?\\n".repeat(4) + "\"}");
        }
        request.append("],\"tools\":[");
        for (int i = 0; i < tools; i++) {
            request.append(i == 0 ? "" : ",")
                    .append(
                            "{\"type\":\"function\",\"function\":{\"name\":\"tool_" + i
                                    + "\",\"description\":\"Weather\","
                                    + "\"parameters\":{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\","
                                    + "\"description\":\"A city\"},\"unit\":{\"enum\":[\"c\",\"f\"]}},\"required\":[\"city\"]}}}");
        }
        return request.append("]}").toString();
    }

    @Benchmark
    public Object encodeRequest() {
        return anthropic.encode(ask);
    }

    @Benchmark
    public Object readRequestAlone() {
        return ask.request().request().get();
    }

    @Benchmark
    public Object decodeWholeAnswer() {
        return anthropic.decode(ask, whole);
    }

    @Benchmark
    public void translateChunk(Blackhole hole) {
        decoder.feed(chunk, 0, chunk.length, event -> encoder.encode(event, out));
        hole.consume(out.length());
        out.clear();
    }
}
