package dev.mehari.call;

import dev.mehari.access.Caller;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.History;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import dev.mehari.chat.WholeEncoder;
import dev.mehari.conversation.ConversationKeeper;
import dev.mehari.dialect.Dialect;
import dev.mehari.routing.Plan;
import dev.mehari.routing.Rules;
import dev.mehari.transport.ClientExchange;
import dev.mehari.usage.AttemptTimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One client request and everything done for it. Belongs to the call's virtual thread; events of a stream are noted on
 * its loop.
 *
 * <p>The plain exchange properties beside it ({@code operation}, {@code model}, {@code provider}, {@code group},
 * {@code available}, {@code stream}, {@code dialect}, {@code key}, {@code team}, {@code promptChars}, {@code hasTools})
 * are for predicates in the routes; steps that need more take it from here.
 */
public final class Call {
    /** The exchange property that holds it. */
    static final String PROPERTY = "call";

    private final ClientExchange client;
    private final Dialect dialect;
    private RequestFacts request;
    private final List<Attempt> attempts = new ArrayList<>(1);
    private ConversationKeeper.@Nullable Keep keep;
    private final CallMedia media = new CallMedia();
    private String alias = "";
    private @Nullable String session;
    private Caller caller = Caller.ANYONE;
    private @Nullable Plan plan;
    private Rules rules = Rules.DEFAULTS;
    private long deadlineNanos;
    private @Nullable Duration retryAfter;
    private @Nullable Hedge hedge;
    private @Nullable Recall recall;
    private @Nullable RequestFacts asked;
    private @Nullable Object recalled;
    private volatile @Nullable Usage recalledUsage;
    private List<Map.Entry<String, String>> answerHeaders = List.of();

    public Call(ClientExchange client, Dialect dialect, RequestFacts request) {
        this.client = client;
        this.dialect = dialect;
        this.request = request;
    }

    /**
     * The call that an exchange carries.
     *
     * @throws IllegalStateException a route names a step before {@code readCall}
     */
    public static Call of(Exchange exchange) {
        Call call = exchange.getProperty(PROPERTY, Call.class);
        if (call == null) {
            throw new IllegalStateException("this step needs the call; name readCall before it in the route");
        }
        return call;
    }

    /** Makes it the call that an exchange carries. */
    void enter(Exchange exchange) {
        exchange.setProperty(PROPERTY, this);
        CallNotes notes = CallNotes.of(exchange);
        if (notes != null) {
            notes.read(this);
        }
    }

    public ClientExchange client() {
        return client;
    }

    public Dialect dialect() {
        return dialect;
    }

    public RequestFacts request() {
        return request;
    }

    /** The conversation has to be sent along from now on: the provider that kept it has it no more. */
    void historyLost() {
        History history = request.history();
        if (history != null) {
            request = request.with(history.withoutKeeper());
        }
    }

    /** The request says more than its body: it goes on with a conversation. */
    void goesOn(RequestFacts continued) {
        request = continued;
    }

    /** What is left to ask upstream: less than the request when some of it was answered from the cache. */
    RequestFacts asked() {
        return asked == null ? request : asked;
    }

    void asked(RequestFacts less) {
        this.asked = less;
    }

    /** What the cache has to do with it; null: nothing. */
    public @Nullable Recall recall() {
        return recall;
    }

    void recall(Recall recall) {
        this.recall = recall;
    }

    /**
     * Answers it, or what is left of it, with what was kept.
     *
     * @param usage null: not known, or told as the answer's events pass
     */
    void recalled(Object answer, @Nullable Usage usage) {
        this.recalled = answer;
        if (usage != null) {
            this.recalledUsage = usage;
        }
    }

    /** Sees the events of an answer that another call has asked for, on the loop. */
    void watch(ChatEvent event) {
        if (event instanceof ChatEvent.UsageReport report) {
            recalledUsage = report.usage();
        }
    }

    /** Whether it was answered without asking anybody: it costs nothing. */
    public boolean wasRecalled() {
        return recalled != null && attempts.isEmpty();
    }

    /** Keeps the answer, once there is one. */
    void keepWith(ConversationKeeper.Keep keep) {
        this.keep = keep;
    }

    /** Writes an answer that was given before, in the client's dialect; it is kept too when it is to be. */
    EventEncoder newEncoder() {
        return encoder(null);
    }

    /** Writes the stream of one attempt in the client's dialect; the answer is kept when it is to be. */
    EventEncoder newEncoder(Attempt attempt) {
        EventEncoder encoder = encoder(attempt);
        if (encoder instanceof KeptEncoder kept) {
            attempt.keptBy(kept);
        }
        return encoder;
    }

    private EventEncoder encoder(@Nullable Attempt attempt) {
        EventEncoder encoder = dialect.streamWriter(request);
        ConversationKeeper.Keep keeping = keep;
        if (keeping == null || !(encoder instanceof WholeEncoder whole)) {
            return encoder;
        }
        return new KeptEncoder(
                whole,
                attempt,
                answer -> keeping.saveLater(answer.id(), answer.json(), attempt == null ? null : attempt.maker()));
    }

    /** Keeps a whole answer when it is to be kept; tells whether all is well. Blocks. */
    public boolean keep(byte[] answer) {
        return keep == null
                || keep.save(answer, attempts.isEmpty() ? null : attempt().maker());
    }

