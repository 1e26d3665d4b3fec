package dev.mehari.call;

import dev.mehari.cache.AnswerCache;
import dev.mehari.cache.Answering;
import dev.mehari.cache.CacheKey;
import dev.mehari.cache.Flight;
import dev.mehari.cache.Flight.Outcome;
import dev.mehari.cache.Flights;
import dev.mehari.cache.Following;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.config.MehariSettings;
import dev.mehari.transport.AnswerStream;
import dev.mehari.transport.Loop;
import dev.mehari.transport.WholeAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.springframework.stereotype.Component;

/**
 * Identical calls at once: the first asks upstream, the others get its answer as it comes. When the first one's client
 * leaves before there is an answer, the next one asks; when it fails, each asks for itself, as it would have alone.
 */
@Component
final class JoinFlight {
    /** How often a call waits for another leader before it goes its own way. */
    private static final int MOST_LEADERS = 10;

    private final Flights flights;
    private final AnswerCache cache;
    private final boolean enabled;
    private final Duration patience;

    JoinFlight(Flights flights, AnswerCache cache, MehariSettings settings) {
        this.flights = flights;
        this.cache = cache;
        this.enabled = settings.cache().singleFlight();
        this.patience = settings.cache().patience();
    }

    /** Answers the call together with another one. False: it is to ask by itself, perhaps for others too. */
    boolean join(Exchange exchange, Call call, Recall recall, Map<CacheKey, StoredAnswer> found, RecallAnswer kept) {
        if (!enabled || !recall.keeps() || recall.control().maxAge() != null) {
            return false;
        }
        CacheKey key = recall.question();
        for (int leaders = 0; leaders < MOST_LEADERS; leaders++) {
            Flight fresh = flights.begin(key);
            if (fresh != null) {
                return led(exchange, call, recall, key, fresh, kept);
            }
            Flight flight = flights.find(key);
            switch (flight == null ? null : await(call, flight)) {
                // It has ended meanwhile; its answer may be there.
                case null -> {}
                case Outcome.Left left -> {}
                case Outcome.Failed failed -> {
                    return false;
                }
                case Outcome.Answered(Answering answering) -> {
                    return follow(call, recall, answering) || kept.isKept(call, recall);
                }
                case Outcome.Embedded(var vectors) -> {
                    return shares(call, recall, found, vectors, kept);
                }
            }
        }
        return false;
    }

    /** This call asks for all, unless the answer was kept between the look for it and now. */
    private boolean led(Exchange exchange, Call call, Recall recall, CacheKey key, Flight flight, RecallAnswer kept) {
        if (kept.isKept(call, recall)) {
            flights.end(key, flight, new Outcome.Left());
            return true;
        }
        recall.leads(key, flight);
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                if (!flight.isTold()) {
                    flights.end(key, flight, hasLeft(call) ? new Outcome.Left() : new Outcome.Failed());
                }
            }
        });
        return false;
    }

    private static boolean hasLeft(Call call) {
        return !call.attempts().isEmpty() && call.attempts().latest().failure() instanceof ClientGone;
    }

    /** @throws ClientGone the client has left while it waited */
    private Outcome await(Call call, Flight flight) {
        CompletableFuture<Outcome> outcome = flight.outcome();
        call.client().onGone(() -> outcome.completeExceptionally(new ClientGone()));
        try {
            return outcome.completeOnTimeout(new Outcome.Failed(), patience.toNanos(), TimeUnit.NANOSECONDS)
                    .join();
        } catch (CompletionException gone) {
            throw gone.getCause() instanceof GatewayException known ? known : gone;
        }
    }

    /** Answers with the leader's vectors beside those that were found before. */
    private boolean shares(
            Call call,
            Recall recall,
            Map<CacheKey, StoredAnswer> found,
            Map<CacheKey, StoredAnswer> vectors,
            RecallAnswer kept) {
        Map<CacheKey, StoredAnswer> all = new HashMap<>(found);
        all.putAll(vectors);
        boolean answered = kept.answers(call, recall, all);
        if (answered) {
            cache.stats().countShared();
        }
        return answered;
    }

    private boolean follow(Call call, Recall recall, Answering answering) {
        Loop loop = call.client().loop();
        ChatEvent.Start start = RecallAnswer.start(call, answering.origin(), Instant.now());
        Following following =
                new Following(answering.recording(), answering.reader().get(), start, loop::run);
        try {
            Object answer;
            if (call.request().stream()) {
                answer = new AnswerStream(loop, following, call.newEncoder(), recall::watch).awaitCommit(call.client());
            } else {
                loop.run(() -> following.giveUpAfter(patience, loop::after));
                answer = new Answer.Translated(new WholeAnswer(loop, following).await(call.client()), null);
            }
            recall.hit(answering.origin(), Duration.ZERO);
            cache.stats().countShared();
            recall.answered(answer, answer instanceof Answer whole ? whole.usage() : null);
            return true;
        } catch (ClientGone gone) {
            throw gone;
        } catch (GatewayException failed) {
            // Nothing has been sent of it: this call may still fare better.
            return false;
        }
    }
}
