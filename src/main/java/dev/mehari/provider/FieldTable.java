package dev.mehari.provider;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestField;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a protocol does with each field of a request: the one place that says so, for its encoder and for
 * docs/compatibility.md. Every field is in it. Immutable.
 */
public final class FieldTable {
    /** What becomes of a field. */
    public enum Handling {
        /** It goes on as it is. */
        KEPT,
        /** It goes on in the provider's own form. */
        MAPPED,
        /** It is left out, and the answer says so in {@code x-mehari-dropped-params}. */
        DROPPED,
        /** The request is refused with 400 before anything is sent. */
        REJECTED
    }

    /**
     * One row.
     *
     * @param note how it is mapped, or why it is not; empty when there is nothing to say
     */
    public record Row(Handling handling, String note) {}

    private final Map<RequestField, Row> rows;
    private final Set<String> extras;
    private final @Nullable String ownBlocks;

    private FieldTable(Map<RequestField, Row> rows, Set<String> extras, @Nullable String ownBlocks) {
        this.rows = rows;
        this.extras = extras;
        this.ownBlocks = ownBlocks;
    }

    public static Builder of() {
        return new Builder();
    }

    public Map<RequestField, Row> rows() {
        return rows;
    }

    /** Top-level fields of the protocol's own that clients may add under their own names. */
    public Set<String> extras() {
        return extras;
    }

    /**
     * The fields that the request asks for and the protocol leaves out, by their names in the chat dialect.
     *
     * @param provider its name, for the message
     * @throws InvalidRequest a field that the protocol rejects
     */
    public List<String> dropped(ChatRequest request, String provider) {
        Set<String> dropped = new LinkedHashSet<>();
        rows.forEach((field, row) -> {
            if (row.handling() == Handling.DROPPED && field.isIn(request)) {
                dropped.add(field.title());
            } else if (row.handling() == Handling.REJECTED && field.isIn(request)) {
                throw rejected(field, row, provider);
            }
        });
        for (Message message : request.messages()) {
            for (AssistantPart part : message.content()) {
                if (part instanceof ContentPart.Opaque block
                        && !block.protocol().equals(ownBlocks)) {
                    dropped.add(title(block));
                }
            }
        }
        request.extras().fields().forEach((name, value) -> {
            if (!extras.contains(name) && !value.isNull() && !NeverSent.isMissedByNobody(name)) {
                dropped.add(name);
            }
        });
        return List.copyOf(dropped);
    }

    /** By its type (its only field at Google and Amazon), where its API has it: Responses among the items of the input. */
    private static String title(ContentPart.Opaque block) {
        String place = block.protocol().equals("openai") ? "input[]." : "messages[].content[].";
        Iterator<String> fields = block.block().fieldNames();
        return place + block.block().path("type").asText(fields.hasNext() ? fields.next() : "block");
    }

    private static InvalidRequest rejected(RequestField field, Row row, String provider) {
        String why = row.note().isEmpty() ? "" : ": " + row.note();
        return new InvalidRequest(
                "unsupported_parameter",
                field.title(),
                field.title() + " is not supported by provider \"" + provider + "\"" + why);
    }

    /** Collects the rows; not thread-safe. */
    public static final class Builder {
        private final Map<RequestField, Row> rows = new EnumMap<>(RequestField.class);
        private @Nullable Set<String> extras;
        private @Nullable String ownBlocks;

        public Builder kept(RequestField... fields) {
            for (RequestField field : fields) {
                add(field, Handling.KEPT, "");
            }
            return this;
        }

        public Builder mapped(RequestField field, String note) {
            return add(field, Handling.MAPPED, note);
        }

        public Builder dropped(RequestField field, String note) {
            return add(field, Handling.DROPPED, note);
        }

        public Builder rejected(RequestField field, String note) {
            return add(field, Handling.REJECTED, note);
        }

        /** Top-level fields of the protocol's own that are passed on under the same name. */
        public Builder extras(String... names) {
            extras = Set.of(names);
            return this;
        }

        /** Takes back the blocks that {@link ContentPart.Opaque} keeps for this protocol; those of all others it leaves out. */
        public Builder blocks(String protocol) {
            ownBlocks = protocol;
            return this;
        }

        private Builder add(RequestField field, Handling handling, String note) {
            if (rows.put(field, new Row(handling, note)) != null) {
                throw new IllegalStateException(field + " is there twice");
            }
            return this;
        }

        /** @throws IllegalStateException a field is missing: whoever adds one decides for every protocol */
        public FieldTable build() {
            for (RequestField field : RequestField.values()) {
                if (!rows.containsKey(field)) {
                    throw new IllegalStateException("the table says nothing of " + field);
                }
            }
            return new FieldTable(
                    Collections.unmodifiableMap(new EnumMap<>(rows)), extras == null ? Set.of() : extras, ownBlocks);
        }
    }
}
