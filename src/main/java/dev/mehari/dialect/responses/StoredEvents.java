package dev.mehari.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.Json;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stored Response object as the stream of events that it would have been: begun, its items one after the other, and the
 * event that ends it. The same object always gives the same events with the same numbers, so that a reader can go on where
 * it stopped; texts come a few words at a time, whatever the pieces were that they came in. Little is written out before the
 * client has room for it. Source: OpenAI API reference, Responses streaming, read 2026-11-21.
 *
 * <p>One instance a stream, on its client's loop only.
 */
public final class StoredEvents implements EventSource {
    /** Events between two looks at whether the client keeps up: a text may be as long as a request. */
    private static final int AT_ONCE = 64;

    private final JsonNode response;
    private final Iterator<JsonNode> items;
    private final int after;
    private final Queue<Supplier<ObjectNode>> ready = new ArrayDeque<>();

    private @Nullable EventSink sink;
    private int nextItem;
    private int nextNumber;
    private boolean begun;
    private boolean ended;
    private boolean paused;
    private boolean over;
    private boolean playing;

    /**
     * @param response one that has ended; left unchanged
     * @param after the {@code sequence_number} of the last event that is not wanted; -1: all are wanted
     */
    public StoredEvents(JsonNode response, int after) {
        this.response = response;
        this.items = response.path("output").iterator();
        this.after = after;
    }

    @Override
    public void start(EventSink sink) {
        this.sink = sink;
        play();
    }

    private void play() {
        EventSink receiving = sink;
        if (receiving == null || playing || over) {
            return;
        }
        playing = true;
        while (!paused && !over && hasMore()) {
            ObjectNode event = ready.remove().get();
            int number = nextNumber++;
            if (number > after) {
                String type = event.path("type").asText();
                event.put("sequence_number", number);
                receiving.accept(new ChatEvent.Frame(Json.bytes(event), true, null, null, type));
            }
            if (ready.isEmpty() || number % AT_ONCE == 0) {
                receiving.flush();
            }
        }
        playing = false;
        if (!paused && !over) {
            receiving.accept(new ChatEvent.End());
            receiving.flush();
        }
    }

    private boolean hasMore() {
        if (ready.isEmpty() && !begun) {
            begun = true;
            ready.add(() -> about("response.created", begun()));
            ready.add(() -> about("response.in_progress", begun()));
        } else if (ready.isEmpty() && items.hasNext()) {
            ready.addAll(new StoredItem(items.next(), nextItem++).events());
        } else if (ready.isEmpty() && !ended) {
            ended = true;
            ready.add(() -> about(end(), response));
        }
        return !ready.isEmpty();
    }

    private static ObjectNode about(String type, JsonNode response) {
        ObjectNode event = Json.MAPPER.createObjectNode().put("type", type);
        return event.set("response", response);
    }

    private ObjectNode begun() {
        ObjectNode begun = Json.MAPPER.createObjectNode();
        response.properties().forEach(field -> {
            switch (field.getKey()) {
                case "status" -> begun.put("status", "in_progress");
                case "output" -> begun.putArray("output");
                case "usage", "completed_at", "error", "incomplete_details" -> begun.putNull(field.getKey());
                case String other -> begun.set(other, field.getValue());
            }
        });
        return begun;
    }

    /** There is no event for one that was cancelled: as of one that is not all there, its object tells why. */
    private String end() {
        return switch (response.path("status").asText()) {
            case "completed" -> "response.completed";
            case "failed" -> "response.failed";
            case String cut -> "response.incomplete";
        };
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        play();
    }

    @Override
    public void committed() {}

    @Override
    public void finished() {
        over = true;
    }

    @Override
    public void close() {
        over = true;
    }
}
