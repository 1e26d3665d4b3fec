package dev.mehari.bench;

import dev.mehari.cache.CacheKey;
import dev.mehari.cache.CanonicalChat;
import dev.mehari.cache.Recording;
import dev.mehari.cache.Replay;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Playback;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.ResponseFolder;
import dev.mehari.chat.Usage;
import dev.mehari.dialect.chat.ChatDialect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the cache adds: the key of a request, an answer given again, and a chunk recorded as it passes. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CacheBench {
    private static final int CHUNKS = 50;
    private static final ChatEvent.Start START = new ChatEvent.Start("chatcmpl-1", "gpt-4o", 1764000000);

    private final ChatDialect dialect = new ChatDialect();
    private final byte[] body =
            ("{\"model\":\"gpt-4o\",\"temperature\":0,\"messages\":[{\"role\":\"system\",\"content\":\""
                            + "You are a helpful assistant. ".repeat(20)
                            + "\"},{\"role\":\"user\",\"content\":\""
                            + "Explain how a gateway keeps latency low. ".repeat(10)
                            + "\"}]}")
                    .getBytes(StandardCharsets.UTF_8);
    private final RequestFacts request = dialect.read(body, false);
    private final StoredAnswer stored = stored();
    private final List<ChatEvent> frames = frames();

    private static StoredAnswer stored() {
        List<ChatEvent> events = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            events.add(new ChatEvent.TextDelta(0, "token" + i + " "));
        }
        events.add(new ChatEvent.Finish(0, FinishReason.STOP));
        events.add(new ChatEvent.UsageReport(Usage.of(9L, 50L)));
        events.add(new ChatEvent.End());
        StoredAnswer answer = StoredAnswer.of(
                events,
                new StoredAnswer.Origin("openai", "gpt-4o", null, List.of()),
                Instant.now(),
                Duration.ofHours(1));
        if (answer == null) {
            throw new IllegalStateException("a whole answer is kept");
        }
        return answer;
    }

    private static List<ChatEvent> frames() {
        List<ChatEvent> frames = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            frames.add(new ChatEvent.Frame(new byte[180], true, null, null));
        }
        return frames;
    }

    /** A request of 1 KB, read in full and hashed. */
    @Benchmark
    public CacheKey key() {
        return CanonicalChat.key(
                null, "openai/gpt-4o", List.of(), request.request().get(), field -> false);
    }

    /** From the bytes in memory to the bytes of a whole answer. */
    @Benchmark
    public byte[] json() {
        ResponseFolder folder = new ResponseFolder();
        folder.accept(START);
        ((StoredAnswer.Content.Chat) stored.read().content()).events().forEach(folder::accept);
        return dialect.write(folder.response(), request);
    }

    /** From the bytes in memory to those of a stream of 50 chunks. */
    @Benchmark
    public byte[] stream() {
        List<ChatEvent> events = ((StoredAnswer.Content.Chat) stored.read().content()).events();
        EventEncoder encoder = dialect.streamWriter(request);
        ByteSink out = new ByteSink(16_384);
        new Playback(new Replay(START, events, Duration.ZERO), Playback.Timer.NONE)
                .start(event -> encoder.encode(event, out));
        return out.take();
    }

    /** One chunk of a stream that is recorded. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public Recording chunk() {
        Recording recording = new Recording(1 << 20, ended -> {});
        for (ChatEvent frame : frames) {
            recording.accept(frame);
        }
        return recording;
    }
}
