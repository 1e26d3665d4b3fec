package dev.mehari.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.mehari.chat.Json;

/** How far the JSON of a request may go. Thread-safe. */
public final class JsonLimits {
    /** What {@link Json#FACTORY} has: nesting of 1000. */
    public static final JsonLimits DEFAULT = new JsonLimits(Json.FACTORY);

    private final JsonFactory factory;

    private JsonLimits(JsonFactory factory) {
        this.factory = factory;
    }

    /** @param depth of objects and lists in each other. Strings have no limit but the body's */
    public JsonLimits(int depth) {
        this(Json.FACTORY
                .rebuild()
                .streamReadConstraints(Json.FACTORY
                        .streamReadConstraints()
                        .rebuild()
                        .maxNestingDepth(depth)
                        .build())
                .build());
    }

    JsonFactory factory() {
        return factory;
    }

    /** For the message to a client that went beyond them. */
    String told() {
        StreamReadConstraints most = factory.streamReadConstraints();
        return "nesting of " + most.getMaxNestingDepth() + ", numbers of " + most.getMaxNumberLength()
                + " digits, strings of " + most.getMaxStringLength() / (1024 * 1024) + " MiB, names of "
                + most.getMaxNameLength() + " characters";
    }
}
