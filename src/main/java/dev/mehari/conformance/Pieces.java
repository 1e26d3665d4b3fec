package dev.mehari.conformance;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Takes in a body piece by piece, each with the time of its arrival, while another thread waits for it. */
final class Pieces implements Flow.Subscriber<List<ByteBuffer>> {
    /** More than any answer to what is asked here; an endpoint that goes on and on must not fill the memory. */
    private static final int MOST_BYTES = 32 * 1024 * 1024;

    /** Who drips a byte now and then is never silent, and never ends. */
    private static final int MOST_TIMEOUTS = 10;

    private sealed interface Arrival {
        record Bytes(Answer.Piece piece) implements Arrival {}

        record End(@Nullable Throwable failure) implements Arrival {}
    }

    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final List<Answer.Piece> all = new ArrayList<>();
    private Flow.@Nullable Subscription subscription;

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        long now = System.nanoTime();
        for (ByteBuffer buffer : buffers) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            arrivals.add(new Arrival.Bytes(new Answer.Piece(now, bytes)));
        }
    }

    @Override
    public void onError(Throwable failure) {
        arrivals.add(new Arrival.End(failure));
    }

    @Override
    public void onComplete() {
        arrivals.add(new Arrival.End(null));
    }

    /**
     * Reads to the end, or until it is enough; then, as after a silence, the connection is closed.
     *
     * @return why the end was not reached; null: it was, or it was enough
     */
    @Nullable
    String read(Duration timeout, int enough, URI uri) throws InterruptedException {
        int length = 0;
        long begun = System.nanoTime();
        while (true) {
            if (System.nanoTime() - begun > MOST_TIMEOUTS * timeout.toNanos()) {
                return leave("it did not end within " + MOST_TIMEOUTS + " times the time-out");
            }
            switch (arrivals.poll(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                case null -> {
                    return leave(Failure.late(timeout));
                }
                case Arrival.End end -> {
                    return end.failure() == null ? null : Failure.text(end.failure(), uri, timeout);
                }
                case Arrival.Bytes bytes -> {
                    all.add(bytes.piece());
                    length += bytes.piece().bytes().length;
                    if (length >= enough) {
                        return leave(null);
                    }
                    if (length > MOST_BYTES) {
                        return leave("more than 32 MB came");
                    }
                }
            }
        }
    }

    /** What was read, once {@link #read} has returned. */
    List<Answer.Piece> all() {
        return List.copyOf(all);
    }

    private @Nullable String leave(@Nullable String why) {
        if (subscription != null) {
            subscription.cancel();
        }
        return why;
    }
}
