package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON value as UTF-8, token by token and without a tree. It minds the commas; whoever writes minds that
 * objects and lists are closed. Text may hold anything, halves of an emoji included. Not thread-safe.
 */
public final class JsonWriter {
    private final ByteSink out;
    private boolean comma;

    public JsonWriter(ByteSink out) {
        this.out = out;
    }

    public JsonWriter object() {
        return open('{');
    }

    public JsonWriter endObject() {
        return close('}');
    }

    public JsonWriter list() {
        return open('[');
    }

    public JsonWriter endList() {
        return close(']');
    }

    /** A field's name; its value follows. */
    public JsonWriter name(String name) {
        separate();
        Json.quote(name, out).write(':');
        comma = false;
        return this;
    }

    public JsonWriter text(String value) {
        separate();
        Json.quote(value, out);
        return this;
    }

    public JsonWriter number(long value) {
        return raw(Long.toString(value));
    }

    public JsonWriter number(double value) {
        return raw(Double.toString(value));
    }

    public JsonWriter bool(boolean value) {
        return raw(value ? "true" : "false");
    }

    public JsonWriter tree(JsonNode value) {
        return raw(Json.bytes(value));
    }

    /** A value that is JSON already. */
    public JsonWriter raw(String json) {
        separate();
        out.write(json);
        return this;
    }

    /** A value that is JSON already. */
    public JsonWriter raw(byte[] json) {
        separate();
        out.write(json);
        return this;
    }

    public JsonWriter field(String name, String value) {
        return name(name).text(value);
    }

    public JsonWriter field(String name, JsonNode value) {
        return name(name).tree(value);
    }

    public JsonWriter field(String name, long value) {
        return name(name).number(value);
    }

    public JsonWriter field(String name, boolean value) {
        return name(name).bool(value);
    }

    /** Nothing when there is none. */
    public JsonWriter fieldIfAny(String name, @Nullable String value) {
        return value == null ? this : field(name, value);
    }

    /** Nothing when there is none. Floats keep their shortest form: 1.0 is 1.0. */
    public JsonWriter fieldIfAny(String name, @Nullable Number value) {
        return value == null ? this : name(name).raw(value.toString());
    }

    /** Nothing when there is none. */
    public JsonWriter fieldIfAny(String name, @Nullable Boolean value) {
        return value == null ? this : field(name, value.booleanValue());
    }

    private JsonWriter open(char bracket) {
        separate();
        out.write(bracket);
        comma = false;
        return this;
    }

    private JsonWriter close(char bracket) {
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
