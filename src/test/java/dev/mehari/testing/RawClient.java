package dev.mehari.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** A client on a bare HTTP/1.1 socket: reads as little and leaves as rudely as the test wants. */
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final StringBuilder read = new StringBuilder();
    private String asked = "";
    private String type;

    public RawClient(Gateway gateway) {
        this(gateway.port());
    }

    /** @param port of the gateway */
    public RawClient(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    /** Connects and asks the chat door, without reading the answer. */
    public static RawClient chat(Gateway gateway, String json, String... headers) {
        return new RawClient(gateway).ask(json, headers);
    }

    public RawClient ask(String json, String... headers) {
        return post("/v1/chat/completions", json, headers);
    }

    /** Asks any door, without reading the answer. */
    public RawClient post(String path, String json, String... headers) {
        asked = path;
        read.setLength(0);
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder("POST " + path + " HTTP/1.1\r\nhost: gateway\r\n"
                + "content-type: application/json\r\ncontent-length: " + body.length + "\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        try {
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            return this;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Sends these characters, which may be less than a request or more. */
    public RawClient send(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The same; false when the gateway has closed the connection. */
    public boolean trySend(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        } catch (IOException closed) {
            return false;
        }
    }

    /** All that comes until the gateway closes the connection, which it must do by itself. */
    public String rest() {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                rest.write(b);
            }
        } catch (SocketTimeoutException open) {
            throw new AssertionError("the connection stays open after " + rest, open);
        } catch (IOException reset) {
            // What came before it counts.
        }
        return rest.toString(StandardCharsets.UTF_8);
    }

    /** The status line and the headers, in lower case. */
    public String head() {
        StringBuilder head = new StringBuilder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            head.append(line.toLowerCase(Locale.ROOT)).append('\n');
            if (line.toLowerCase(Locale.ROOT).startsWith("content-type: ")) {
                type = line.substring("content-type: ".length());
            }
        }
        return head.toString();
    }

    /** The next chunk of a chunked body; null when it has ended in order. */
    public String chunk() {
        try {
            int length = Integer.parseInt(line(), 16);
            String chunk = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            line();
            read.append(chunk);
            if (length == 0) {
                StreamCheck.check(asked, type, read.toString());
            }
            return length == 0 ? null : chunk;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The next chunk of a body that is too large to be kept and checked as a whole; null when it has ended in order. */
    public String passing() {
        try {
            int length = Integer.parseInt(line(), 16);
            String chunk = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            line();
            return length == 0 ? null : chunk;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** A body of that many bytes. */
    public String body(int length) {
        try {
            return new String(in.readNBytes(length), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Whether the gateway closes the connection next. */
    public boolean isClosed() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    /** What is left of a chunked body. */
    public String chunks() {
        StringBuilder body = new StringBuilder();
        for (String chunk = chunk(); chunk != null; chunk = chunk()) {
            body.append(chunk);
        }
        return body.toString();
    }

    /** A chunked body up to and including that text. */
    public String chunksUpTo(String text) {
        StringBuilder body = new StringBuilder();
        while (body.indexOf(text) < 0) {
            String chunk = chunk();
            if (chunk == null) {
                throw new AssertionError("the body ended without " + text + ": " + body);
            }
            body.append(chunk);
        }
        return body.toString();
    }

    /** Whether not a single byte arrives for that long. */
    public boolean hearsNothingFor(Duration time) {
        try {
            socket.setSoTimeout((int) time.toMillis());
            in.mark(1);
            in.read();
            in.reset();
            return false;
        } catch (SocketTimeoutException silence) {
            return true;
        } catch (IOException broken) {
            return false;
        } finally {
            try {
                socket.setSoTimeout(20_000);
            } catch (IOException closed) {
                // The next read says so.
            }
        }
    }

    private String line() {
        try {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new AssertionError("the gateway closed the connection after \"" + line + '"');
                }
                if (b != '\r') {
                    line.write(b);
                }
            }
            return line.toString(StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** Leaves without a word: a reset. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }
}
