package dev.mehari.dialect.responses;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.Json;

/**
 * An item of the output that is still growing. It writes its own events: added, its deltas, and on closing the done
 * events, whose last holds the whole item. Not thread-safe.
 */
abstract sealed class OutputItem permits MessageItem, ReasoningItem, CallItem {
    /** How an item has ended, or that it has not. */
    enum Status {
        IN_PROGRESS,
        COMPLETED,
        INCOMPLETE;

        String wire() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    final EventWriter events;
    final String id;
    final int index;

    OutputItem(EventWriter events, String id, int index) {
        this.events = events;
        this.id = id;
        this.index = index;
    }

    /** Appends the item as it is now. */
    abstract void write(Status status, ByteSink out);

    /** Writes the done events of its parts. */
    abstract void closeParts(Status status, ByteSink out);

    final void open(ByteSink out) {
        itemEvent("response.output_item.added", Status.IN_PROGRESS, out);
    }

    /** Ends the item and gives it back whole, as UTF-8 JSON. */
    final byte[] close(Status status, ByteSink out) {
        closeParts(status, out);
        itemEvent("response.output_item.done", status, out);
        ByteSink whole = new ByteSink(256);
        write(status, whole);
        return whole.toByteArray();
    }

    private void itemEvent(String type, Status status, ByteSink out) {
        events.begin(type, out).write(",\"output_index\":").write(Integer.toString(index));
        write(status, out.write(",\"item\":"));
        events.end(out);
    }

    /** Begins an event about this item. */
    final ByteSink event(String type, ByteSink out) {
        events.begin(type, out).write(",\"item_id\":");
        return Json.quote(id, out).write(",\"output_index\":").write(Integer.toString(index));
    }

    /** An event with one more field, a string. */
    final void event(String type, String name, String value, ByteSink out) {
        event(type, out).write(",\"").write(name).write("\":");
        Json.quote(value, out);
        events.end(out);
    }
}
