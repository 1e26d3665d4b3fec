package dev.mehari.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A request with a small answer, which it waits for whole: for the tokens that a provider asks for, a few an hour. Blocks
 * the calling virtual thread; follows no redirect, as those would carry secrets elsewhere.
 */
public final class TokenRequest {
    private static final int MOST_BYTES = 1024 * 1024;

    private TokenRequest() {}

    /** @param body at most 1 MiB of it */
    public record Answer(int status, byte[] body) {}

    /**
     * Posts a form.
     *
     * @param timeout for connecting, and again for each wait for bytes
     * @throws IOException nobody answered in time
     */
    public static Answer post(URI address, Map<String, String> form, Duration timeout) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setRequestProperty("content-type", "application/x-www-form-urlencoded");
        connection.setDoOutput(true);
        return answer(connection, encoded(form).getBytes(StandardCharsets.US_ASCII), timeout);
    }

    /**
     * Asks somebody on this very machine or beside it, so never by a proxy.
     *
     * @param timeout as of {@link #post}
     * @throws IOException nobody answered in time
     */
    public static Answer getNearby(
            URI address, Map<String, String> query, Map<String, String> headers, Duration timeout) throws IOException {
        String join = address.getRawQuery() == null ? "?" : "&";
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(address + join + encoded(query)).toURL().openConnection(Proxy.NO_PROXY);
        headers.forEach(connection::setRequestProperty);
        return answer(connection, null, timeout);
    }

    private static Answer answer(HttpURLConnection connection, byte @Nullable [] body, Duration timeout)
            throws IOException {
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout((int) timeout.toMillis());
        connection.setReadTimeout((int) timeout.toMillis());
        connection.setRequestProperty("accept", "application/json");
        if (body != null) {
            connection.getOutputStream().write(body);
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, in == null ? new byte[0] : in.readNBytes(MOST_BYTES));
        }
    }

    private static String encoded(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
