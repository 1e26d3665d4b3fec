package dev.mehari.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.Extras;
import dev.mehari.chat.Json;
import dev.mehari.chat.Sha256;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of values as bytes that no other sequence has: each begins with its kind, and text with its length. One
 * instance a sequence; not thread-safe.
 */
final class Canonical {
    private static final int DEEPEST = 1000;

    private final ByteSink out = new ByteSink(1024);

    /** What follows, by one letter. */
    Canonical mark(char kind) {
        out.write(kind);
        return this;
    }

    Canonical count(int count) {
        return mark('#').integer(count);
    }

    Canonical text(@Nullable String text) {
        if (text == null) {
            return mark('0');
        }
        if (hasHalfOfAPair(text)) {
            // UTF-8 would make all of them the same question mark.
            return mark('u').units(text);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        mark('"').integer(bytes.length);
        out.write(bytes);
        return this;
    }

    private Canonical units(String text) {
        integer(text.length());
        for (int i = 0; i < text.length(); i++) {
            out.write((char) (text.charAt(i) >>> 8)).write((char) (text.charAt(i) & 0xFF));
        }
        return this;
    }

    /** Whether UTF-8 has no word for some of it: a provider may cut a stream between the halves of an emoji. */
    static boolean hasHalfOfAPair(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1))) {
                    i++;
                } else {
                    return true;
                }
            }
        }
        return false;
    }

    Canonical texts(List<String> texts) {
        count(texts.size());
        texts.forEach(this::text);
        return this;
    }

    Canonical flag(@Nullable Boolean flag) {
        return mark(flag == null ? '0' : flag ? '+' : '-');
    }

    /** By value: 1, 1.0 and 1e0 are the same. */
    Canonical number(@Nullable Number number) {
        return switch (number) {
            case null -> mark('0');
            case Double floating -> decimal(BigDecimal.valueOf(floating));
            case BigDecimal decimal -> decimal(decimal);
            default -> decimal(BigDecimal.valueOf(number.longValue()));
        };
    }

    private Canonical decimal(BigDecimal value) {
        return mark('1').text(value.stripTrailingZeros().toString());
    }

    /** Fields without a typed home. */
    Canonical extras(Extras extras, Predicate<String> ignored) {
        Map<String, JsonNode> sorted = new TreeMap<>(extras.fields());
        sorted.keySet().removeIf(ignored);
        count(sorted.size());
        sorted.forEach((name, value) -> text(name).json(value));
        return this;
    }

    /** By value, whatever the order of fields. Only that of a schema's properties counts: models write them in it. */
    Canonical json(@Nullable JsonNode node) {
        return node == null ? mark('0') : json(node, false, DEEPEST);
    }

    private Canonical json(JsonNode node, boolean ordered, int depth) {
        if (depth == 0) {
            throw new IllegalArgumentException("JSON is not read that deep");
        }
        switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, JsonNode> fields = ordered ? new java.util.LinkedHashMap<>() : new TreeMap<>();
                node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
                mark('{').count(fields.size());
                fields.forEach(
                        (name, value) -> text(name).json(value, !ordered && name.equals("properties"), depth - 1));
            }
            case ARRAY -> {
                mark('[').count(node.size());
                node.forEach(element -> json(element, false, depth - 1));
            }
            case NUMBER -> decimal(node.decimalValue());
            case BOOLEAN -> flag(node.booleanValue());
            case STRING -> text(node.textValue());
            // A number beyond counting, by its digits.
            case POJO -> mark('1').text(Json.text(node));
            case BINARY, MISSING, NULL -> mark('0');
        }
        return this;
    }

    private Canonical integer(int value) {
        out.write((char) (value >>> 24 & 0xFF))
                .write((char) (value >>> 16 & 0xFF))
                .write((char) (value >>> 8 & 0xFF))
                .write((char) (value & 0xFF));
        return this;
    }

    /** SHA-256 over all of it, as 64 lower-case hexadecimal digits. */
    String hash() {
        return HexFormat.of().formatHex(Sha256.of(out.toByteArray()));
    }
}
