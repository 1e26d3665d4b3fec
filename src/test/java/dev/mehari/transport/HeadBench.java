package dev.mehari.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

/** What the strict reading of a request's head costs, beside Vert.x's own. {@code bench/jmh HeadBench} */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class HeadBench {
    /** As OpenAI's Python client sends it. */
    private static final byte[] REQUEST = ("POST /v1/chat/completions HTTP/1.1\r\nHost: gateway.example\r\n"
                    + "Accept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\nAccept: application/json\r\n"
                    + "Content-Type: application/json\r\nUser-Agent: OpenAI/Python 1.99.9\r\nX-Stainless-Lang: python\r\n"
                    + "X-Stainless-Package-Version: 1.99.9\r\nX-Stainless-OS: Linux\r\nX-Stainless-Arch: x64\r\n"
                    + "X-Stainless-Runtime: CPython\r\nX-Stainless-Runtime-Version: 3.12.3\r\n"
                    + "Authorization: Bearer mh-abcdef012345-0123456789abcdef0123456789abcdef0123456789abcdef\r\n"
                    + "X-Stainless-Async: false\r\nx-stainless-retry-count: 0\r\nx-stainless-read-timeout: 600\r\n"
                    + "Content-Length: 2\r\n\r\n{}")
            .getBytes(StandardCharsets.US_ASCII);

    private final EmbeddedChannel theirs = new EmbeddedChannel(new VertxHttpRequestDecoder(new HttpServerOptions()));
    private final EmbeddedChannel ours = new EmbeddedChannel(new StrictRequestDecoder(
            new HttpLimits(
                    1, 100, 32768, 16384, 100, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(1)),
            cause -> false));

    @Benchmark
    public int vertx() {
        return read(theirs);
    }

    @Benchmark
    public int strict() {
        return read(ours);
    }

    private static int read(EmbeddedChannel channel) {
        ByteBuf bytes = Unpooled.wrappedBuffer(REQUEST);
        channel.writeInbound(bytes);
        int messages = 0;
        while (channel.readInbound() != null) {
            messages++;
        }
        return messages;
    }
}
