package dev.mehari.call;

import dev.mehari.access.Caller;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.History;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.Usage;
import dev.mehari.chat.WholeEncoder;
import dev.mehari.conversation.ConversationKeeper;
import dev.mehari.dialect.Dialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import dev.mehari.transport.ClientExchange;
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
    private final Attempts attempts = new Attempts();
    private ConversationKeeper.@Nullable Keep keep;
    private final CallMedia media = new CallMedia();
    private String alias = "";
    private @Nullable String session;
    private Caller caller = Caller.ANYONE;
    private @Nullable Recall recall;
    private @Nullable RequestFacts asked;
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

    /** Whether it was answered without asking anybody: it costs nothing. */
    public boolean wasRecalled() {
        return attempts.isEmpty() && recalled() != null;
    }

    /** Who once gave the answer, when nobody was asked; null: somebody was, or there is none. */
    StoredAnswer.@Nullable Origin recalledFrom() {
        return recall == null || !wasRecalled() ? null : recall.origin();
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
            attempt.stream().keptBy(kept);
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
                answer -> keeping.saveLater(
                        answer.id(),
                        answer.json(),
                        attempt == null ? null : attempt.request().maker()));
    }

    /** Keeps a whole answer when it is to be kept; tells whether all is well. Blocks. */
    public boolean keep(byte[] answer) {
        return keep == null
                || keep.save(
                        answer,
                        attempts.isEmpty() ? null : attempts.latest().request().maker());
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

    /**
     * What a provider is asked on its behalf.
     *
     * @param model the upstream's name of it
     * @param asked the request, or what is left of it
     * @param answerId for the answer, should the provider give none; empty: there will be none
     */
    Ask ask(Provider provider, String model, RequestFacts asked, String answerId) {
        return new Ask(
                provider, model, alias, dialect.name(), asked, answerId, session, caller.tenant(), passedHeaders());
    }

    /** The client's headers that a provider of the same API gets, several of one name joined. */
    private Map<String, String> passedHeaders() {
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

    void alias(String name) {
        this.alias = name;
    }

    /** The deployments that were asked for it, and those that may be. */
    public Attempts attempts() {
        return attempts;
    }

    /**
     * What the client is to get: either a {@link dev.mehari.chat.Answer} or an
     * {@link dev.mehari.transport.AnswerStream}; null until there is one.
     */
    public @Nullable Object answer() {
        Object recalled = recalled();
        return recalled != null || attempts.isEmpty()
                ? recalled
                : attempts.latest().answer();
    }

    private @Nullable Object recalled() {
        return recall == null ? null : recall.answer();
    }

    /** What every answer to it says, an error too: how its key's limits stand. */
    public List<Map.Entry<String, String>> answerHeaders() {
        return answerHeaders;
    }

    void answerHeaders(List<Map.Entry<String, String>> headers) {
        this.answerHeaders = headers;
    }

    /** Token counts of the answer, once they are known; of one that was recalled, what it once took. */
    public @Nullable Usage usage() {
        if (attempts.isEmpty()) {
            return recall == null ? null : recall.usage();
        }
        return attempts.latest().usage();
    }
}
