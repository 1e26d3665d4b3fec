package dev.mehari.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Eventually;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueDelayTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final List<Duration> measured = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aBusyLoopIsSeen() {
        QueueDelay.measure(vertx, 1, measured::add);
        Eventually.holds(Duration.ofSeconds(10), "it measures", () -> measured.size() >= 5);
        // The first waits for its classes; on a quiet loop the calm ones are short, whatever else runs here.
        assertThat(measured.stream().min(Duration::compareTo).orElseThrow()).isLessThan(Duration.ofMillis(25));
        vertx.runOnContext(busy -> Eventually.passes(Duration.ofMillis(600)));
        Eventually.holds(Duration.ofSeconds(10), "it sees the loop busy", () -> measured.stream()
                .anyMatch(delay -> delay.toMillis() >= 450));
    }
}
