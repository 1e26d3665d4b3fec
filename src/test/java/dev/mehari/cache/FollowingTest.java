package dev.mehari.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.chat.Playback;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** One answer for several readers, and an answer that is played again. */
class FollowingTest {
    private static final ChatEvent.Start START = new ChatEvent.Start("chatcmpl-mine", "alias", 1);

    /** A reader's loop: what is to be done there waits until it is run. */
    private final Deque<Runnable> loop = new ArrayDeque<>();

    private final AtomicInteger ends = new AtomicInteger();
    private final Recording recording = new Recording(1000, ended -> ends.incrementAndGet());

    /** What one reader was told. */
    private static final class Told implements EventSink {
        private final List<ChatEvent> events = new ArrayList<>();
        private int flushes;

        @Override
        public void accept(ChatEvent event) {
            events.add(event);
        }

        @Override
        public void flush() {
            flushes++;
        }
    }

    @Test
    void whoComesLateIsToldAllFromTheBeginning() {
        recording.accept(new ChatEvent.Start("chatcmpl-other", "other", 9));
        recording.accept(text("one"));
        Told told = new Told();
        following().start(told);
        recording.accept(text("two"));
        run();
        recording.accept(new ChatEvent.Finish(0, FinishReason.STOP));
        recording.accept(new ChatEvent.End());
        run();
        assertThat(told.events)
                .containsExactly(
                        START,
                        text("one"),
                        text("two"),
                        new ChatEvent.Finish(0, FinishReason.STOP),
                        new ChatEvent.End());
        assertThat(recording.isComplete()).isTrue();
        assertThat(recording.events()).hasSize(5);
        assertThat(ends).hasValue(1);
    }

    @Test
    void whoIsHeldBackReadsOnWhereItWas() {
        Told told = new Told();
        Following following = following();
        following.start(told);
        following.pause();
        recording.accept(text("one"));
        run();
        assertThat(told.events).isEmpty();
        following.resume();
        run();
        assertThat(told.events).containsExactly(text("one"));
    }

    @Test
    void whoIsTooFarBehindIsGivenUp() {
        Told told = new Told();
        Following following = following();
        following.start(told);
        following.pause();
        for (int i = 0; i < 20; i++) {
            recording.accept(text("x".repeat(100)));
        }
        run();
        assertThat(told.events).singleElement().isInstanceOf(ChatEvent.Failure.class);
        assertThat(recording.isFollowed()).isFalse();
    }

    @Test
    void whatIsTooLargeGoesOnForThoseWhoReadItAndIsNotKept() {
        Told told = new Told();
        following().start(told);
        for (int i = 0; i < 50; i++) {
            recording.accept(text("x".repeat(100)));
            run();
        }
        recording.accept(new ChatEvent.End());
        run();
        assertThat(told.events).hasSize(51).doesNotHaveAnyElementsOfTypes(ChatEvent.Failure.class);
        assertThat(recording.isComplete()).isFalse();
        assertThat(recording.isTooLarge()).isTrue();
        assertThat(recording.events()).isEmpty();
        assertThat(ends).as("told once").hasValue(1);
        Told late = new Told();
        following().start(late);
        assertThat(late.events).singleElement().isInstanceOf(ChatEvent.Failure.class);
    }

    @Test
    void whoCanStillAskByItselfGivesUpAfterALongSilence() {
        Deque<Runnable> timers = new ArrayDeque<>();
        Told told = new Told();
        Following following = following();
        following.giveUpAfter(Duration.ofSeconds(60), (silence, task) -> timers.add(task));
        following.start(told);
        recording.accept(text("one"));
        run();
        timers.poll().run();
        assertThat(told.events).containsExactly(text("one"));
        timers.poll().run();
        assertThat(told.events).last().isInstanceOf(ChatEvent.Failure.class);
        assertThat(timers).isEmpty();
        assertThat(recording.isFollowed()).isFalse();
    }

    @Test
    void theLastToLeaveEndsIt() {
        AtomicInteger stopped = new AtomicInteger();
        Following one = following();
        Following other = following();
        one.start(new Told());
        other.start(new Told());
        recording.whenUnwanted(stopped::incrementAndGet);
        recording.whenUnwanted(stopped::incrementAndGet);
        one.close();
        one.close();
        assertThat(stopped).hasValue(0);
        other.close();
        assertThat(stopped).hasValue(2);
        recording.accept(new ChatEvent.Failure(new ClientGone()));
        assertThat(recording.isComplete()).isFalse();
    }

    @Test
    void withoutReadersItEndsAtOnceAndNobodyCanJoin() {
        AtomicInteger stopped = new AtomicInteger();
        recording.accept(text("one"));
        recording.whenUnwanted(stopped::incrementAndGet);
        assertThat(stopped).hasValue(1);
        Told late = new Told();
        following().start(late);
        assertThat(late.events).singleElement().isInstanceOf(ChatEvent.Failure.class);
    }

    @Test
    void aReplayKeepsItsPaceAndStopsWhenHeldBack() {
        List<ChatEvent> events =
                List.of(text("one"), text("two"), new ChatEvent.Finish(0, FinishReason.STOP), new ChatEvent.End());
        List<Duration> waits = new ArrayList<>();
        Playback replay = new Playback(new Replay(START, events, Duration.ofMillis(7)), (wait, task) -> {
            waits.add(wait);
            loop.add(task);
            return () -> {};
        });
        Told told = new Told();
        replay.start(told);
        assertThat(told.events).containsExactly(START, text("one"));
        replay.pause();
        run();
        assertThat(told.events).hasSize(2);
        replay.resume();
        assertThat(told.events).hasSize(3);
        run();
        run();
        assertThat(told.events).hasSize(5);
        assertThat(waits).hasSize(3).containsOnly(Duration.ofMillis(7));
        assertThat(told.flushes).isGreaterThanOrEqualTo(4);
    }

    private Following following() {
        return new Following(recording, FrameReader.NONE, START, loop::add);
    }

    private void run() {
        for (int left = loop.size(); left > 0; left--) {
            loop.poll().run();
        }
    }

    private static ChatEvent text(String text) {
        return new ChatEvent.TextDelta(0, text);
    }
}
