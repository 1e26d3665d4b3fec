package dev.mehari.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Just enough of HTTP/2 for one request with prior knowledge, which the JDK's client cannot do: it asks for the
 * upgrade instead. Source: RFC 9113 §3.3, §4.1, §6; RFC 7541 §6.2.2 (literal fields, no table, no Huffman).
 */
public final class H2Connection implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    private boolean toldToGo;

    /** @param port of the gateway */
    public H2Connection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    /** A frame of the gateway's. */
    public record Frame(int type, int flags, int stream, byte[] payload) {}

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

    /** Posts JSON on the connection's first stream; its whole answer body, without a look at the headers. */
    public String post(String path, String json) throws IOException {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        Map<String, String> fields = new TreeMap<>(Map.of(
                ":method",
                "POST",
                ":scheme",
                "http",
                ":path",
                path,
                ":authority",
                "gateway",
                "content-type",
                "application/json"));
        for (Map.Entry<String, String> field : fields.entrySet()) {
            headers.write(0);
            text(headers, field.getKey());
            text(headers, field.getValue());
        }
        frame(HEADERS, END_HEADERS, 1, headers.toByteArray());
        frame(DATA, END_STREAM, 1, json.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (boolean ended = false; !ended; ) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            switch (type) {
                case DATA -> body.write(payload);
                case RST_STREAM -> throw new IOException("refused");
                case GOAWAY -> toldToGo = true;
                default -> {}
            }
            ended = stream == 1 && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }
        return body.toString(StandardCharsets.UTF_8);
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

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
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
