package dev.mehari.bench;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.dialect.TokenEstimate;
import dev.mehari.dialect.messages.MessagesDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.anthropic.AnthropicProtocol;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Shipped;
import java.nio.charset.StandardCharsets;
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

/** What a client of the Messages API costs: its request of ten messages and three tools, and a chunk of its answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MessagesBench {
    private final MessagesDialect messages = new MessagesDialect();
    private final OpenAiProtocol openAi = new OpenAiProtocol();
    private final AnthropicProtocol anthropic = new AnthropicProtocol(Shipped.settings());
    private final byte[] request = request().getBytes(StandardCharsets.UTF_8);
    private final byte[] text = record("data: " + Answers.text(" word"));
    private final byte[] escaped = record("data: " + Answers.text(" \\n"));
    private final byte[] piece = record("data: "
            + Answers.chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"word\\\"\"}}]}", null));
    private final byte[] native_ =
            record("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\" word\"}}");
    private final Ask translated = Shipped.messages(Shipped.providers().find("openai"), request);
    private final Ask passed = Shipped.messages(Shipped.providers().find("anthropic"), request);
    private final EventDecoder translating = openAi.decodeStream(translated);
    private final EventDecoder calling = openAi.decodeStream(translated);
    private final EventDecoder passing = anthropic.decodeStream(passed);
    private final EventEncoder words = messages.streamWriter(translated.request());
    private final EventEncoder calls = messages.streamWriter(translated.request());
    private final EventEncoder frames = messages.streamWriter(passed.request());
    private final ByteSink out = new ByteSink(4096);

    public MessagesBench() {
        feed(
                calling,
                calls,
                record("data: "
                        + Answers.chunk(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"type\":\"function\",\"function\":"
                                        + "{\"name\":\"f\",\"arguments\":\"[\"}}]}",
                                null)));
        out.clear();
    }

    private static byte[] record(String lines) {
        return (lines + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String request() {
        StringBuilder body = new StringBuilder(
                        "{\"model\":\"gpt-5-mini\",\"max_tokens\":1000,\"stream\":true,\"system\":\"")
                .append("You are a helpful assistant. ".repeat(30))
                .append("\",\"tools\":[");
        for (int i = 0; i < 3; i++) {
            body.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"tool_")
                    .append(i)
                    .append("\",\"description\":\"Does something useful\",\"input_schema\":{\"type\":\"object\","
                            + "\"properties\":{\"city\":{\"type\":\"string\"}},\"required\":[\"city\"]}}");
        }
        body.append("],\"messages\":[");
        for (int i = 0; i < 5; i++) {
            body.append(i == 0 ? "" : ",")
                    .append(
                            "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"What is the weather like?\"}]},"
                                    + "{\"role\":\"assistant\",\"content\":\"It is fine, thank you.\"}");
        }
        return body.append(",{\"role\":\"user\",\"content\":\"And now?\"}]}").toString();
    }

    private void feed(EventDecoder decoder, EventEncoder encoder, byte[] record) {
        decoder.feed(record, 0, record.length, event -> encoder.encode(event, out));
    }

    private void chunk(EventDecoder decoder, EventEncoder encoder, byte[] record, Blackhole hole) {
        feed(decoder, encoder, record);
        hole.consume(out.length());
        out.clear();
    }

    @Benchmark
    public Object readRequest() {
        return messages.read(request, false);
    }

    @Benchmark
    public Object translateRequest() {
        return openAi.encode(translated);
    }

    @Benchmark
    public Object passRequest() {
        return anthropic.encode(passed);
    }

    @Benchmark
    public long estimateTokens() {
        return TokenEstimate.of(translated.request().raw(), List.of("system", "messages", "tools"));
    }

    @Benchmark
    public void translateText(Blackhole hole) {
        chunk(translating, words, text, hole);
    }

    @Benchmark
    public void translateEscapedText(Blackhole hole) {
        chunk(translating, words, escaped, hole);
    }

    @Benchmark
    public void translateArguments(Blackhole hole) {
        chunk(calling, calls, piece, hole);
    }

    @Benchmark
    public void passChunk(Blackhole hole) {
        chunk(passing, frames, native_, hole);
    }
}
