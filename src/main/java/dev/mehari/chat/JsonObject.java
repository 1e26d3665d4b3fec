package dev.mehari.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as its bytes and where its top-level fields stand in them, so that some can be changed and all others
 * pass untouched: numbers, escapes and order included. Immutable.
 */
public final class JsonObject {
    private final byte[] bytes;
    private final List<Field> fields;

    private JsonObject(byte[] bytes, List<Field> fields) {
        this.bytes = bytes;
        this.fields = fields;
    }

    /**
     * One top-level field.
     *
     * @param start of the name's opening quote
     * @param valueStart first byte of the value
     * @param end after the value
     * @param kind the value's first token
     */
    public record Field(String name, int start, int valueStart, int end, JsonToken kind) {}

    /** Looks into one field while the object is read. */
    @FunctionalInterface
    public interface FieldReader {
        /** The parser stands on the value's first token; it may be read to its last, or left. */
        void read(String name, JsonParser value) throws IOException;
    }

    /**
     * Reads one object, behind which nothing may stand. A field that comes twice counts once, with its last value.
     *
     * @param parser at the very beginning of {@code bytes}
     * @throws com.fasterxml.jackson.core.JacksonException the bytes are no JSON
     * @throws NotAnObject they are another JSON value, or more than one
     */
    public static JsonObject read(byte[] bytes, JsonParser parser, FieldReader reader) throws IOException {
        JsonObject object = first(bytes, parser, reader);
        if (parser.nextToken() != null) {
            throw new NotAnObject();
        }
        return object;
    }

    /** The same, to the end of the object; what follows is the caller's. */
    public static JsonObject first(byte[] bytes, JsonParser parser, FieldReader reader) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new NotAnObject();
        }
        List<Field> fields = new ArrayList<>(12);
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            int start = (int) parser.currentTokenLocation().getByteOffset();
            JsonToken kind = parser.nextToken();
            int valueStart = (int) parser.currentTokenLocation().getByteOffset();
            int depth = parser.getParsingContext().getNestingDepth();
            reader.read(name, parser);
            finishValue(parser, kind, depth);
            Field field = new Field(
                    name, start, valueStart, (int) parser.currentLocation().getByteOffset(), kind);
            replaceOrAdd(fields, field);
        }
        return new JsonObject(bytes, fields);
    }

    /** JSON that was read once before, and so is known to be an object. */
    public static JsonObject of(byte[] scanned) {
        try (JsonParser parser = Json.FACTORY.createParser(scanned)) {
            return read(scanned, parser, (name, value) -> {});
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    /** Moves to the value's last byte, however much of it the reader has read. */
    private static void finishValue(JsonParser parser, JsonToken kind, int depth) throws IOException {
        if (kind.isStructStart()) {
            while (parser.getParsingContext().getNestingDepth() >= depth) {
                parser.nextToken();
                parser.skipChildren();
            }
        } else {
            parser.finishToken();
        }
    }

    private static void replaceOrAdd(List<Field> fields, Field field) {
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).name().equals(field.name())) {
                fields.set(i, field);
                return;
            }
        }
        fields.add(field);
    }

    public byte[] bytes() {
        return bytes;
    }

    /** In the order they stand. */
    public List<Field> fields() {
        return fields;
    }

    /** The field of that name, unless it is absent or {@code null}, which means the same. */
    public @Nullable Field field(String name) {
        for (Field field : fields) {
            if (field.name().equals(name)) {
                return field.kind() == JsonToken.VALUE_NULL ? null : field;
            }
        }
        return null;
    }

    public boolean has(String name) {
        return field(name) != null;
    }

    /** Reads a field's value. */
    public JsonParser parser(Field field) {
        try {
            return Json.FACTORY.createParser(bytes, field.valueStart(), field.end() - field.valueStart());
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    /** A field's value as a tree: for the few that must be looked into. */
    public JsonNode tree(Field field) {
        try (JsonParser value = parser(field)) {
            return Json.MAPPER.readTree(value);
        } catch (IOException impossible) {
            throw new UncheckedIOException("read once already", impossible);
        }
    }

    /** A field's value when it is a string, else the empty string. */
    public String text(@Nullable Field field) {
        return field != null && field.kind() == JsonToken.VALUE_STRING
                ? tree(field).asText()
                : "";
    }

    /** The bytes hold no JSON object. */
    public static final class NotAnObject extends IOException {
        NotAnObject() {
            super("not a JSON object");
        }
    }

    /** Writes an object out of fields copied from another and of new ones. One instance an object. */
    public static final class Copy {
        private final ByteSink out;
        private boolean first = true;

        public Copy(ByteSink out) {
            this.out = out;
            out.write('{');
        }

        /** The field as it stands, name and value. */
        public Copy keep(JsonObject source, Field field) {
            comma();
            out.write(source.bytes, field.start(), field.end() - field.start());
            return this;
        }

        /** The field's value under another name. */
        public Copy rename(JsonObject source, Field field, String name) {
            name(name);
            out.write(source.bytes, field.valueStart(), field.end() - field.valueStart());
            return this;
        }

        /** A field with a value given as JSON. */
        public Copy put(String name, byte[] json) {
            name(name);
            out.write(json);
            return this;
        }

        public void end() {
            out.write('}');
        }

        private void name(String name) {
            comma();
            out.write('"').write(name).write('"').write(':');
        }

        private void comma() {
            if (!first) {
                out.write(',');
            }
            first = false;
        }
    }
}
