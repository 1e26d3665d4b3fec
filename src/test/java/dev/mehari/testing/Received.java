package dev.mehari.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** An answer with what has arrived of its body: a stream that fails ends with its connection, in the middle of it. */
record Received(HttpResponse<InputStream> head, String body) implements HttpResponse<String> {
    static Received of(HttpResponse<InputStream> answer) throws IOException {
        boolean stream = answer.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        try (InputStream in = answer.body()) {
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                body.write(part, 0, count);
            }
        } catch (IOException brokenOff) {
            if (!stream) {
                throw brokenOff;
            }
        }
        return new Received(answer, body.toString(StandardCharsets.UTF_8));
    }

    @Override
    public int statusCode() {
        return head.statusCode();
    }

    @Override
    public HttpHeaders headers() {
        return head.headers();
    }

    @Override
    public HttpRequest request() {
        return head.request();
    }

    @Override
    public Optional<HttpResponse<String>> previousResponse() {
        return Optional.empty();
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return head.sslSession();
    }

    @Override
    public URI uri() {
        return head.uri();
    }

    @Override
    public HttpClient.Version version() {
        return head.version();
    }
}
