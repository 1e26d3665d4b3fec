package dev.mehari.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Plays a {@link GoldenCase} through a running gateway. {@code -Dgolden.update=true} rewrites what the gateway sends;
 * read the diff before committing it.
 *
 * @param path of the door, such as {@code /v1/chat/completions}
 */
public record GoldenPlay(Gateway gateway, ScriptedUpstream upstream, String path) {
    private static final boolean UPDATE = Boolean.getBoolean("golden.update");
    private static final String CLOSED = "<connection closed>\n";
    private static final Pattern OUR_ID = Pattern.compile("chatcmpl-[0-9a-z]{26}");
    private static final Pattern OUR_MESSAGE = Pattern.compile("msg_[0-9a-z]{26}");
    private static final Pattern OUR_CALL = Pattern.compile("call_[0-9a-z]{24}");
    private static final Pattern OUR_RESPONSE = Pattern.compile("resp_[0-9a-f]{48}");
    private static final Pattern OUR_ITEM = Pattern.compile("\"(msg|fc|ctc|rs|ig)_[0-9a-z]{40}\"");
    private static final Pattern REQUEST_ID = Pattern.compile("req_[0-9a-z]{20}");
    private static final Pattern CREATED = Pattern.compile("\"(created|created_at|completed_at)\":(\\d+)");

    /** The upstream must be sent, and the client see, what the case says. */
    public void play(GoldenCase golden) throws Exception {
        upstream.reset();
        upstream.answer(script(golden));
        String answer = ask(golden.clientRequest());
        String sent = upstream.requests().isEmpty() ? "" : upstream.last().body();
        // A request that the gateway refuses itself has no such file.
        compare(golden.upstreamRequest(), sent);
        compare(golden.clientAnswer(), answer);
    }

    private static Script script(GoldenCase golden) {
        byte[] body = golden.upstreamAnswer();
        if (golden.isStream()) {
            return Script.stream(golden.contentType()).chunk(body).endChunks();
        }
        return new Script()
                .head(golden.status(), golden.contentType(), body.length, "retry-after-ms", "1500")
                .send(body);
    }

    private String ask(byte[] body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(gateway.url() + path))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        // A client each: the gateway closes the connection of a stream that failed, which the next would run into.
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return seen(client.send(request, BodyHandlers.ofInputStream()), path);
        }
    }

    private static String seen(HttpResponse<InputStream> response, String path) {
        StringBuilder answer = new StringBuilder().append(response.statusCode()).append('\n');
        Stream.of("content-type", "retry-after-ms", "x-mehari-provider", "x-mehari-model", "x-mehari-dropped-params")
                .forEach(name -> response.headers()
                        .firstValue(name)
                        .filter(value -> !isOurs(name, value))
                        .ifPresent(value -> answer.append(name + ": " + value + "\n")));
        String body = readToItsEnd(response.body());
        String type = response.headers().firstValue("content-type").orElse(null);
        StreamCheck.check(path, type, body.replace(CLOSED, ""));
        return steady(answer.append('\n').append(body).toString());
    }

    /** The upstream of these cases says 1500; how long we leave it alone by ourselves depends on what went before. */
    private static boolean isOurs(String header, String value) {
        return header.equals("retry-after-ms") && !value.equals("1500");
    }

    /** A stream that failed ends with a closed connection, which is part of what the client sees. */
    private static String readToItsEnd(InputStream body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        String end = "";
        try (body) {
            for (int b = body.read(); b >= 0; b = body.read()) {
                all.write(b);
            }
        } catch (IOException closed) {
            end = CLOSED;
        }
        return all.toString(StandardCharsets.UTF_8) + end;
    }

    /** Ids and times of our own making differ from run to run. */
    private static String steady(String answer) {
        long now = Instant.now().getEpochSecond();
        String ids = OUR_ID.matcher(answer).replaceAll("chatcmpl-<ours>");
        ids = OUR_RESPONSE.matcher(ids).replaceAll("resp_<ours>");
        ids = OUR_ITEM.matcher(ids).replaceAll("\"$1_<ours>\"");
        ids = OUR_MESSAGE.matcher(ids).replaceAll("msg_<ours>");
        ids = OUR_CALL.matcher(ids).replaceAll("call_<ours>");
        ids = REQUEST_ID.matcher(ids).replaceAll("req_<ours>");
        return CREATED.matcher(ids)
                .replaceAll(time -> Math.abs(Long.parseLong(time.group(2)) - now) < 600
                        ? "\"" + time.group(1) + "\":<now>"
                        : time.group());
    }

    private static void compare(Path file, String actual) throws IOException {
        if (UPDATE && !actual.isEmpty()) {
            Files.writeString(file, actual);
        }
        assertThat(actual).isEqualTo(Files.exists(file) ? GoldenCase.text(file) : "");
    }
}
