package dev.mehari.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Eventually;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A feed before a client that takes what it is given, or does not. */
class EventFeedTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger gone = new AtomicInteger();
    private final Client client = new Client();

    @AfterAll
    static void stop() {
        VERTX.close();
    }

    private EventFeed open(Duration patience) {
        EventFeed feed = new EventFeed(at -> opened.incrementAndGet(), at -> gone.incrementAndGet(), patience);
        Loop loop = new Loop(VERTX, VERTX.getOrCreateContext());
        loop.run(() -> feed.open(loop, client));
        Eventually.holds(SOON, "it is open", () -> opened.get() == 1);
        return feed;
    }

    private static byte[] event(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Waits until everything sent before has been looked at. */
    private void settle(EventFeed feed) {
        client.full = false;
        feed.send(event("settled"));
        Eventually.holds(SOON, "all is looked at", () -> client.got.contains("settled"));
    }

    @Test
    void eventsGoOutInTheirOrder() {
        EventFeed feed = open(SOON);
        feed.send(event("one"));
        feed.send(event("two"));
        settle(feed);
        assertThat(client.got).containsExactly("one", "two", "settled");
    }

    @Test
    void whatAClientIsTooSlowForItDoesNotGet() {
        EventFeed feed = open(SOON);
        client.full = true;
        feed.send(event("lost"));
        Eventually.holds(SOON, "it was asked whether it has room", () -> client.asked.get() == 1);
        settle(feed);
        assertThat(client.got).containsExactly("settled");
        assertThat(gone).hasValue(0);
    }

    @Test
    void aClientThatTakesNothingIsLetGo() {
        EventFeed feed = open(Duration.ofMillis(1));
        client.full = true;
        Eventually.holds(SOON, "it is let go", () -> {
            feed.send(event("lost"));
            return client.dropped && gone.get() == 1;
        });
        client.full = false;
        feed.send(event("late"));
        feed.end();
        assertThat(client.got).isEmpty();
        assertThat(gone).hasValue(1);
    }

    @Test
    void afterItsEndNothingIsSent() {
        EventFeed feed = open(SOON);
        feed.end();
        feed.end();
        Eventually.holds(SOON, "it has ended", () -> client.ended && gone.get() == 1);
        feed.send(event("late"));
        assertThat(client.got).isEmpty();
    }

    @Test
    void aClientThatLeftBeforeItOpenedIsToldOnce() {
        EventFeed feed = new EventFeed(at -> opened.incrementAndGet(), at -> gone.incrementAndGet());
        feed.gone();
        Loop loop = new Loop(VERTX, VERTX.getOrCreateContext());
        feed.open(loop, client);
        feed.send(event("late"));
        assertThat(opened).hasValue(0);
        assertThat(gone).hasValue(1);
    }

    private static final class Client implements StreamWriter {
        final List<String> got = new CopyOnWriteArrayList<>();
        final AtomicInteger asked = new AtomicInteger();
        volatile boolean full;
        volatile boolean ended;
        volatile boolean dropped;

        @Override
        public void write(byte[] bytes, int length) {
            got.add(new String(bytes, 0, length, StandardCharsets.UTF_8));
        }

        @Override
        public boolean isFull() {
            asked.incrementAndGet();
            return full;
        }

        @Override
        public void onRoom(Runnable task) {}

        @Override
        public void end() {
            ended = true;
        }

        @Override
        public void drop() {
            dropped = true;
        }
    }
}
