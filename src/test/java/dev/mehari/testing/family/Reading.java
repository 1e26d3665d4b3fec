package dev.mehari.testing.family;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a wire finds in a request as it goes through its messages. */
final class Reading {
    private @Nullable String order;
    private final List<String> results = new ArrayList<>();
    private final List<String> images = new ArrayList<>();
    private final List<String> signatures = new ArrayList<>();

    /** A text of the user's; the first is the order. */
    void said(String text) {
        order = order == null ? text : order;
    }

    void result(String text) {
        results.add(text);
    }

    void image(String type, String base64) {
        images.add(type + " " + Base64.getDecoder().decode(base64).length);
    }

    /** A picture of a {@code data:} URL. */
    void image(String url) {
        image(url.substring("data:".length(), url.indexOf(';')), url.substring(url.indexOf(',') + 1));
    }

    void signature(String text) {
        signatures.add(text);
    }

    /** With what stands beside the messages, as {@link Asked} has it. */
    Asked asked(boolean stream, List<String> tools, int marked, boolean schema) {
        return new Asked(stream, String.valueOf(order), tools, results, images, signatures, marked, schema);
    }
}
