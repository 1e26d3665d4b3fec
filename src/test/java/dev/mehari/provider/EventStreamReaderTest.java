package dev.mehari.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mehari.testing.EventFrames;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** Frames of the SDK's own making, whole, cut and damaged. */
class EventStreamReaderTest {
    private final List<String> seen = new ArrayList<>();
    private final EventStreamReader reader = new EventStreamReader(new EventStreamReader.Messages() {
        @Override
        public void event(String type, byte[] payload, int offset, int length) {
            seen.add("event " + type + " " + text(payload, offset, length));
        }

        @Override
        public void failure(String type, String message, byte[] payload, int offset, int length) {
            seen.add("failure " + type + " " + message + " " + text(payload, offset, length));
        }

        private String text(byte[] payload, int offset, int length) {
            return new String(payload, offset, length, StandardCharsets.UTF_8);
        }
    });

    private void feed(byte[] bytes) {
        reader.feed(bytes, 0, bytes.length);
    }

    @Test
    void eventsExceptionsAndErrorsAreTold() {
        feed(EventFrames.of(List.of(
                "event messageStart {\"role\":\"assistant\"}",
                "exception throttlingException {\"message\":\"slow\"}",
                "error InternalFailure it broke")));
        assertThat(seen)
                .containsExactly(
                        "event messageStart {\"role\":\"assistant\"}",
                        "failure throttlingException null {\"message\":\"slow\"}",
                        "failure InternalFailure it broke ");
        assertThat(reader.isCut()).isFalse();
    }

    @Test
    void aMessageThatIsCutWaitsForTheRest() {
        byte[] frame = EventFrames.event("a", "{}");
        reader.feed(frame, 0, frame.length - 1);
        assertThat(seen).isEmpty();
        assertThat(reader.isCut()).isTrue();
        reader.feed(frame, frame.length - 1, 1);
        assertThat(seen).containsExactly("event a {}");
        assertThat(reader.isCut()).isFalse();
    }

    @Test
    void headersOfEveryTypeArePassedOver() {
        // But for byte and short, which the SDK's encoder writes without their value.
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put("a", HeaderValue.fromBoolean(true));
        headers.put("b", HeaderValue.fromBoolean(false));
        headers.put("e", HeaderValue.fromInteger(3));
        headers.put("f", HeaderValue.fromLong(4));
        headers.put("g", HeaderValue.fromByteArray(new byte[] {5, 6}));
        headers.put("h", HeaderValue.fromTimestamp(java.time.Instant.EPOCH));
        headers.put("i", HeaderValue.fromUuid(new java.util.UUID(7, 8)));
        headers.put(":event-type", HeaderValue.fromString("after them"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new Message(headers, "x".getBytes(StandardCharsets.UTF_8)).encode(out);
        feed(out.toByteArray());
        assertThat(seen).containsExactly("event after them x");
    }

    @Test
    void everyDamagedByteIsFound() {
        byte[] whole = EventFrames.event("contentBlockDelta", "{\"delta\":{\"text\":\"word\"}}");
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 1;
            EventStreamReader fresh = new EventStreamReader(nothing());
            assertThatThrownBy(() -> fresh.feed(damaged, 0, damaged.length))
                    .as("byte %d", i)
                    .isInstanceOf(EventStreamReader.BadFrame.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, -1, EventStreamReader.MAX_MESSAGE_BYTES + 1})
    void anImpossibleLengthIsRefusedAtOnce(int total) {
        byte[] prelude = prelude(total, 0);
        assertThatThrownBy(() -> feed(prelude))
                .isInstanceOf(EventStreamReader.BadFrame.class)
                .hasMessageContaining("lengths");
    }

    @Test
    void headersLongerThanTheirMessageAreRefused() {
        byte[] prelude = prelude(64, 49);
        assertThatThrownBy(() -> feed(prelude)).isInstanceOf(EventStreamReader.BadFrame.class);
    }

    @Test
    void headersThatRunOutAreRefused() {
        byte[] headers = {3, ':', 'e', 'v', 7, 0, 50, 'x'};
        ByteBuffer frame = ByteBuffer.allocate(16 + headers.length);
        frame.put(prelude(16 + headers.length, headers.length)).put(headers);
        CRC32 crc = new CRC32();
        crc.update(frame.array(), 0, frame.position());
        frame.putInt((int) crc.getValue());
        assertThatThrownBy(() -> feed(frame.array()))
                .isInstanceOf(EventStreamReader.BadFrame.class)
                .hasMessageContaining("headers");
    }

    @Test
    void anErrorPageInPlaceOfAStreamIsRefused() {
        assertThatThrownBy(() -> feed("<html><body>Bad gateway</body></html>".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(EventStreamReader.BadFrame.class);
    }

    private static byte[] prelude(int total, int headers) {
        ByteBuffer prelude = ByteBuffer.allocate(12).putInt(total).putInt(headers);
        CRC32 crc = new CRC32();
        crc.update(Arrays.copyOf(prelude.array(), 8));
        return prelude.putInt((int) crc.getValue()).array();
    }

    private static EventStreamReader.Messages nothing() {
        return new EventStreamReader.Messages() {
            @Override
            public void event(String type, byte[] payload, int offset, int length) {}

            @Override
            public void failure(String type, String message, byte[] payload, int offset, int length) {}
        };
    }
}