    /** What was fetched for the request so far. */
    CallMedia media() {
        return media;
    }

    /** The client's own name for the conversation that this call belongs to; null when it gave none. */
    public @Nullable String session() {
        return session;
    }

    /** Whose conversations and cached answers it may see, by the id of its key; null when we ask for none. */
    public @Nullable String caller() {
        return caller.tenant();
    }

    /** Who is calling, and what it may do. */
    public Caller calledBy() {
        return caller;
    }

    void from(Caller caller, @Nullable String session) {
        this.caller = caller;
        this.session = session;
    }

    /** The client's headers that a provider of the same API gets, several of one name joined. */
    Map<String, String> passedHeaders() {
        Map<String, String> passed = new HashMap<>(4);
        for (String name : dialect.passedHeaders()) {
            List<String> values = client.request().headers().getAll(name);
            if (!values.isEmpty()) {
                passed.put(name, String.join(",", values));
            }
        }
        return passed;
    }

    /** The model by the name that the client will see in its answer. */
    public String alias() {
        return alias;
    }

    /** @param deadline of all attempts together */
    void planned(String alias, Plan plan, Rules rules, Duration deadline) {
        this.alias = alias;
        this.plan = plan;
        this.rules = rules;
        this.deadlineNanos = System.nanoTime() + deadline.toNanos();
    }

    /**
     * What is left to try.
     *
     * @throws IllegalStateException a route names a step before {@code planAttempts}
     */
    Plan plan() {
        Plan made = plan;
        if (made == null) {
            throw new IllegalStateException("this step needs a plan; name planAttempts before it in the route");
        }
        return made;
    }

    Rules rules() {
        return rules;
    }

    /** Until the deadline of all attempts; negative when it has passed. */
    Duration timeLeft() {
        return Duration.ofNanos(deadlineNanos - System.nanoTime());
    }

    void begin(Attempt attempt) {
        attempts.add(attempt);
    }

    /**
     * The attempt under way.
     *
     * @throws IllegalStateException a route names a step before {@code nextAttempt}
     */
    public Attempt attempt() {
        if (attempts.isEmpty()) {
            throw new IllegalStateException("this step needs an attempt; name nextAttempt before it in the route");
        }
        return attempts.getLast();
    }

    /**
     * What the client is to get: either a {@link dev.mehari.chat.Answer} or an
     * {@link dev.mehari.transport.AnswerStream}; null until there is one.
     */
    public @Nullable Object answer() {
        return recalled != null || attempts.isEmpty() ? recalled : attempt().answer();
    }

    /** The race that the attempt under way is in; null: none. */
    void hedge(@Nullable Hedge hedge) {
        this.hedge = hedge;
    }

    /** Nothing more is to be tried: the call's exchange has come to its end. */
    void over() {
        if (hedge != null) {
            hedge.cancel();
        }
    }

    /** The attempt that has ended and counts: the one under way, or the one that was asked beside it. */
    Attempt settled() {
        Attempt counts = hedge == null ? attempt() : hedge.settle();
        if (counts != attempt()) {
            begin(counts);
        }
        return counts;
    }

    /** All attempts so far, the present one last. */
    public List<Attempt> attempts() {
        return attempts;
    }

    /** What every answer to it says, an error too: how its key's limits stand. */
    public List<Map.Entry<String, String>> answerHeaders() {
        return answerHeaders;
    }

    void answerHeaders(List<Map.Entry<String, String>> headers) {
        this.answerHeaders = headers;
    }

    /** Those and the one that was asked beside another and came too late, if there was one. */
    List<Attempt> allAttempts() {
        Attempt second = hedge == null ? null : hedge.second();
        if (second == null || attempts.contains(second)) {
            return attempts;
        }
        List<Attempt> all = new ArrayList<>(attempts);
        all.add(second);
        return all;
    }

    /** How long providers were waited for so far, in nanoseconds. */
    public long upstreamNanos() {
        return AttemptTimes.waited(
                allAttempts().stream().map(attempt -> attempt.timesSoFar(true)).toList());
    }

    /** Whether another attempt beside that one was faster. */
    boolean wasOvertaken(Attempt attempt) {
        return hedge != null && hedge.lost(attempt);
    }

    /** Token counts of the answer, once they are known; of one that was recalled, what it once took. */
    public @Nullable Usage usage() {
        return attempts.isEmpty() ? recalledUsage : attempts.getLast().usage();
    }

    /**
     * The failure to tell the client when no attempt worked: the last, as it says what happened in the end. That one
     * deployment could not take the request at all is told only when no other has failed at it.
     */
    GatewayException failure() {
        for (Attempt attempt : attempts.reversed()) {
            GatewayException failure = attempt.failure();
            if (failure != null && !attempt.wasRefusedHere()) {
                return failure;
            }
        }
        GatewayException last = attempt().failure();
        return last == null ? new GatewayException.Internal(new IllegalStateException("no attempt was judged")) : last;
    }

    /** When trying again makes sense, should the failure itself not say so. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    void retryAfter(Duration wait) {
        this.retryAfter = wait.isPositive() ? wait : null;
    }
}
