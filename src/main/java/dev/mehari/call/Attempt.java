package dev.mehari.call;

import dev.mehari.cache.Recording;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.chat.Answer;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.FrameReader;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.SteadyClock;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.UpstreamLimits;
import dev.mehari.routing.DeploymentState;
import dev.mehari.routing.Plan;
import dev.mehari.transport.Audience;
import dev.mehari.transport.StreamWatcher;
import dev.mehari.transport.UpstreamTimes;
import dev.mehari.usage.AttemptTimes;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call at one deployment: it ends with an answer or a failure. Belongs to the call's virtual thread; events
 * of a stream are noted on its loop.
 */
public final class Attempt {
    /** The exchange property that holds it. */
    static final String PROPERTY = "attempt";

    private final Ask ask;
    private final Plan.Step step;
    private final Booking booking;
    private final @Nullable Recording recording;
    private Audience audience;
    private volatile @Nullable Object answer;
    private volatile @Nullable GatewayException failure;
    private @Nullable Protocol protocol;
    private boolean passed;
    private @Nullable KeptEncoder kept;
    private List<String> dropped = List.of();
    private @Nullable ChatRequest prepared;
    private @Nullable Object unsigned;
    private volatile @Nullable Usage usage;
    private volatile @Nullable FinishReason finish;
    private volatile @Nullable GatewayException broken;
    private volatile @Nullable EventDecoder decoder;
    private volatile @Nullable AnswerNames names;
    private volatile @Nullable String requestId;
    private final UpstreamTimes times = new UpstreamTimes();
    private final Delivered delivered = new Delivered();

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
        this.ask = ask;
        this.step = step;
        this.booking = booking;
        Recording recorded = recorder.apply(this);
        this.recording = recorded;
        this.audience = recorded == null ? client : new SharedAudience(client, recorded);
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
        exchange.setProperty("provider", ask.provider().name());
    }

    /** Who waits for its answer. */
    Audience audience() {
        return audience;
    }

    void audience(Audience audience) {
        this.audience = audience;
    }

    /** What is asked of which provider. */
    public Ask ask() {
        return ask;
    }

    /** Where it goes. */
    Plan.Step step() {
        return step;
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

    /** Either a {@link dev.mehari.chat.Answer} or an {@link dev.mehari.transport.AnswerStream}; null until there is one. */
    public @Nullable Object answer() {
        return answer;
    }

    void succeed(Object answer) {
        this.answer = answer;
        this.failure = null;
        if (answer instanceof Answer whole) {
            usage = whole.usage();
            finish = whole.finish();
            if (whole.names() != null) {
                names = whole.names();
            }
            booking.succeeded(usage);
        } else {
            booking.answers();
        }
    }

    /** That one reads its stream, and hears from it what the provider calls the answer. */
    void readBy(EventDecoder decoder) {
        this.decoder = decoder;
    }

    void names(AnswerNames told) {
        this.names = told;
    }

    /** What the provider calls its answer; null: nothing, or there is none. */
    @Nullable
    AnswerNames names() {
        EventDecoder reading = decoder;
        AnswerNames told = names;
        return told == null && reading != null ? reading.names() : told;
    }

    /** What the provider calls the last request to it. */
    void requestId(@Nullable String told) {
        this.requestId = told;
    }

    /** Null: it does not tell, or has not answered. */
    @Nullable
    String requestId() {
        return requestId;
    }

    public @Nullable GatewayException failure() {
        return failure;
    }

    /** The first reason counts: what follows from it is no news. */
    void fail(GatewayException reason) {
        if (failure == null) {
            failure = reason;
            booking.failed(reason, usage);
        }
    }

    /** Whether this deployment cannot take the request although another may: nothing was sent. */
    boolean wasRefusedHere() {
        return !wasSent() && failure instanceof InvalidRequest;
    }

    /** Sees every event of a streamed answer as it passes, on the loop. */
    void watch(ChatEvent event) {
        if (recording != null) {
            recording.accept(event);
        }
        if (kept != null) {
            kept.watch(event);
        }
        delivered.see(event);
        switch (event) {
            case ChatEvent.Frame frame -> {
                // Most frames have neither, and a volatile write a chunk is not for nothing.
                if (frame.usage() != null) {
                    usage = frame.usage();
                }
                if (frame.finish() != null) {
                    finish = frame.finish();
                }
            }
            case ChatEvent.Finish end -> finish = end.reason();
            case ChatEvent.UsageReport report -> usage = report.usage();
            case ChatEvent.End end -> {
                times.ended();
                booking.succeeded(usage);
            }
            case ChatEvent.Failure failed -> {
                times.ended();
                broken = failed.reason();
                booking.failed(failed.reason(), usage);
            }
            default -> {}
        }
    }

    /** Whether calls that asked the same still want its stream. */
    boolean isWanted() {
        return recording != null && recording.isFollowed();
    }

    /** {@link #watch} and {@link #isWanted} for the stream itself. */
    StreamWatcher watcher() {
        return new StreamWatcher() {
            @Override
            public void watch(ChatEvent event) {
                Attempt.this.watch(event);
            }

            @Override
            public boolean isWanted() {
                return Attempt.this.isWanted();
            }
        };
    }

    /** Its stream as it comes; null: it is not recorded. */
    @Nullable
    Recording recording() {
        return recording;
    }

    /** What takes the frames of its stream apart, for one who reads it. */
    FrameReader frames() {
        return protocol == null ? FrameReader.NONE : protocol.frames(ask);
    }

    /** Its whole answer, whatever API it passed in. */
    ChatResponse translated(Answer whole) {
        return switch (whole) {
            case Answer.Translated known -> known.response();
            case Answer.Bytes passed -> protocol().translated(ask, passed);
            case Answer.Embedded vectors -> throw new IllegalStateException("embeddings are no chat");
        };
    }

    /** Whether its answer is for this call alone: the provider remembers it, or nobody else could read it. */
    boolean isForItself() {
        return protocol != null && (protocol.remembers() || protocol.isOpaque(ask));
    }

    /** Who has answered, for those who get the answer later. */
    StoredAnswer.Origin origin() {
        return new StoredAnswer.Origin(ask.provider().name(), ask.model(), dropped);
    }

    /** Its stream is written by that one, which hears of its end here. */
    void keptBy(KeptEncoder encoder) {
        kept = encoder;
    }

    /** Token counts of the answer, once they are known. */
    public @Nullable Usage usage() {
        return usage;
    }

    /** Whether its answer had begun and was not finished. */
    boolean wasCutOff() {
        return broken != null && delivered.tokens() > 0;
    }

    /** About how many tokens of its answer have come; of a whole answer without usage by its length. */
    long deliveredTokens() {
        return answer instanceof Answer whole ? AnswerLength.tokens(whole) : delivered.tokens();
    }

    /** Why the answer ended, as far as it has; of several choices the last. */
    @Nullable
    FinishReason finish() {
        return finish;
    }

    /** Why it has no answer, or only the beginning of one. */
    @Nullable
    GatewayException brokenBy() {
        return failure == null ? broken : failure;
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

    /** The protocol that its request was written in. */
    Protocol protocol() {
        Protocol written = protocol;
        if (written == null) {
            throw new IllegalStateException("this step needs a request; name an encoding step before it in the route");
        }
        return written;
    }

    /** The provider whose own answer the client gets; null: it is translated. */
    @Nullable
    String maker() {
        return passed ? ask.provider().name() : null;
    }

    /** Request fields that the provider does not take. */
    public List<String> dropped() {
        return dropped;
    }

    /** @param passed whether the client's own bytes go on */
    void encoded(Protocol protocol, boolean passed, List<String> dropped) {
        this.protocol = protocol;
        this.passed = passed;
        this.dropped = List.copyOf(dropped);
    }

    /** Its request, or the list of them, before credentials were added; null while none were. */
    @Nullable
    Object unsigned() {
        return unsigned;
    }

    void unsigned(Object request) {
        this.unsigned = request;
    }

    /** The request as it is to be encoded, when a step before that has changed it. */
    void prepared(ChatRequest request) {
        this.prepared = request;
    }

    /** What encoding is given. A changed request serves once: it may hold whole images, and streams live long. */
    Ask takeAsk() {
        ChatRequest changed = prepared;
        prepared = null;
        return changed == null ? ask : ask.with(changed);
    }
}
