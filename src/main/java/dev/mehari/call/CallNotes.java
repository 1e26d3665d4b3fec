package dev.mehari.call;

import dev.mehari.access.Caller;
import dev.mehari.cache.CacheUse;
import dev.mehari.transport.ClientExchange;
import dev.mehari.usage.AttemptRecord;
import dev.mehari.usage.ContentCollector;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of one call between its door and its end. Over when both its route and its exchange with the client are:
 * whichever ends last has it recorded, and sees all that the other has noted.
 */
final class CallNotes extends SynchronizationAdapter {
    private static final String PROPERTY = "notes";

    private final ClientExchange client;
    private final CallRecorder recorder;
    private final @Nullable ContentCollector content;
    private final AtomicInteger open = new AtomicInteger(2);
    private @Nullable Call call;
    private Caller caller = Caller.ANYONE;
    private @Nullable CacheUse cache;
    private long admittedNanos;
    private @Nullable CallSpending spending;
    private @Nullable Supplier<AttemptRecord> beside;

    private CallNotes(ClientExchange client, CallRecorder recorder, @Nullable ContentCollector content) {
        this.client = client;
        this.recorder = recorder;
        this.content = content;
    }

    /** Begins to take notes of the call that an exchange carries. */
    static void begin(Exchange exchange, CallRecorder recorder, @Nullable ContentCollector content) {
        ClientExchange client = ClientExchange.of(exchange);
        CallNotes notes = new CallNotes(client, recorder, content);
        exchange.setProperty(PROPERTY, notes);
        exchange.getExchangeExtension().addOnCompletion(notes);
        if (content != null) {
            client.copyTo(content);
        }
        client.whenOver(notes::ended);
    }

    /** Those of the call that an exchange carries; null: nobody takes any. */
    static @Nullable CallNotes of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, CallNotes.class);
    }

    void caller(Caller caller) {
        this.caller = caller;
    }

    void admitted() {
        admittedNanos = System.nanoTime();
    }

    /** The call was read, or is another one since. */
    void read(Call call) {
        this.call = call;
    }

    /** It was let through on these terms. */
    void spending(CallSpending spending) {
        this.spending = spending;
    }

    /** What the cache had to do with it. */
    void cache(CacheUse use) {
        this.cache = use;
    }

    /** Somebody is asked something that is no attempt at an answer; what became of it will be known at the end. */
    void beside(Supplier<AttemptRecord> question) {
        this.beside = question;
    }

    /** Its route has ended. */
    @Override
    public void onDone(Exchange exchange) {
        ended();
    }

    @Override
    public boolean allowHandover() {
        // It belongs to the door's own exchange, not to copies of it.
        return false;
    }

    private void ended() {
        if (open.decrementAndGet() == 0) {
            recorder.ended(this);
        }
    }

    ClientExchange client() {
        return client;
    }

    @Nullable
    Call call() {
        return call;
    }

    /** {@link Caller#ANYONE} also for those who were not let in. */
    Caller caller() {
        return caller;
    }

    /** Null: nothing is limited, or it was not let through. */
    @Nullable
    CallSpending spending() {
        return spending;
    }

    /** Null: nobody was asked anything but for answers. */
    @Nullable
    AttemptRecord beside() {
        return beside == null ? null : beside.get();
    }

    @Nullable
    CacheUse cache() {
        return cache;
    }

    long admittedNanos() {
        return admittedNanos;
    }

    @Nullable
    ContentCollector content() {
        return content;
    }
}
