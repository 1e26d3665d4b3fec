package dev.mehari.transport;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.EventSource;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.ResponseFolder;
import java.util.concurrent.CompletableFuture;

/** Gathers the events of a source into one whole answer. One instance an answer. */
public final class WholeAnswer implements EventSink {
    private final Loop loop;
    private final EventSource source;
    private final ResponseFolder folder = new ResponseFolder();
    private final CompletableFuture<ChatResponse> whole = new CompletableFuture<>();

    public WholeAnswer(Loop loop, EventSource source) {
        this.loop = loop;
        this.source = source;
    }

    /**
     * Starts the source and waits for its end. For the call's virtual thread.
     *
     * @throws GatewayException the source failed, or nobody waits any more
     */
    public ChatResponse await(Audience audience) {
        loop.run(() -> {
            audience.onGone(this::abandon);
            if (!whole.isDone()) {
                source.start(this);
            }
        });
        return Awaited.by(whole);
    }

    @Override
    public void accept(ChatEvent event) {
        if (whole.isDone()) {
            return;
        }
        folder.accept(event);
        if (event instanceof ChatEvent.Failure failure) {
            source.close();
            whole.completeExceptionally(failure.reason());
        } else if (folder.ended()) {
            source.finished();
            whole.complete(folder.response());
        }
    }

    private void abandon() {
        if (!whole.isDone()) {
            source.close();
            whole.completeExceptionally(new GatewayException.ClientGone());
        }
    }
}
