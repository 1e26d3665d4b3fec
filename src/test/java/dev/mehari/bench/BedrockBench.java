package dev.mehari.bench;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.bedrock.BedrockProtocol;
import dev.mehari.testing.EventFrames;
import dev.mehari.testing.Shipped;
import java.util.List;
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

/** What a request and a chunk cost in translation to and from Converse. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class BedrockBench {
    private final BedrockProtocol bedrock = new BedrockProtocol(Shipped.settings());
    private final Ask ask =
            Shipped.ask(Shipped.providers().find("bedrock"), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", request());
    private final byte[] word = EventFrames.event(
            "contentBlockDelta", "{\"contentBlockIndex\":0,\"delta\":{\"text\":\" word\"},\"p\":\"abcdefghijklm\"}");
    private final EventDecoder decoder = bedrock.decodeStream(ask);
    private final EventEncoder encoder = new ChatDialect().streamWriter(ask.request());
    private final ByteSink out = new ByteSink(4096);

    public BedrockBench() {
        byte[] start = EventFrames.of(List.of("event messageStart {\"role\":\"assistant\"}"));
        decoder.feed(start, 0, start.length, event -> encoder.encode(event, out));
    }

    /** Ten messages and three tools. */
    private static String request() {
        StringBuilder json = new StringBuilder("{\"model\":\"m\",\"stream\":true,\"temperature\":0.5,\"messages\":["
                + "{\"role\":\"system\",\"content\":\"You are a helpful assistant.\"}");
        for (int i = 0; i < 4; i++) {
            json.append(",{\"role\":\"user\",\"content\":\"What is the weather like in Paris, and what about Rome?\"}")
                    .append(
                            ",{\"role\":\"assistant\",\"content\":\"It is sunny in both, with a little wind from the sea.\"}");
        }
        json.append(",{\"role\":\"user\",\"content\":\"And tomorrow?\"}],\"tools\":[");
        for (int i = 0; i < 3; i++) {
            json.append(i == 0 ? "" : ",")
                    .append("{\"type\":\"function\",\"function\":{\"name\":\"tool_")
                    .append(i)
                    .append("\",\"description\":\"Tells the weather of a city\",\"parameters\":{\"type\":\"object\","
                            + "\"properties\":{\"city\":{\"type\":\"string\"},\"days\":{\"type\":\"integer\"}},"
                            + "\"required\":[\"city\"]}}}");
        }
        return json.append("]}").toString();
    }

    @Benchmark
    public Object encodeRequest() {
        return bedrock.encode(ask);
    }

    @Benchmark
    public void readRequestAlone(Blackhole hole) {
        hole.consume(ask.request().request().get());
    }

    @Benchmark
    public void decodeChunk(Blackhole hole) {
        decoder.feed(word, 0, word.length, hole::consume);
    }

    @Benchmark
    public void translateChunk(Blackhole hole) {
        decoder.feed(word, 0, word.length, event -> encode(event));
        hole.consume(out.length());
        out.clear();
    }

    private void encode(ChatEvent event) {
        encoder.encode(event, out);
    }
}
