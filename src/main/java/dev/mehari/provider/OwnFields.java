package dev.mehari.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a provider tells of its answer beyond what the hub has words for, by the provider's own names. Streams tell the same
 * again and again: the last counts. One instance an answer; not thread-safe.
 */
public final class OwnFields {
    /** No provider has as many; one that made names up for ever would be remembered for ever. */
    private static final int MOST = 100;

    private final String protocol;
    private @Nullable ObjectNode fields;

    /** @param protocol its name, under which the client finds them */
    public OwnFields(String protocol) {
        this.protocol = protocol;
    }

    /** Keeps one; null and what is empty say nothing. */
    public void put(String name, JsonNode value) {
        boolean empty = value.isNull() || value.isMissingNode() || (value.isContainerNode() && value.isEmpty());
        ObjectNode known = fields;
        boolean full = known != null && known.size() >= MOST && !known.has(name);
        if (!empty && !full) {
            fields = Json.with(known, name, value);
        }
    }

    /** Keeps a text, if there is one. */
    public void put(String name, @Nullable String text) {
        if (text != null) {
            put(name, Json.MAPPER.getNodeFactory().textNode(text));
        }
    }

    /** Keeps all fields of an object. */
    public void putAll(JsonNode object) {
        object.properties().forEach(field -> put(field.getKey(), field.getValue()));
    }

    /** All of them under the protocol's name; null: there are none. */
    public @Nullable JsonNode fields() {
        return fields == null ? null : Json.MAPPER.createObjectNode().set(protocol, fields);
    }

    /** Tells them, if there are any. To be called once, before anything finishes. */
    public void tell(EventSink sink) {
        JsonNode known = fields();
        if (known != null) {
            sink.accept(new ChatEvent.ProviderFields(known));
        }
    }
}
