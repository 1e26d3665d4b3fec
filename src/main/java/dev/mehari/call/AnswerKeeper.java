package dev.mehari.call;

import dev.mehari.cache.AnswerCache;
import dev.mehari.cache.Answering;
import dev.mehari.cache.CacheKey;
import dev.mehari.cache.Flight;
import dev.mehari.cache.Flights;
import dev.mehari.cache.Pieces;
import dev.mehari.cache.Recording;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.ResponseReplay;
import dev.mehari.chat.Usage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Has answers kept, and shared with identical calls that wait. Thread-safe. */
@Component
final class AnswerKeeper {
    private static final Logger log = LoggerFactory.getLogger(AnswerKeeper.class);

    private final AnswerCache cache;
    private final Flights flights;
    private final InstantSource clock;

    AnswerKeeper(AnswerCache cache, Flights flights, InstantSource clock) {
        this.cache = cache;
        this.flights = flights;
        this.clock = clock;
    }

    /** What the stream of an attempt is recorded in; null: nobody else will want it. */
    @Nullable
    Recording recording(Call call, Attempt attempt) {
        Recall recall = call.recall();
        if (recall == null || !recall.keeps() || !call.request().stream()) {
            return null;
        }
        return new Recording(cache.largest(), recorded -> recorded(recall, attempt, recorded));
    }

    /** A recording is complete, has failed or is too large; on the call's loop. */
    private void recorded(Recall recall, Attempt attempt, Recording recording) {
        if (recording.isComplete()) {
            // Reading frames takes longer than a loop should be kept.
            Thread.ofVirtual().start(() -> keepStream(recall, attempt, recording));
            return;
        }
        if (recording.isTooLarge()) {
            cache.stats().countTooLarge();
        }
        endFlight(recall);
    }

    private void keepStream(Recall recall, Attempt attempt, Recording recording) {
        try {
            if (!attempt.request().isForItself()) {
                List<ChatEvent> events = new ArrayList<>();
                FrameReader frames = attempt.request().frames();
                recording.events().forEach(event -> frames.read(event, events::add));
                keep(recall, attempt, events);
            }
        } catch (RuntimeException defect) {
            log.error(
                    "a stream of provider \"{}\" could not be kept",
                    attempt.ask().provider().name(),
                    defect);
        } finally {
            recall.kept();
            endFlight(recall);
        }
    }

    /** There is an answer, or the beginning of a stream: what is whole is kept, and who waits for it gets it. */
    void answered(Call call, Recall recall) {
        Attempt attempt = call.attempts().latest();
        Recording recording = attempt.stream().recording();
        try {
            if (attempt.request().isForItself()) {
                recording = null;
            } else if (attempt.answer() instanceof Answer whole) {
                keepWhole(recall, attempt, whole);
            } else if (recording != null) {
                share(recall, new Answering(recording, attempt.request()::frames, attempt.origin()));
            }
        } finally {
            recall.shares(recording);
            endFlight(recall);
        }
    }

    private void keepWhole(Recall recall, Attempt attempt, Answer whole) {
        List<ChatEvent> events = new ArrayList<>();
        try {
            ResponseReplay.play(attempt.request().translated(whole), event -> Pieces.of(event)
                    .forEach(events::add));
        } catch (GatewayException onlyForItsOwnClient) {
            return;
        }
        keep(recall, attempt, events);
        share(recall, new Answering(Recording.of(events), () -> FrameReader.NONE, attempt.origin()));
    }

    private void share(Recall recall, Answering answering) {
        Flight flight = recall.flight();
        if (flight != null) {
            flights.answered(flight, answering);
        }
    }

    private void keep(Recall recall, Attempt attempt, List<ChatEvent> events) {
        StoredAnswer answer =
                recall.keeps() ? StoredAnswer.of(events, attempt.origin(), clock.instant(), recall.ttl()) : null;
        if (answer != null) {
            cache.keep(recall.keys().getFirst(), answer);
        }
    }

    /** When all is over: whoever asks from now on finds the answer kept, or asks for itself. */
    private void endFlight(Recall recall) {
        Flight flight = recall.flight();
        if (flight != null && recall.isThrough()) {
            flights.end(recall.led(), flight, new Flight.Outcome.Failed());
        }
    }

    /**
     * Keeps vectors, each under its own key; who waits for them gets them.
     *
     * @param asked the keys of those that were asked for
     * @param tokens how many the batch has taken; each gets its share by the length of its input
     */
    void keepVectors(
            Recall recall,
            Attempt attempt,
            List<CacheKey> asked,
            List<Integer> lengths,
            List<float[]> vectors,
            @Nullable Usage usage) {
        if (!recall.keeps()) {
            return;
        }
        Long tokens = usage == null ? null : usage.promptTokens();
        long total = Math.max(1, lengths.stream().mapToLong(Integer::longValue).sum());
        long before = 0;
        long given = 0;
        Map<CacheKey, StoredAnswer> fresh = new HashMap<>();
        for (int i = 0; i < vectors.size(); i++) {
            before += lengths.get(i);
            Long share = tokens == null ? null : (Long) (Math.round((double) tokens * before / total) - given);
            given += share == null ? 0 : share;
            StoredAnswer answer =
                    StoredAnswer.of(vectors.get(i), share, attempt.origin(), clock.instant(), recall.ttl());
            cache.keep(asked.get(i), answer);
            fresh.put(asked.get(i), answer);
        }
        Flight flight = recall.flight();
        if (flight != null) {
            flights.end(recall.led(), flight, new Flight.Outcome.Embedded(fresh));
        }
    }
}
