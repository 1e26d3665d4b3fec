package dev.mehari.bench;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.RequestFacts;
import dev.mehari.config.ProviderSettings;
import dev.mehari.dialect.Dialect;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import dev.mehari.provider.SseReader;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.testing.Answers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
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
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What one request, one answer and one chunk cost in translation, sockets and routes left out. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CodecBench {
    private final Dialect chat = new ChatDialect();
    private final OpenAiProtocol openAi = new OpenAiProtocol();
    private final byte[] request = ("{\"model\":\"gpt-4o-mini\",\"stream\":true,\"temperature\":0.5,\"messages\":["
                    + "{\"role\":\"system\",\"content\":\"" + "You are a helpful assistant. ".repeat(30) + "\"},"
                    + "{\"role\":\"user\",\"content\":\"What is the weather like in Paris?\"}]}")
            .getBytes(StandardCharsets.UTF_8);
    private final byte[] whole = Answers.json("word ".repeat(150)).getBytes(StandardCharsets.UTF_8);
    private final byte[] record = ("data: " + Answers.text(" word") + "\n\n").getBytes(StandardCharsets.UTF_8);
    private final byte[] escaped = ("data: " + Answers.text(" \\n") + "\n\n").getBytes(StandardCharsets.UTF_8);
    private final Ask passed = ask("gpt-4o-mini");
    private final Ask renamed = ask("an-alias");
    private final EventDecoder passing = openAi.decodeStream(passed);
    private final EventDecoder renaming = openAi.decodeStream(renamed);
    private final EventEncoder frames = chat.streamWriter(passed.request());
    private final EventEncoder translated = chat.streamWriter(passed.request());
    private final ChatEvent word = new ChatEvent.TextDelta(0, " word");
    private long read;
    private final SseReader reader = new SseReader((name, data, offset, length) -> read += length);
    private final ByteSink out = new ByteSink(4096);

    public CodecBench() {
        translated.encode(new ChatEvent.Start("chatcmpl-1", "gpt-4o-mini", 1764000000), out);
    }

    private Ask ask(String alias) {
        RequestFacts facts = chat.read(request, false);
        ProviderSettings settings = new Binder(new MapConfigurationPropertySource(
                        Map.of("p.protocol", "openai", "p.base-url", "http://127.0.0.1:1/v1", "p.api-key", "k")))
                .bindOrCreate("p", ProviderSettings.class);
        Provider provider = new Provider("openai", settings, null);
        return new Ask(provider, "gpt-4o-mini", alias, "chat", facts, "chatcmpl-ours");
    }

    @Benchmark
    public Object readRequest() {
        return chat.read(request, false);
    }

    @Benchmark
    public Object encodeRequest() {
        return openAi.encode(passed);
    }

    @Benchmark
    public Object passWholeAnswer() {
        return openAi.decode(passed, whole);
    }

    @Benchmark
    public void cutRecord(Blackhole hole) {
        reader.feed(record, 0, record.length);
        hole.consume(read);
    }

    @Benchmark
    public void passChunk(Blackhole hole) {
        passing.feed(record, 0, record.length, event -> frames.encode(event, out));
        hole.consume(out.length());
        out.clear();
    }

    @Benchmark
    public void passOddChunk(Blackhole hole) {
        passing.feed(escaped, 0, escaped.length, event -> frames.encode(event, out));
        hole.consume(out.length());
        out.clear();
    }

    @Benchmark
    public void renameChunk(Blackhole hole) {
        renaming.feed(record, 0, record.length, event -> frames.encode(event, out));
        hole.consume(out.length());
        out.clear();
    }

    @Benchmark
    public void writeTranslatedChunk(Blackhole hole) {
        translated.encode(word, out);
        hole.consume(out.length());
        out.clear();
    }
}
