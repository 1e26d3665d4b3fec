package dev.mehari.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Posts a form and waits for the whole answer: for the tokens that a provider asks for, a few an hour. Blocks the calling
 * virtual thread; follows no redirect, as those would carry secrets elsewhere.
 */
public final class FormPost {
    private static final int MOST_BYTES = 1024 * 1024;

    private FormPost() {}

    /** @param body at most 1 MiB of it */
    public record Answer(int status, byte[] body) {}

    /**
     * @param timeout for connecting, and again for each wait for bytes
     * @throws IOException nobody answered in time
     */
    public static Answer send(URI address, Map<String, String> form, Duration timeout) throws IOException {
        byte[] body = form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.US_ASCII);
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setRequestMethod("POST");
        connection.setRequestProperty("content-type", "application/x-www-form-urlencoded");
        connection.setRequestProperty("accept", "application/json");
        connection.setDoOutput(true);
        connection.getOutputStream().write(body);
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, in == null ? new byte[0] : in.readNBytes(MOST_BYTES));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
