package dev.mehari.dialect;

import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EmbeddingsResponse;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Ids;
import dev.mehari.chat.RequestFacts;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One API that clients speak. Stateless and thread-safe. */
public interface Dialect {
    /** As routes and settings name it: {@code chat}, {@code responses}, {@code messages}, {@code embeddings}. */
    String name();

    /**
     * Reads a request body once.
     *
     * @param body as the client sent it
     * @param forceStream the path asks for a stream, whatever the body says
     * @throws GatewayException.InvalidRequest naming the field at fault
     */
    RequestFacts read(RequestBody body, boolean forceStream);

    /** The same of UTF-8 JSON within the default limits. */
    default RequestFacts read(byte[] body, boolean forceStream) {
        return read(RequestBody.of(body), forceStream);
    }

    /** Writes the events of one streamed answer. A new one for each attempt. */
    EventEncoder streamWriter(RequestFacts request);

    /** A whole answer as one JSON object. */
    byte[] write(ChatResponse response, RequestFacts request);

    /** Embeddings as one JSON object; a dialect of chats is never asked for them. */
    default byte[] write(EmbeddingsResponse response, RequestFacts request) {
        throw new IllegalStateException("the dialect " + name() + " has no embeddings");
    }

    /** A failure as a JSON body. */
    byte[] error(GatewayException failure);

    /** The same, for an API whose bodies name the request. */
    default byte[] error(GatewayException failure, String requestId) {
        return error(failure);
    }

    /** A failure as the SSE record that ends a stream. */
    byte[] errorEvent(GatewayException failure);

    /**
     * What is sent when a stream was silent for long. Here a comment with one newline, no blank line: it becomes part of
     * the next record, and clients that cut records at blank lines never see an empty one.
     */
    default byte[] keepAlive() {
        return ": ping\n".getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether what goes wrong at that path is told in this API's words, also before any route is reached. */
    default boolean ownsPath(String path) {
        return false;
    }

    /** Request headers, in lower case, that go on to a provider which speaks the same API. */
    default List<String> passedHeaders() {
        return List.of();
    }

    /** Those of them that ask for something: an answer tells when they could not go on. */
    default List<String> askingHeaders() {
        return List.of();
    }

    /** Fields of that request which only a provider of this very API can serve, and whose loss would change the answer. */
    default List<String> ownOnly(RequestFacts request) {
        return List.of();
    }

    /** A count of a request's tokens as one JSON object; only dialects with a path that counts are asked. */
    default byte[] writeCount(long tokens) {
        throw new IllegalStateException("the dialect " + name() + " counts nothing");
    }

    /** A guess at that count, for providers that do not count. */
    default long guessTokens(RequestFacts request) {
        throw new IllegalStateException("the dialect " + name() + " counts nothing");
    }

    /** An id for an answer whose provider gives none, or none that is unique. */
    default String newAnswerId() {
        return Ids.random("chatcmpl-", 26);
    }

    /** What a request of this API can ask for, and what it calls that. */
    default FieldNames fields() {
        return FieldNames.OF_CHAT;
    }
}
