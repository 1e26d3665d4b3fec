package dev.mehari.cache;

import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Usage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One answer as it is kept, in the same bytes here and in Redis: when and by whom it was given, and its events, or one
 * vector. Immutable; the arrays are not to be changed.
 *
 * @param bytes in the form of {@link #VERSION}
 * @param at when it was given
 * @param ttl how long it is kept from then on
 */
public record StoredAnswer(byte[] bytes, Instant at, Duration ttl) {
    /** Of the form. Raised with every change of it, so that replicas of two versions do not read each other's. */
    public static final int VERSION = 4;

    /** What an entry takes beside its bytes: key, record, array and the cache's own node. */
    private static final int BESIDE = 400;

    private static final int CHAT = 1;
    private static final int VECTOR = 2;

    /**
     * Who gave it.
     *
     * @param provider by name
     * @param model as the provider names it
     * @param names what it calls itself and its answer; null: it does not tell
     * @param dropped fields of the request that the provider did not take, by their names in the chat dialect
     */
    public record Origin(
            String provider, String model, @Nullable AnswerNames names, List<String> dropped) {
        public Origin {
            dropped = List.copyOf(dropped);
        }
    }

    /** What it says, read back. */
    public sealed interface Content {
        /** A chat's answer: all its events but the start, the last one {@link ChatEvent.End}. */
        record Chat(List<ChatEvent> events) implements Content {}

        /**
         * The vector of one input.
         *
         * @param tokens its share of what the batch it came with has cost; null: not known
         */
        record Vector(float[] vector, @Nullable Long tokens) implements Content {}
    }

    /** An answer read back. */
    public record Read(Origin origin, Content content) {}

    /** A chat's answer, as it may be kept; null when it may not: it was cut off, or a filter spoke. */
    public static @Nullable StoredAnswer of(List<ChatEvent> events, Origin origin, Instant at, Duration ttl) {
        ByteSink sink = new ByteSink(1024);
        ByteForm out = head(origin, at, ttl, sink).octet(CHAT);
        boolean finished = false;
        for (ChatEvent event : events) {
            if (event instanceof ChatEvent.Failure
                    || (event instanceof ChatEvent.Finish finish && isPartial(finish.reason()))) {
                return null;
            }
            finished |= event instanceof ChatEvent.Finish;
            EventForm.write(event, out);
        }
        boolean whole = finished && !events.isEmpty() && events.getLast() instanceof ChatEvent.End;
        return whole ? new StoredAnswer(sink.take(), at, ttl) : null;
    }

    private static boolean isPartial(FinishReason reason) {
        return switch (reason) {
            case LENGTH, CONTENT_FILTER -> true;
            case STOP, TOOL_CALLS, FUNCTION_CALL -> false;
        };
    }

    /** One vector. */
    public static StoredAnswer of(float[] vector, @Nullable Long tokens, Origin origin, Instant at, Duration ttl) {
        ByteSink sink = new ByteSink(vector.length * Float.BYTES + 64);
        ByteBuffer floats = ByteBuffer.allocate(vector.length * Float.BYTES);
        floats.asFloatBuffer().put(vector);
        head(origin, at, ttl, sink).octet(VECTOR).numberIfAny(tokens).bytes(floats.array());
        return new StoredAnswer(sink.take(), at, ttl);
    }

    private static ByteForm head(Origin origin, Instant at, Duration ttl, ByteSink sink) {
        AnswerNames names = origin.names();
        return new ByteForm(sink)
                .number(at.toEpochMilli())
                .number(ttl.toMillis())
                .text(origin.provider())
                .text(origin.model())
                .textIfAny(names == null ? null : names.id())
                .textIfAny(names == null ? null : names.model())
                .texts(origin.dropped());
    }

    /**
     * An answer whose bytes come from elsewhere.
     *
     * @throws CorruptAnswer they begin as no answer does
     */
    public static StoredAnswer of(byte[] bytes) {
        ByteFormReader in = new ByteFormReader(bytes);
        return new StoredAnswer(bytes, Instant.ofEpochMilli(in.number()), Duration.ofMillis(in.number()));
    }

    /** @throws CorruptAnswer it cannot be read */
    public Read read() {
        ByteFormReader in = new ByteFormReader(bytes);
        in.number();
        in.number();
        Origin origin = new Origin(in.text(), in.text(), AnswerNames.of(in.textIfAny(), in.textIfAny()), in.texts());
        int kind = in.octet();
        return switch (kind) {
            case CHAT -> new Read(origin, chat(in));
            case VECTOR -> new Read(origin, vector(in));
            default -> throw new CorruptAnswer("an answer of kind " + kind);
        };
    }

    private static Content chat(ByteFormReader in) {
        List<ChatEvent> events = new ArrayList<>();
        while (in.hasMore()) {
            events.add(EventForm.read(in));
        }
        if (events.isEmpty() || !(events.getLast() instanceof ChatEvent.End)) {
            throw new CorruptAnswer("an answer without its end");
        }
        return new Content.Chat(events);
    }

    private static Content vector(ByteFormReader in) {
        Long tokens = in.numberIfAny();
        byte[] floats = in.bytes();
        float[] vector = new float[floats.length / Float.BYTES];
        ByteBuffer.wrap(floats).asFloatBuffer().get(vector);
        return new Content.Vector(vector, tokens);
    }

    /** Token counts of a chat's answer; null when none were told. */
    public static @Nullable Usage usage(List<ChatEvent> events) {
        for (ChatEvent event : events.reversed()) {
            if (event instanceof ChatEvent.UsageReport report) {
                return report.usage();
            }
        }
        return null;
    }

    /** What it takes of memory, in bytes. */
    public int size() {
        return bytes.length + BESIDE;
    }

    /** How old it is; never negative, whatever another replica's clock said. */
    public Duration age(Instant now) {
        Duration age = Duration.between(at, now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** How long it is still kept. */
    public Duration left(Instant now) {
        return ttl.minus(age(now));
    }
}
