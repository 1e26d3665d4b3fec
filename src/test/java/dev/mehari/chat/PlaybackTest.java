package dev.mehari.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlaybackTest {
    private final FakeTimer timer = new FakeTimer();
    private final List<String> seen = new ArrayList<>();
    private final Playback source = new Playback(
            List.of(step(0, "a"), step(5, "b"), step(0, "c"), step(7, "d"), step(0, "e"))
                    .iterator(),
            timer);

    private static Playback.Step step(long millis, String text) {
        return new Playback.Step(Duration.ofMillis(millis), new ChatEvent.TextDelta(0, text));
    }

    private final EventSink sink = new EventSink() {
        @Override
        public void accept(ChatEvent event) {
            seen.add(((ChatEvent.TextDelta) event).text());
        }

        @Override
        public void flush() {
            seen.add("|");
        }
    };

    @Test
    void stepsOfOneInstantGoOutTogether() {
        source.start(sink);
        assertThat(seen).containsExactly("a", "|");
        timer.fire(5);
        assertThat(seen).containsExactly("a", "|", "b", "c", "|");
        timer.fire(7);
        assertThat(seen).containsExactly("a", "|", "b", "c", "|", "d", "e", "|");
        assertThat(timer.task).isNull();
    }

    @Test
    void whileHeldBackNothingIsDelivered() {
        source.start(sink);
        source.pause();
        timer.fire(5);
        assertThat(seen).containsExactly("a", "|");
        source.resume();
        assertThat(seen).containsExactly("a", "|", "b", "c", "|");
    }

    @Test
    void resumingBeforeTheDelayIsOverChangesNothing() {
        source.start(sink);
        source.pause();
        source.resume();
        source.resume();
        assertThat(seen).containsExactly("a", "|");
        timer.fire(5);
        assertThat(seen).containsExactly("a", "|", "b", "c", "|");
    }

    @Test
    void aSinkMayHoldBackInTheMiddleAndResumeWhileFlushing() {
        source.start(new EventSink() {
            @Override
            public void accept(ChatEvent event) {
                sink.accept(event);
                source.pause();
            }

            @Override
            public void flush() {
                sink.flush();
                source.resume();
            }
        });
        timer.fire(5);
        assertThat(seen).containsExactly("a", "|", "b", "|", "c", "|");
        timer.fire(7);
        assertThat(seen).endsWith("d", "|", "e", "|");
    }

    @Test
    void aPausedSourceCanBeStarted() {
        source.pause();
        source.start(sink);
        assertThat(seen).isEmpty();
        source.resume();
        assertThat(seen).containsExactly("a", "|");
    }

    @Test
    void afterCloseNothingIsDelivered() {
        source.start(sink);
        Runnable stray = timer.task;
        source.close();
        source.close();
        assertThat(timer.task).isNull();
        stray.run();
        source.resume();
        assertThat(seen).containsExactly("a", "|");
    }

    @Test
    void aSinkMayCloseInTheMiddle() {
        source.start(new EventSink() {
            @Override
            public void accept(ChatEvent event) {
                sink.accept(event);
                source.close();
            }

            @Override
            public void flush() {
                sink.flush();
            }
        });
        assertThat(seen).containsExactly("a");
        assertThat(timer.task).isNull();
    }

    @Test
    void theClientIsLookedAtAfterSoManyEventsAndAfterALargeOne() {
        List<Playback.Step> steps = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            steps.add(step(0, "x"));
        }
        steps.add(Playback.Step.now(new ChatEvent.Frame(new byte[100_000], true, null, null, "large")));
        steps.add(step(0, "last"));
        List<Integer> between = new ArrayList<>(List.of(0));
        new Playback(steps.iterator(), Playback.Timer.NONE).start(new EventSink() {
            @Override
            public void accept(ChatEvent event) {
                between.set(between.size() - 1, between.getLast() + 1);
            }

            @Override
            public void flush() {
                between.add(0);
            }
        });
        assertThat(between).containsExactly(64, 37, 1, 0);
    }

    /** Holds the one task that may wait, until the test lets the time pass. */
    private static final class FakeTimer implements Playback.Timer {
        private Runnable task;
        private Duration delay;

        @Override
        public Playback.Cancellable after(Duration delay, Runnable task) {
            assertThat(this.task).isNull();
            this.task = task;
            this.delay = delay;
            return () -> this.task = null;
        }

        void fire(long millis) {
            assertThat(delay).isEqualTo(Duration.ofMillis(millis));
            Runnable due = task;
            task = null;
            due.run();
        }
    }
}
