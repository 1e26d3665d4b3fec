package dev.mehari.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.Json;
import dev.mehari.chat.Playback.Step;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Supplier;

/**
 * A stored Response object as the stream of events that it would have been: begun, its items one after the other, and the
 * event that ends it. The same object always gives the same events with the same numbers, so that a reader can go on where
 * it stopped; texts come a few words at a time, whatever the pieces were that they came in. An event is written out when its
 * turn has come. Source: OpenAI API reference, Responses streaming, read 2026-11-21.
 *
 * <p>One instance a stream.
 */
public final class StoredEvents implements Iterator<Step> {
    private final JsonNode response;
    private final Iterator<JsonNode> items;
    private final int after;
    private final Queue<Supplier<ObjectNode>> ready = new ArrayDeque<>();

    private int nextItem;
    private int nextNumber;
    private boolean begun;
    private boolean ended;
    private boolean over;

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
    public boolean hasNext() {
        return !over;
    }

    @Override
    public Step next() {
        while (hasMore()) {
            ObjectNode event = ready.remove().get();
            int number = nextNumber++;
            if (number > after) {
                String type = event.path("type").asText();
                event.put("sequence_number", number);
                return Step.now(new ChatEvent.Frame(Json.bytes(event), true, null, null, type));
            }
        }
        if (over) {
            throw new NoSuchElementException();
        }
        over = true;
        return Step.now(new ChatEvent.End());
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
}
