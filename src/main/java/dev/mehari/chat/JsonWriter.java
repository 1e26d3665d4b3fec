package dev.mehari.chat;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON piece by piece into a {@link ByteSink}, commas included. It trusts its caller to close what was opened, and
 * to give a name before each value of an object. Half an emoji is written as JSON can and UTF-8 cannot.
 *
 * <p>One instance a body; not thread-safe.
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

    /** A field's name. Its value follows. */
    public JsonWriter name(String name) {
        separate();
        Json.quote(name, out).write(':');
        comma = false;
        return this;
    }

    /** A string. */
    public JsonWriter text(String value) {
        separate();
        Json.quote(value, out);
        return this;
    }

    public JsonWriter number(long value) {
        return raw(Long.toString(value));
    }

    public JsonWriter flag(boolean value) {
        return raw(value ? "true" : "false");
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

    /** A field that is a string. */
    public JsonWriter field(String name, String value) {
        return name(name).text(value);
    }

    /** A field that is an integer. */
    public JsonWriter field(String name, long value) {
        return name(name).number(value);
    }

    /** A field that is true or false. */
    public JsonWriter field(String name, boolean value) {
        return name(name).flag(value);
    }

    /** A field that is a tree. */
    public JsonWriter field(String name, JsonNode value) {
        return name(name).raw(Json.bytes(value));
    }

    /** A field that is a string; nothing for null. */
    public JsonWriter fieldIfAny(String name, @Nullable String value) {
        return value == null ? this : field(name, value);
    }

    /** A field that is a number; nothing for null. */
    public JsonWriter fieldIfAny(String name, @Nullable Number value) {
        return value == null ? this : name(name).raw(value.toString());
    }

    /** A field that is true or false; nothing for null. */
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
