package dev.mehari.media;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One GET on its way. Its events come on one event loop; waiting and cancelling may happen elsewhere. */
final class MediaRequest {
    private final long maxBytes;
    private final AtomicLong bytesLeft;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final Buffer content = Buffer.buffer();
    private volatile @Nullable HttpClientRequest sent;

    /** What came back. */
    sealed interface Answer {
        record Content(byte[] bytes) implements Answer {}

        record Elsewhere(String location) implements Answer {}
    }

    /** @param bytesLeft what all fetches of one call may still bring */
    MediaRequest(long maxBytes, AtomicLong bytesLeft) {
        this.maxBytes = maxBytes;
        this.bytesLeft = bytesLeft;
    }

    /** Completed with an answer or a {@link MediaRefused}. */
    CompletableFuture<Answer> answer() {
        return answer;
    }

    void send(HttpClientRequest connected) {
        sent = connected;
        connected.exceptionHandler(broken -> fail("could not be fetched: the connection broke"));
        if (answer.isDone()) {
            // Nobody waits any more.
            connected.reset();
            return;
        }
        connected.send().onSuccess(this::read).onFailure(broken -> fail("could not be fetched: the connection broke"));
    }

    private void read(HttpClientResponse head) {
        // Also where nothing more is read: without a handler Vert.x logs our own reset as an error.
        head.exceptionHandler(broken -> fail("broke off"));
        int status = head.statusCode();
        String location = head.getHeader("location");
        if (status >= 300 && status < 400 && location != null) {
            answer.complete(new Answer.Elsewhere(location));
            head.request().reset();
        } else if (status != 200) {
            fail("was answered with status " + status);
        } else {
            head.handler(this::add);
            head.endHandler(end -> answer.complete(new Answer.Content(content.getBytes())));
        }
    }

    private void add(Buffer part) {
        if (answer.isDone()) {
            return;
        }
        if (bytesLeft.addAndGet(-part.length()) < 0) {
            fail("is larger than the " + maxBytes + " bytes that the files of a request may have together");
        } else {
            content.appendBuffer(part);
        }
    }

    void fail(String why) {
        answer.completeExceptionally(new MediaRefused(why));
        reset();
    }

    /** Nobody waits any more. */
    void cancel() {
        answer.cancel(false);
        reset();
    }

    private void reset() {
        HttpClientRequest open = sent;
        if (open != null) {
            open.reset();
        }
    }
}
