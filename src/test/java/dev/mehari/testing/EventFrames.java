package dev.mehari.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** Event stream messages as AWS sends them, framed by the SDK's own encoder. */
public final class EventFrames {
    private EventFrames() {}

    /**
     * Frames of lines such as {@code event messageStart {"role":"assistant"}}, {@code exception throttlingException {…}} and
     * {@code error InternalFailure what went wrong}.
     */
    public static byte[] of(List<String> lines) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String line : lines) {
            String[] words = line.split(" ", 3);
            all.writeBytes(frame(words[0], words[1], words[2]));
        }
        return all.toByteArray();
    }

    /** Begins an answer of such frames. */
    public static Script stream() {
        return Script.stream("application/vnd.amazon.eventstream");
    }

    /** A whole answer of such frames. */
    public static Script stream(String first, String... rest) {
        List<String> lines = new ArrayList<>(List.of(rest));
        lines.addFirst(first);
        return stream().chunk(of(lines)).endChunks();
    }

    public static byte[] event(String type, String json) {
        return frame("event", type, json);
    }

    public static byte[] frame(String kind, String type, String rest) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        byte[] payload = new byte[0];
        if (kind.equals("error")) {
            headers.put(":error-code", HeaderValue.fromString(type));
            headers.put(":error-message", HeaderValue.fromString(rest));
        } else {
            headers.put(":" + kind + "-type", HeaderValue.fromString(type));
            headers.put(":content-type", HeaderValue.fromString("application/json"));
            payload = rest.getBytes(StandardCharsets.UTF_8);
        }
        headers.put(":message-type", HeaderValue.fromString(kind));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Message(headers, payload).encode(out);
        return out.toByteArray();
    }
}
