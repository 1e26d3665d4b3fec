package dev.mehari.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Just enough of HTTP/2 for requests with prior knowledge, which the JDK's client cannot do: it asks for the
 * upgrade instead. Source: RFC 9113 §3.3, §4.1, §6; RFC 7541 §6.2.2 (literal fields, no table, no Huffman).
 */
public final class H2Connection implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;
    public static final int END_STREAM = 1;
    public static final int END_HEADERS = 4;

    /** RFC 7541, appendix A: {@code :status: 200}, indexed. */
    public static final int STATUS_200 = 0x88;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private boolean toldToGo;

    /** @param port of the gateway */
    public H2Connection(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
        begin();
    }

    /** To the gateway, on a connection that speaks it already: TLS has agreed on it. */
    public static H2Connection over(Socket socket) throws IOException {
        H2Connection connection = new H2Connection(socket);
        connection.begin();
        return connection;
    }

    private void begin() throws IOException {
        out.write(PREFACE);
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    private H2Connection(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(60_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(socket.getOutputStream());
    }

    /** The other side: a connection that the gateway has made, and that allows it so many streams at once. */
    public static H2Connection accepted(Socket socket, int streams) throws IOException {
        H2Connection connection = new H2Connection(socket);
        connection.in.readNBytes(PREFACE.length);
        connection.allow(streams);
        return connection;
    }

    /** Tells how many streams the gateway may have at once. */
    public void allow(int streams) throws IOException {
        frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) 3).putInt(streams).array());
    }

    /** The stream of the next request that has come with its whole body. */
    public int awaitRequest() throws IOException {
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.isEnd()) {
                return frame.stream();
            }
        }
        throw new EOFException("the gateway has closed the connection");
    }

    /** Answers a request with 200 and JSON. */
    public synchronized void answer(int stream, String json) throws IOException {
        head(stream, STATUS_200, "application/json");
        frame(DATA, END_STREAM, stream, json.getBytes(StandardCharsets.UTF_8));
    }

    /** @param status by its place in RFC 7541's table, as one byte */
    public void head(int stream, int status, String contentType) throws IOException {
        byte[] type = block("content-type", contentType);
        frame(
                HEADERS,
                END_HEADERS,
                stream,
                ByteBuffer.allocate(type.length + 1)
                        .put((byte) status)
                        .put(type)
                        .array());
    }

    /** A frame of the gateway's. */
    public record Frame(int type, int flags, int stream, byte[] payload) {
        boolean isEnd() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** The reason that RST_STREAM or GOAWAY gives. */
        public int code() {
            return ByteBuffer.wrap(payload).getInt(type == GOAWAY ? 4 : 0);
        }
    }

    /** The gateway's next frame; null when it has closed the connection. */
    public Frame next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = first << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        return new Frame(type, flags, stream, in.readNBytes(length));
    }

    /** Sends any frame, also such as no client would. */
    public void send(int type, int flags, int stream, byte[] payload) throws IOException {
        frame(type, flags, stream, payload);
    }

    /** A block of header fields, given as names and values in turn. */
    public static byte[] block(String... fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0);
            text(block, fields[i]);
            text(block, fields[i + 1]);
        }
        return block.toByteArray();
    }

    /** Posts JSON to the chat door on a stream of that number, which is odd and higher than those before. */
    public void ask(int stream, String json, String... headers) throws IOException {
        head(stream, "/v1/chat/completions", headers);
        frame(DATA, END_STREAM, stream, json.getBytes(StandardCharsets.UTF_8));
    }

    /** The head of a POST, whose body may follow. */
    public void head(int stream, String path, String... headers) throws IOException {
        List<String> fields = new ArrayList<>(List.of(":method", "POST", ":scheme", "http", ":path", path));
        fields.addAll(List.of(":authority", "gateway", "content-type", "application/json"));
        fields.addAll(List.of(headers));
        frame(HEADERS, END_HEADERS, stream, block(fields.toArray(String[]::new)));
    }

    /** Lets the gateway send so many more bytes on a stream; 0: on all of them together. */
    public void open(int stream, int bytes) throws IOException {
        frame(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
    }

    /** From now on streams begin with such a window. */
    public void openEach(int bytes) throws IOException {
        frame(
                SETTINGS,
                0,
                0,
                ByteBuffer.allocate(6).putShort((short) 4).putInt(bytes).array());
    }

    public void reset(int stream) throws IOException {
        frame(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(8).array());
    }

    /** The gateway's next frame of that type on a stream; what comes before is passed over. */
    public Frame await(int type, int stream) throws IOException {
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type() == type && frame.stream() == stream) {
                return frame;
            }
        }
        throw new EOFException("the gateway has closed the connection");
    }

    /** What a stream's answer says from here to its end, without a look at its headers. */
    public String body(int stream) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (Frame frame = next(); frame != null; frame = next()) {
            if (frame.type() == GOAWAY) {
                toldToGo = true;
            }
            if (frame.stream() != stream) {
                continue;
            }
            if (frame.type() == RST_STREAM) {
                throw new IOException("reset");
            }
            if (frame.type() == DATA) {
                body.writeBytes(frame.payload());
            }
            if (frame.isEnd()) {
                return body.toString(StandardCharsets.UTF_8);
            }
        }
        throw new EOFException("the gateway has closed the connection");
    }

    /** Posts JSON on the connection's first stream; its whole answer body, without a look at the headers. */
    public String post(String path, String json) throws IOException {
        head(1, path);
        frame(DATA, END_STREAM, 1, json.getBytes(StandardCharsets.UTF_8));
        return body(1);
    }

    /** Whether the gateway has said meanwhile that it takes no more streams. */
    public boolean toldToGo() {
        return toldToGo;
    }

    /** Whether the gateway closes the connection next. */
    public boolean isClosed() throws IOException {
        return in.read() < 0;
    }

    private static void text(ByteArrayOutputStream block, String text) {
        // RFC 7541 §5.1: seven bits, then more bytes of seven each.
        if (text.length() < 127) {
            block.write(text.length());
        } else {
            block.write(127);
            int rest = text.length() - 127;
            for (; rest >= 128; rest /= 128) {
                block.write(rest % 128 + 128);
            }
            block.write(rest);
        }
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private synchronized void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.writeByte(payload.length >> 16);
        out.writeShort(payload.length);
        out.writeByte(type);
        out.writeByte(flags);
        out.writeInt(stream);
        out.write(payload);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
