package dev.mehari.call;

import dev.mehari.cache.Recording;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.SteadyClock;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import dev.mehari.provider.UpstreamLimits;
import dev.mehari.routing.DeploymentState;
import dev.mehari.routing.Plan;
import dev.mehari.transport.Audience;
import dev.mehari.transport.UpstreamTimes;
import dev.mehari.usage.AttemptTimes;
import java.time.Instant;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call at one deployment: it ends with an answer or a failure. Belongs to the call's virtual thread; events
 * of its stream are noted on the loop.
 */
public final class Attempt {
    /** The exchange property that holds it. */
    static final String PROPERTY = "attempt";

    private final AttemptRequest request;
    private final Plan.Step step;
    private final Booking booking;
    private final UpstreamTimes times = new UpstreamTimes();
    private final AttemptStream stream;
    private Audience audience;
    private volatile @Nullable Object answer;
    private volatile @Nullable GatewayException failure;
    private volatile @Nullable String requestId;

    /**
     * @param client who waits for its answer
     * @param recorder makes what its stream is recorded in; gives null when nobody else will want it
     */
    Attempt(
            Ask ask,
            Plan.Step step,
            Booking booking,
            Audience client,
            Function<Attempt, @Nullable Recording> recorder) {
        this.request = new AttemptRequest(ask);
        this.step = step;
        this.booking = booking;
        Recording recording = recorder.apply(this);
        this.stream = new AttemptStream(recording, booking, times);
        this.audience = recording == null ? client : new SharedAudience(client, recording);
    }

    /**
     * The attempt that an exchange is on its way with.
     *
     * @throws IllegalStateException a route names a step before {@code nextAttempt}
     */
    static Attempt of(Exchange exchange) {
        Attempt attempt = exchange.getProperty(PROPERTY, Attempt.class);
        if (attempt == null) {
            throw new IllegalStateException("this step needs an attempt; name nextAttempt before it in the route");
        }
        return attempt;
    }

    /** Sends an exchange on its way with this attempt. */
    void enter(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
        exchange.setProperty("provider", ask().provider().name());
    }

    /** What is asked of which provider. */
    public Ask ask() {
        return request.ask();
    }

    /** How that was written. */
    public AttemptRequest request() {
        return request;
    }

    /** Where it goes. */
    Plan.Step step() {
        return step;
    }

    /** Who waits for its answer. */
    Audience audience() {
        return audience;
    }

    void audience(Audience audience) {
        this.audience = audience;
    }

    /** The request is about to go out. */
    void sent() {
        booking.trial().sent();
    }

    boolean wasSent() {
        return booking.trial().wasSent();
    }

    /** What the answer's headers told of our limits. */
    void told(@Nullable UpstreamLimits limits) {
        if (limits != null) {
            booking.trial()
                    .told(new DeploymentState.Allowance(
                            limits.requests(),
                            steady(limits.requestsReset()),
                            limits.tokens(),
                            steady(limits.tokensReset())));
        }
    }

    private static @Nullable Instant steady(@Nullable Instant told) {
        return told == null ? null : SteadyClock.OF_PROCESS.ofWall(told);
    }

    /** Its answer as it passes, when it is a stream. */
    AttemptStream stream() {
        return stream;
    }

    /** Either a {@link dev.mehari.chat.Answer} or an {@link dev.mehari.transport.AnswerStream}; null until there is one. */
    public @Nullable Object answer() {
        return answer;
    }

    void succeed(Object answer) {
        this.answer = answer;
        this.failure = null;
        if (answer instanceof Answer whole) {
            booking.succeeded(whole.usage());
        } else {
            booking.answers();
        }
    }

    public @Nullable GatewayException failure() {
        return failure;
    }

    /** The first reason counts: what follows from it is no news. */
    void fail(GatewayException reason) {
        if (failure == null) {
            failure = reason;
            booking.failed(reason, usage());
        }
    }

    /** Whether this deployment cannot take the request although another may: nothing was sent. */
    boolean wasRefusedHere() {
        return !wasSent() && failure instanceof InvalidRequest;
    }

    /** Token counts of the answer, once they are known. */
    public @Nullable Usage usage() {
        return answer instanceof Answer whole ? whole.usage() : stream.usage();
    }

    /** Why the answer ended, as far as it has; of several choices the last. */
    @Nullable
    FinishReason finish() {
        return answer instanceof Answer whole ? whole.finish() : stream.finish();
    }

    /** What the provider calls its answer; null: nothing, or there is none. */
    @Nullable
    AnswerNames names() {
        return answer instanceof Answer whole ? whole.names() : stream.names();
    }

    /** Who has answered, for those who get the answer later. */
    StoredAnswer.Origin origin() {
        return new StoredAnswer.Origin(ask().provider().name(), ask().model(), names(), request.dropped());
    }

    /** What the provider calls the last request to it; null: it does not tell, or has not answered. */
    @Nullable
    String requestId() {
        return requestId;
    }

    void requestId(@Nullable String told) {
        this.requestId = told;
    }

    /** Why it has no answer, or only the beginning of one. */
    @Nullable
    GatewayException brokenBy() {
        return failure == null ? stream.broken() : failure;
    }

    /** Whether its answer had begun and was not finished. */
    boolean wasCutOff() {
        return stream.broken() != null && stream.tokens() > 0;
    }

    /** About how many tokens of its answer have come; of a whole answer without usage by its length. */
    long deliveredTokens() {
        return answer instanceof Answer whole ? AnswerLength.tokens(whole) : stream.tokens();
    }

    /** Where it is noted when it got how far. */
    UpstreamTimes times() {
        return times;
    }

    /**
     * When it got how far.
     *
     * @param well whether its end is the end of an answer
     */
    AttemptTimes timesSoFar(boolean well) {
        return new AttemptTimes(
                times.connectingNanos(),
                times.connectedNanos(),
                times.newConnection(),
                times.sentNanos(),
                times.headersNanos(),
                // An error is an answer, but of no token.
                answer == null ? 0 : times.answeredNanos(),
                well ? times.endedNanos() : 0,
                times.endedNanos());
    }
}
