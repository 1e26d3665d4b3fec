package dev.mehari.transport;

import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.RequestFacts;
import dev.mehari.dialect.Dialect;
import dev.mehari.dialect.chat.ChatDialect;
import dev.mehari.dialect.embeddings.EmbeddingsDialect;
import dev.mehari.dialect.messages.MessagesDialect;
import dev.mehari.dialect.responses.ResponsesDialect;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Any bytes as a request body, on the way that all bodies go until they are read: whatever they are, a clear no at worst. */
final class BodyFuzz {
    private static final int MOST = 64 * 1024;

    private static final List<Dialect> DIALECTS =
            List.of(new ChatDialect(), new MessagesDialect(), new ResponsesDialect(), new EmbeddingsDialect());

    private BodyFuzz() {}

    /** Where the fuzzer begins: a whole request in each API, and one that is compressed. */
    static Stream<byte[]> seeds() {
        return Stream.of(
                seed(
                        0x00,
                        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"system\",\"content\":\"a\"},"
                                + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"b\"},{\"type\":\"image_url\","
                                + "\"image_url\":{\"url\":\"data:image/png;base64,aQ==\"}}]},{\"role\":\"assistant\",\"tool_calls\":"
                                + "[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                                + "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"d\"}],\"tools\":[{\"type\":\"function\","
                                + "\"function\":{\"name\":\"f\",\"parameters\":{}}}],\"response_format\":{\"type\":\"json_object\"},"
                                + "\"stop\":[\"x\"],\"temperature\":1.5,\"max_tokens\":5}"),
                seed(
                        0x10,
                        "{\"model\":\"m\",\"max_tokens\":5,\"system\":[{\"type\":\"text\",\"text\":\"a\"}],\"messages\":["
                                + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"c\",\"content\":[]}]},"
                                + "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"t\",\"signature\":\"s\"},"
                                + "{\"type\":\"tool_use\",\"id\":\"c\",\"name\":\"f\",\"input\":{}}]}],\"tools\":[{\"name\":\"f\","
                                + "\"input_schema\":{}}],\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}}"),
                seed(
                        0x20,
                        "{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"}]},"
                                + "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"},"
                                + "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"o\"}],\"tools\":[{\"type\":"
                                + "\"function\",\"name\":\"f\",\"parameters\":{}}],\"text\":{\"format\":{\"type\":\"text\"}}}"),
                seed(0x30, "{\"model\":\"m\",\"input\":[\"a\",\"b\"],\"dimensions\":8,\"encoding_format\":\"base64\"}"),
                // An empty object in gzip.
                new byte[] {
                    1,
                    0x1f,
                    (byte) 0x8b,
                    8,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    3,
                    (byte) 0xab,
                    (byte) 0xae,
                    5,
                    0,
                    0x43,
                    (byte) 0xbf,
                    (byte) 0xa6,
                    (byte) 0xa3,
                    2,
                    0,
                    0,
                    0
                });
    }

    private static byte[] seed(int choice, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        byte[] data = new byte[body.length + 1];
        data[0] = (byte) choice;
        System.arraycopy(body, 0, data, 1, body.length);
        return data;
    }

    /** @param data a byte that chooses compression and dialect, and the body */
    static void read(byte[] data) {
        if (data.length == 0) {
            return;
        }
        BodyEncoding encoding = BodyEncoding.values()[(data[0] & 0x0F) % 3];
        Dialect dialect = DIALECTS.get((data[0] >> 4 & 0x0F) % 4);
        try {
            byte[] body = encoding.unpack(Arrays.copyOfRange(data, 1, data.length), MOST);
            RequestFacts facts = dialect.read(body, false);
            whole(facts);
        } catch (GatewayException refused) {
            if (refused.status() / 100 != 4) {
                throw new AssertionError("a body is the client's affair, and this blames us", refused);
            }
        }
    }

    private static void whole(RequestFacts facts) {
        Supplier<EmbeddingsRequest> embeddings = facts.embeddings();
        if (embeddings == null) {
            facts.request().get();
        } else {
            embeddings.get();
        }
    }
}
