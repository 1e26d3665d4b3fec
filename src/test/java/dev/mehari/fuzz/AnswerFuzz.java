package dev.mehari.fuzz;

import dev.mehari.chat.Answer;
import dev.mehari.chat.GatewayException;
import dev.mehari.dialect.Dialect;
import dev.mehari.provider.Ask;
import dev.mehari.provider.EmbeddingsProtocol;
import dev.mehari.transport.UpstreamResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Any bytes as a provider's whole answer, error or vectors: an answer, or a {@link GatewayException} that says why not. */
final class AnswerFuzz {
    private static final int FACTOR = 400;
    private static final int BESIDES = 64 * 1024;

    private AnswerFuzz() {}

    static Stream<byte[]> seeds() {
        Stream<byte[]> vectors = Stream.of(
                Wire.seed(
                        bytes("{\"data\":[{\"index\":0,\"embedding\":[0.5]},{\"index\":1,\"embedding\":\"AAAAPw==\"}],"
                                + "\"model\":\"e\",\"usage\":{\"prompt_tokens\":2,\"total_tokens\":2}}"),
                        0,
                        0,
                        2),
                Wire.seed(bytes("{\"embeddings\":[{\"values\":[0.5]},{\"values\":[1e-3]}]}"), 4, 0, 2),
                Wire.seed(
                        bytes(
                                "{\"predictions\":[{\"embeddings\":{\"values\":[1],\"statistics\":{\"token_count\":1}}}]}"),
                        5,
                        0,
                        2),
                Wire.seed(bytes("{\"embedding\":[0.5],\"inputTextTokenCount\":1}"), 6, 0, 2));
        return Stream.of(Wire.seeds(false), vectors, Wire.found("answers")).flatMap(seeds -> seeds);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** @param data three bytes that choose provider, client API and what the body stands for, and the body */
    static void read(byte[] data) {
        if (data.length < 3) {
            return;
        }
        Wire wire = Wire.of(data[0]);
        Dialect dialect = Wire.dialect(data[1]);
        byte[] body = Arrays.copyOfRange(data, 3, data.length);
        int length =
                switch ((data[2] & 0xFF) % 4) {
                    case 0, 1 -> answer(wire, dialect, body);
                    case 2 -> vectors(wire, body);
                    default -> error(wire, dialect, body, 400 + (data[2] & 0xFF) % 200);
                };
        if (length > BESIDES + (long) FACTOR * body.length) {
            throw new AssertionError(body.length + " bytes became " + length);
        }
    }

    private static int answer(Wire wire, Dialect dialect, byte[] body) {
        Ask ask = wire.ask(dialect);
        try {
            return written(wire.protocol().decode(ask, body), wire, dialect, ask);
        } catch (GatewayException said) {
            return dialect.error(said).length;
        }
    }

    private static int written(Answer answer, Wire wire, Dialect dialect, Ask ask) {
        return switch (answer) {
            case Answer.Bytes passed -> {
                // For a client of another API that asks the same.
                dialect.write(wire.protocol().translated(ask, passed), ask.request());
                yield passed.json().length;
            }
            case Answer.Translated translated -> dialect.write(translated.response(), ask.request()).length;
            case Answer.Embedded embedded -> dialect.write(embedded.response(), ask.request()).length;
        };
    }

    private static int vectors(Wire wire, byte[] body) {
        EmbeddingsProtocol embeddings = wire.protocol().embeddings();
        if (embeddings == null) {
            return 0;
        }
        Ask ask = wire.askEmbeddings();
        try {
            return switch (embeddings.decode(ask, List.of(UpstreamResponse.whole(200, Map.of(), body)))) {
                case Answer.Bytes passed -> passed.json().length;
                case Answer.Translated translated -> throw new AssertionError("a chat: " + translated);
                case Answer.Embedded embedded -> Wire.embeddings().write(embedded.response(), ask.request()).length;
            };
        } catch (GatewayException said) {
            return Wire.embeddings().error(said).length;
        }
    }

    private static int error(Wire wire, Dialect dialect, byte[] body, int status) {
        UpstreamResponse response =
                UpstreamResponse.whole(status, Map.of("content-type", List.of("application/json")), body);
        GatewayException meaning = wire.protocol().decodeError(wire.ask(dialect), response);
        return dialect.error(meaning).length + dialect.errorEvent(meaning).length;
    }
}
