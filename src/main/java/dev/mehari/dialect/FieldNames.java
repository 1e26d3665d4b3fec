package dev.mehari.dialect;

import dev.mehari.chat.RequestField;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client API can ask for, each field by the name it has there: for {@code x-mehari-dropped-params} and for
 * docs/compatibility.md. A field that is absent cannot be asked for. Immutable.
 */
public final class FieldNames {
    /** All of them, by the names that the hub has from Chat Completions. */
    public static final FieldNames OF_CHAT = ofChat();

    private final Map<RequestField, String> names;
    private final Map<String, String> byTitle = new HashMap<>();

    public FieldNames(Map<RequestField, String> names) {
        this.names = Collections.unmodifiableMap(new EnumMap<>(names));
        names.forEach((field, name) -> {
            byTitle.put(field.title(), name);
            // "response_format: json_schema" is a value; where the field as such is meant, it is this one.
            int value = field.title().indexOf(": ");
            if (value > 0 && !name.equals(field.title())) {
                int named = name.indexOf(": ");
                byTitle.putIfAbsent(field.title().substring(0, value), named < 0 ? name : name.substring(0, named));
            }
        });
    }

    private static FieldNames ofChat() {
        Map<RequestField, String> names = new EnumMap<>(RequestField.class);
        for (RequestField field : RequestField.values()) {
            names.put(field, field.title());
        }
        return new FieldNames(names);
    }

    public Map<RequestField, String> names() {
        return names;
    }

    /** The client's name for what the chat dialect calls so; the same where it has none of its own. */
    public String named(String title) {
        return byTitle.getOrDefault(title, title);
    }

    /** The same for several, each once. */
    public List<String> named(List<String> titles) {
        return titles.stream().map(this::named).distinct().toList();
    }
}
