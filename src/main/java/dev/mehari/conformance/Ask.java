package dev.mehari.conformance;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param path below the base URL; with {@code rooted} below the server's root
 * @param headers what is sent besides; a name with an empty value is not sent although it usually is
 * @param body null: none
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares requests.
record Ask(String method, String path, boolean rooted, Map<String, String> headers, byte @Nullable [] body) {
    static Ask post(String path, String json) {
        return new Ask(
                "POST", path, false, Map.of("content-type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
    }

    static Ask get(String path) {
        return new Ask("GET", path, false, Map.of(), null);
    }

    Ask by(String otherMethod) {
        return new Ask(otherMethod, path, rooted, headers, body);
    }

    /** At the server's root instead of below the base URL. */
    Ask atRoot() {
        return new Ask(method, path, true, headers, body);
    }

    Ask with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Ask(method, path, rooted, more, body);
    }

    /** With another key than the target's, or none. */
    Ask as(@Nullable String key) {
        return with("authorization", key == null ? "" : "Bearer " + key);
    }
}
