package dev.mehari.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** Sends bytes to the gateway exactly as given, also such as no HTTP client would send. */
public final class RawHttp {
    private RawHttp() {}

    /** @param status 0 when the connection was closed without an answer */
    public record Reply(int status, Map<String, String> headers, String body) {
        public String header(String name) {
            return headers.get(name);
        }
    }

    /** Posts a body to the chat door. */
    public static Reply chat(Gateway gateway, byte[] body, String... headers) {
        return request(gateway, "POST", "/v1/chat/completions", body, headers);
    }

    /** A request with a {@code content-length}; {@code headers} are names and values in turn. */
    public static Reply request(Gateway gateway, String method, String target, byte[] body, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nhost: gateway\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        head.append("content-length: ").append(body.length).append("\r\n\r\n");
        return send(gateway, joined(head.toString(), body));
    }

    /** Sends the bytes and reads one answer. */
    public static Reply send(Gateway gateway, byte[] bytes) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            boolean head = new String(bytes, 0, Math.min(5, bytes.length), StandardCharsets.ISO_8859_1).equals("HEAD ");
            return read(new BufferedInputStream(socket.getInputStream()), head);
        } catch (java.net.SocketException reset) {
            return new Reply(0, Map.of(), "");
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Sends the bytes and reads all that comes until the gateway closes the connection, which it must do by itself. */
    public static String untilClosed(Gateway gateway, String bytes) {
        try (RawClient client = new RawClient(gateway)) {
            return client.send(bytes).rest();
        }
    }

    public static byte[] joined(String head, byte[] body) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(body);
        return all.toByteArray();
    }

    private static Reply read(InputStream in, boolean headOnly) throws IOException {
        String status = line(in);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = headOnly ? "" : new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Reply(status.isEmpty() ? 0 : Integer.parseInt(status.split(" ")[1]), headers, body);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }
}
