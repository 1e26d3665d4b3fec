package dev.mehari.media;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fetches addresses that clients gave us. Each hop is checked anew ({@link MediaTarget}), nothing but GET without a word of
 * ours is sent, connections are not kept. Thread-safe; blocks the calling virtual thread.
 */
public final class MediaFetcher implements AutoCloseable {
    private static final int AT_ONCE = 8;

    private final HttpClient http;
    private final MediaLimits limits;
    private final HostNames names;
    private final AtomicLong heldBytes = new AtomicLong();

    public MediaFetcher(Vertx vertx, MediaLimits limits, HostNames names) {
        this.limits = limits;
        this.names = names;
        this.http = vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setName("media")
                        .setKeepAlive(false)
                        .setVerifyHost(true)
                        .setConnectTimeout((int) limits.timeout().toMillis())
                        .setMaxHeaderSize(32 * 1024))
                .with(new PoolOptions().setHttp1MaxSize(AT_ONCE * 32))
                // The request on it hears of a broken connection too; Vert.x would log each as an error.
                .withConnectHandler(connection -> connection.exceptionHandler(broken -> {}))
                .build();
    }

    /** What became of an address. */
    public sealed interface Outcome {
        /** Bytes that are held for it. */
        default long size() {
            return 0;
        }

        record Fetched(Media media) implements Outcome {
            @Override
            public long size() {
                return media.bytes().length;
            }
        }

        record Refused(MediaRefused why) implements Outcome {}

        /** Others hold too much at the moment. */
        record NoRoom() implements Outcome {}
    }

    /**
     * Fetches several at once, each address once. The bytes of their {@link Outcome#size() sizes} are held until they are
     * {@linkplain #release given back}.
     */
    public Map<String, Outcome> fetch(List<String> urls) {
        AtomicLong bytesLeft = new AtomicLong(limits.maxBytes());
        Map<String, Future<Outcome>> running = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofVirtual().name("media-", 0).factory())) {
            urls.forEach(url -> running.computeIfAbsent(url, one -> threads.submit(() -> outcome(one, bytesLeft))));
        }
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        running.forEach((url, done) -> outcomes.put(url, done.resultNow()));
        return outcomes;
    }

    /** Gives back so many bytes: what was fetched is not needed any more. */
    public void release(long bytes) {
        heldBytes.addAndGet(-bytes);
    }

    private Outcome outcome(String url, AtomicLong bytesLeft) {
        try {
            byte[] bytes = follow(url, bytesLeft);
            if (heldBytes.addAndGet(bytes.length) > limits.maxHeldBytes()) {
                release(bytes.length);
                return new Outcome.NoRoom();
            }
            return new Outcome.Fetched(new Media(MediaKind.of(bytes), bytes));
        } catch (MediaRefused why) {
            return new Outcome.Refused(why);
        }
    }

    private byte[] follow(String url, AtomicLong bytesLeft) throws MediaRefused {
        long end = System.nanoTime() + limits.timeout().toNanos();
        String next = url;
        for (int hop = 0; hop <= limits.maxRedirects(); hop++) {
            MediaTarget target = MediaTarget.of(next, limits.allowed(), names);
            MediaRequest request = new MediaRequest(limits.maxBytes(), bytesLeft);
            http.request(options(target))
                    .onSuccess(request::send)
                    .onFailure(cause -> request.fail("is at a host that cannot be reached"));
            MediaRequest.Answer answer = await(request, Duration.ofNanos(end - System.nanoTime()));
            switch (answer) {
                case MediaRequest.Answer.Content content -> {
                    return content.bytes();
                }
                case MediaRequest.Answer.Elsewhere elsewhere -> next = resolve(target.uri(), elsewhere.location());
            }
        }
        throw new MediaRefused("redirects more than " + limits.maxRedirects() + " times");
    }

    private static RequestOptions options(MediaTarget target) {
        return new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(
                        new InetSocketAddress(target.address(), MediaTarget.port(target.uri()))))
                .setHost(target.host())
                .setPort(MediaTarget.port(target.uri()))
                .setSsl(target.tls())
                .setURI(target.pathAndQuery())
                .setFollowRedirects(false)
                .putHeader("accept", "*/*")
                .putHeader("accept-encoding", "identity")
                .putHeader("user-agent", "mehari");
    }

    private static String resolve(URI base, String location) throws MediaRefused {
        try {
            return base.resolve(location).toString();
        } catch (IllegalArgumentException notOne) {
            throw new MediaRefused("redirects to something that is no URL");
        }
    }

    private MediaRequest.Answer await(MediaRequest request, Duration patience) throws MediaRefused {
        try {
            return request.answer().get(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS);
        } catch (TimeoutException tooSlow) {
            request.cancel();
            throw new MediaRefused("took longer than " + limits.timeout().toMillis() + " ms");
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof MediaRefused why ? why : new MediaRefused("could not be fetched");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            request.cancel();
            throw new MediaRefused("could not be fetched");
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
