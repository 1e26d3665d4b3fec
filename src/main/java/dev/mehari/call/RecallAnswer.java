package dev.mehari.call;

import dev.mehari.cache.AnswerCache;
import dev.mehari.cache.CacheKey;
import dev.mehari.cache.CacheUse;
import dev.mehari.cache.CorruptAnswer;
import dev.mehari.cache.Replay;
import dev.mehari.cache.StoredAnswer;
import dev.mehari.cache.StoredAnswer.Content;
import dev.mehari.chat.Answer;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.Ids;
import dev.mehari.chat.Playback;
import dev.mehari.chat.ResponseFolder;
import dev.mehari.config.MehariSettings;
import dev.mehari.transport.AnswerStream;
import dev.mehari.transport.Loop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Step {@code recallAnswer}: answers a call with what was kept, as found in memory (the body) or in Redis, else together
 * with an identical call that is under way. Sets the property {@code recalled} when nobody need be asked any more.
 */
@Component
final class RecallAnswer implements Processor {
    private final AnswerCache cache;
    private final JoinFlight flights;
    private final Duration pace;
    private final InstantSource clock;

    RecallAnswer(AnswerCache cache, JoinFlight flights, MehariSettings settings, InstantSource clock) {
        this.cache = cache;
        this.flights = flights;
        this.pace = settings.cache().pace();
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Recall recall = call.recall();
        if (recall == null || recall.verdict() != CacheUse.MISS) {
            return;
        }
        Map<CacheKey, StoredAnswer> found = cache.beyondMemory(recall.keys(), inMemory(exchange));
        boolean recalled = answers(call, recall, found) || flights.join(exchange, call, recall, found, this);
        if (recalled) {
            exchange.setProperty("recalled", true);
        }
        cache.stats().count(recall.verdict());
        CallNotes notes = CallNotes.of(exchange);
        if (notes != null) {
            notes.cache(recall.verdict());
        }
    }

    private static Map<CacheKey, StoredAnswer> inMemory(Exchange exchange) {
        Map<CacheKey, StoredAnswer> found = new HashMap<>();
        if (exchange.getMessage().getBody() instanceof Map<?, ?> map) {
            map.forEach((key, answer) -> found.put((CacheKey) key, (StoredAnswer) answer));
        }
        return found;
    }

    /** Answers with these, when they are all that it takes. */
    boolean answers(Call call, Recall recall, Map<CacheKey, StoredAnswer> found) {
        if (call.request().embeddings() != null) {
            return recallVectors(call, recall, found);
        }
        StoredAnswer answer = found.get(recall.keys().getFirst());
        return answer != null && recallChat(call, recall, answer);
    }

    /** Answers with what is in memory now. */
    boolean isKept(Call call, Recall recall) {
        Map<CacheKey, StoredAnswer> found = new HashMap<>();
        for (CacheKey key : recall.keys()) {
            StoredAnswer answer = cache.inMemory(key);
            if (answer == null) {
                return false;
            }
            found.put(key, answer);
        }
        return answers(call, recall, found);
    }

    /** Answers a chat with that answer, unless the client wants a younger one. */
    private boolean recallChat(Call call, Recall recall, StoredAnswer answer) {
        Duration age = answer.age(clock.instant());
        if (isTooOld(recall, age)) {
            return false;
        }
        StoredAnswer.Read read = read(recall.keys().getFirst(), answer);
        if (read == null || !(read.content() instanceof Content.Chat chat)) {
            return false;
        }
        recall.hit(read.origin(), age);
        ChatEvent.Start start = start(call, read.origin(), clock.instant());
        recall.answered(
                call.request().stream() ? stream(call, start, chat.events()) : whole(start, chat.events()),
                StoredAnswer.usage(chat.events()));
        return true;
    }

    private static boolean isTooOld(Recall recall, Duration age) {
        Duration oldest = recall.control().maxAge();
        return oldest != null && age.compareTo(oldest) > 0;
    }

    private StoredAnswer.@Nullable Read read(CacheKey key, StoredAnswer answer) {
        try {
            return answer.read();
        } catch (CorruptAnswer unreadable) {
            cache.unreadable(key);
            return null;
        }
    }

    private Object stream(Call call, ChatEvent.Start start, List<ChatEvent> events) {
        Loop loop = call.client().loop();
        Playback played =
                new Playback(new Replay(start, events, pace), (delay, task) -> loop.after(delay, task)::cancel);
        return AnswerStream.known(loop, played, call.newEncoder(), event -> {});
    }

    private static Answer whole(ChatEvent.Start start, List<ChatEvent> events) {
        ResponseFolder folder = new ResponseFolder();
        folder.accept(start);
        events.forEach(folder::accept);
        return new Answer.Translated(folder.response(), null);
    }

    /** How an answer that is given again begins: with an id and a time of its own, and the model as the client calls it. */
    static ChatEvent.Start start(Call call, StoredAnswer.Origin origin, Instant now) {
        String asked = call.request().model();
        return new ChatEvent.Start(
                Ids.random("chatcmpl-", 26), asked == null ? origin.model() : asked, now.getEpochSecond());
    }

    /** Answers with kept vectors, when all were kept; else leaves only the others to be asked for. */
    private boolean recallVectors(Call call, Recall recall, Map<CacheKey, StoredAnswer> found) {
        RecalledVectors vectors = new RecalledVectors(recall.keys());
        for (CacheKey key : recall.keys()) {
            StoredAnswer answer = found.get(key);
            Duration age = answer == null ? Duration.ZERO : answer.age(clock.instant());
            StoredAnswer.Read read = answer == null || isTooOld(recall, age) ? null : read(key, answer);
            if (read != null && read.content() instanceof Content.Vector vector) {
                vectors.found(key, vector, read.origin(), age);
            }
        }
        if (vectors.areAll()) {
            recall.hit(vectors.origin(), vectors.age());
            Answer.Embedded answer = vectors.answer(call);
            recall.answered(answer, answer.usage());
            return true;
        }
        if (!vectors.areNone()) {
            recall.vectors(vectors);
            call.asked(vectors.rest(call.request()));
        }
        return false;
    }
}
