package dev.mehari.call;

import dev.mehari.cache.CacheControl;
import dev.mehari.cache.CacheKey;
import dev.mehari.cache.CacheUse;
import dev.mehari.cache.Flight;
import dev.mehari.cache.Recording;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.Usage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the cache has to do with one call. Belongs to the call's virtual thread, but for what ends its recording. */
public final class Recall {
    private final List<CacheKey> keys;
    private final CacheControl control;
    private final @Nullable Duration ttl;
    private CacheUse verdict;
    private @Nullable Flight flight;
    private @Nullable CacheKey led;
    private StoredAnswer.@Nullable Origin origin;
    private @Nullable Duration age;
    private @Nullable Object answer;
    private volatile @Nullable Usage usage;
    private @Nullable RecalledVectors vectors;
    private @Nullable Recording counting;
    private boolean shared;
    private boolean kept;

    /**
     * @param keys of a chat one, of a request for embeddings one for each input; none: nothing is recalled or kept
     * @param ttl how long the answer is to be kept; null: it is not to be
     */
    Recall(List<CacheKey> keys, CacheControl control, @Nullable Duration ttl, CacheUse verdict) {
        this.keys = List.copyOf(keys);
        this.control = control;
        this.ttl = ttl;
        this.verdict = verdict;
    }

    List<CacheKey> keys() {
        return keys;
    }

    CacheControl control() {
        return control;
    }

    /** @throws IllegalStateException it is not to be kept */
    Duration ttl() {
        if (ttl == null) {
            throw new IllegalStateException("the answer is not to be kept");
        }
        return ttl;
    }

    /** What the client is told. */
    public CacheUse verdict() {
        return verdict;
    }

    /** The key of a chat's answer, by which it can be deleted; null: it has none. */
    public @Nullable String key() {
        return keys.size() == 1 ? keys.getFirst().hash() : null;
    }

    /** Who gave the answer that was recalled; null: none was. */
    public StoredAnswer.@Nullable Origin origin() {
        return origin;
    }

    /** How old the answer is that was recalled; null: none was. */
    public @Nullable Duration age() {
        return age;
    }

    void hit(StoredAnswer.Origin origin, Duration age) {
        this.verdict = CacheUse.HIT;
        this.origin = origin;
        this.age = age;
    }

    /**
     * The call is answered, or what is left of it, with what was kept.
     *
     * @param answer as {@link Attempt#answer} has it
     * @param usage null: not known, or told as the answer's events pass
     */
    void answered(Object answer, @Nullable Usage usage) {
        this.answer = answer;
        if (usage != null) {
            this.usage = usage;
        }
    }

    /** Sees the events of an answer that another call has asked for, on the loop. */
    void watch(ChatEvent event) {
        if (event instanceof ChatEvent.UsageReport report) {
            usage = report.usage();
        }
    }

    /** What was recalled; null: nothing. */
    @Nullable
    Object answer() {
        return answer;
    }

    /** What that once took, once it is known. */
    @Nullable
    Usage usage() {
        return usage;
    }

    /** Whether the answer is to be kept. */
    boolean keeps() {
        return !keys.isEmpty() && ttl != null;
    }

    /** What identical calls at once have in common: of a chat its key, of embeddings those of what is still to be asked for. */
    CacheKey question() {
        RecalledVectors found = vectors;
        return CacheKey.of(found == null ? keys : found.missing());
    }

    /** The flight that this call leads; null: none. */
    @Nullable
    Flight flight() {
        return flight;
    }

    void leads(CacheKey question, Flight flight) {
        this.led = question;
        this.flight = flight;
    }

    /** What that flight is under. */
    CacheKey led() {
        CacheKey question = led;
        if (question == null) {
            throw new IllegalStateException("it leads no flight");
        }
        return question;
    }

    /** The recording that counts is this one, or, of a whole answer, there is none to wait for. */
    synchronized void shares(@Nullable Recording recording) {
        this.shared = true;
        this.counting = recording;
    }

    /** Whether the flight may end: its answer has been shared, and nothing more will come of it. */
    synchronized boolean isThrough() {
        Recording one = counting;
        return shared && (one == null || kept || (one.isOver() && !one.isComplete()) || one.isTooLarge());
    }

    /** What could be kept has been. */
    synchronized void kept() {
        this.kept = true;
    }

    /** What was found of a request for embeddings, whose rest is being asked for; null: nothing. */
    @Nullable
    RecalledVectors vectors() {
        return vectors;
    }

    void vectors(RecalledVectors found) {
        this.vectors = found;
    }
}
