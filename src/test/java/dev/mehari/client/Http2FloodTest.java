package dev.mehari.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Gateway;
import dev.mehari.testing.H2Connection;
import dev.mehari.testing.H2Connection.Frame;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What HTTP/2 lets a client do that costs it little: the gateway closes that connection and serves the others. */
class Http2FloodTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int PING = 6;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private static final String[] GET = {
        ":method", "GET", ":scheme", "http", ":path", "/health", ":authority", "gateway"
    };

    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start("mehari.http.streams=10", "mehari.http.headers=20", "mehari.http.header-size=4KB");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @AfterEach
    void othersAreServed() {
        assertThat(gateway.get("/health").statusCode()).isEqualTo(200);
    }

    /** CVE-2023-44487. */
    @Test
    void requestsThatAreResetAtOnceWithoutEnd() throws IOException {
        try (H2Connection connection = new H2Connection(gateway.port())) {
            byte[] cancel = ByteBuffer.allocate(4).putInt(8).array();
            boolean closed = sendsUntilClosed(40_000, i -> {
                connection.send(HEADERS, END_HEADERS | END_STREAM, 2 * i + 1, H2Connection.block(GET));
                connection.send(RST_STREAM, 0, 2 * i + 1, cancel);
            });
            assertThat(closed || isToldToGo(connection)).isTrue();
        }
    }

    /** CVE-2024-27316 and its kin. */
    @Test
    void headersWithoutEnd() throws IOException {
        try (H2Connection connection = new H2Connection(gateway.port())) {
            connection.send(HEADERS, 0, 1, H2Connection.block(GET));
            byte[] more = H2Connection.block("x-more", "y".repeat(4000));
            boolean closed = sendsUntilClosed(100_000, i -> connection.send(CONTINUATION, 0, 1, more));
            assertThat(closed || isToldToGo(connection)).isTrue();
        }
    }

    @Test
    void pingsWithoutEnd() throws IOException {
        try (H2Connection connection = new H2Connection(gateway.port())) {
            // Nobody reads the answers.
            boolean closed = sendsUntilClosed(2_000_000, i -> connection.send(PING, 0, 0, new byte[8]));
            assertThat(closed).isTrue();
        }
    }

    @Test
    void headersBeyondTheLimitAreRefused() throws IOException {
        try (H2Connection connection = new H2Connection(gateway.port())) {
            byte[] block = H2Connection.block(with(GET, "x-long", "y".repeat(4200)));
            connection.send(HEADERS, END_HEADERS | END_STREAM, 1, block);
            Frame answer = answer(connection, 1);
            assertThat(answer.type()).isIn(HEADERS, RST_STREAM);
        }
    }

    @Test
    void moreHeadersThanAllowedAreToldSo() throws IOException {
        try (H2Connection connection = new H2Connection(gateway.port())) {
            String[] fields = GET;
            for (int i = 0; i < 21; i++) {
                fields = with(fields, "x-" + i, "y");
            }
            connection.send(HEADERS, END_HEADERS | END_STREAM, 1, H2Connection.block(fields));
            assertThat(body(connection, 1)).contains("\"code\":\"headers_too_large\"");
        }
    }

    @Test
    void streamsBeyondTheLimitAreRefused() throws IOException {
        try (H2Connection connection = new H2Connection(gateway.port())) {
            // None of them ends, so that all stay open.
            for (int i = 0; i < 11; i++) {
                connection.send(HEADERS, END_HEADERS, 2 * i + 1, H2Connection.block(post()));
            }
            assertThat(answer(connection, 21).type()).isEqualTo(RST_STREAM);
        }
    }

    @Test
    void headsThatHttp2Forbids() throws IOException {
        String[][] heads = {
            with(GET, "connection", "close"),
            with(GET, "transfer-encoding", "chunked"),
            with(GET, "X-Capital", "y"),
            with(GET, ":path", "/stats"),
            {":method", "GET", ":scheme", "http", ":authority", "gateway"},
            {":method", "GET", ":scheme", "http", ":path", "", ":authority", "gateway"}
        };
        for (String[] head : heads) {
            try (H2Connection connection = new H2Connection(gateway.port())) {
                connection.send(HEADERS, END_HEADERS | END_STREAM, 1, H2Connection.block(head));
                Frame answer = answer(connection, 1);
                assertThat(answer == null || answer.type() != DATA)
                        .as(Arrays.toString(head))
                        .isTrue();
                if (answer != null && answer.type() == HEADERS) {
                    assertThat(answer.payload()[0]).as(Arrays.toString(head)).isNotEqualTo((byte) 0x88);
                }
            }
        }
    }

    private interface Sending {
        void send(int i) throws IOException;
    }

    /** Whether the gateway closes the connection meanwhile. */
    private static boolean sendsUntilClosed(int times, Sending sending) throws IOException {
        try {
            for (int i = 0; i < times; i++) {
                sending.send(i);
            }
            return false;
        } catch (SocketException closed) {
            return true;
        }
    }

    private static boolean isToldToGo(H2Connection connection) throws IOException {
        try {
            for (Frame frame = connection.next(); frame != null; frame = connection.next()) {
                if (frame.type() == GOAWAY) {
                    return true;
                }
            }
            return true;
        } catch (SocketException closed) {
            return true;
        }
    }

    /** What the gateway says on that stream, or of the connection; null when it closes that. */
    private static Frame answer(H2Connection connection, int stream) throws IOException {
        Frame frame = connection.next();
        while (frame != null && frame.stream() != stream && frame.type() != GOAWAY) {
            frame = connection.next();
        }
        return frame;
    }

    private static String body(H2Connection connection, int stream) throws IOException {
        Frame frame = answer(connection, stream);
        while (frame != null && frame.type() != DATA) {
            frame = answer(connection, stream);
        }
        assertThat(frame).isNotNull();
        return new String(frame.payload(), StandardCharsets.UTF_8);
    }

    private static String[] post() {
        return new String[] {
            ":method", "POST", ":scheme", "http", ":path", "/v1/chat/completions", ":authority", "gateway"
        };
    }

    private static String[] with(String[] fields, String name, String value) {
        String[] more = Arrays.copyOf(fields, fields.length + 2);
        more[fields.length] = name;
        more[fields.length + 1] = value;
        return more;
    }
}
