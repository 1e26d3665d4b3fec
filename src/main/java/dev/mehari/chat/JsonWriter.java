package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON piece by piece and sets the commas. Text may hold anything, halves of surrogate pairs included; that
 * objects and arrays are closed is the caller's affair. Not thread-safe.
 */
public final class JsonWriter {
    private final ByteSink out;
    private boolean comma;

    public JsonWriter(ByteSink out) {
        this.out = out;
    }

    public JsonWriter beginObject() {
        return begin('{');
    }

    public JsonWriter endObject() {
        return end('}');
    }

    public JsonWriter beginArray() {
        return begin('[');
    }

    public JsonWriter endArray() {
        return end(']');
    }

    /** A field's name; its value follows. */
    public JsonWriter name(String name) {
        separate();
        Json.quote(name, out).write(':');
        comma = false;
        return this;
    }

    public JsonWriter string(String text) {
        separate();
        Json.quote(text, out);
        return this;
    }

    /** A value that is JSON already: a number, a word, or anything larger. */
    public JsonWriter raw(String json) {
        separate();
        out.write(json);
        return this;
    }

    public JsonWriter tree(JsonNode node) {
        separate();
        out.write(Json.bytes(node));
        return this;
    }

    public JsonWriter field(String name, String text) {
        return name(name).string(text);
    }

    public JsonWriter field(String name, JsonNode value) {
        return name(name).tree(value);
    }

    public JsonWriter field(String name, long number) {
        return name(name).raw(Long.toString(number));
    }

    public JsonWriter field(String name, boolean value) {
        return name(name).raw(value ? "true" : "false");
    }

    /** Nothing when there is none. */
    public JsonWriter fieldIfAny(String name, @Nullable String text) {
        return text == null ? this : field(name, text);
    }

    /** Nothing when there is none. Floats keep their shortest form: 1.0 is 1.0. */
    public JsonWriter fieldIfAny(String name, @Nullable Number number) {
        return number == null ? this : name(name).raw(number.toString());
    }

    /** Nothing when there is none. */
    public JsonWriter fieldIfAny(String name, @Nullable Boolean value) {
        return value == null ? this : field(name, value.booleanValue());
    }

    private JsonWriter begin(char bracket) {
        separate();
        out.write(bracket);
        comma = false;
        return this;
    }

    private JsonWriter end(char bracket) {
        out.write(bracket);
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            out.write(',');
        }
        comma = true;
    }
}
