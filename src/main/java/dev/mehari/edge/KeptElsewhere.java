package dev.mehari.edge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.call.AskKeeper;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.ClientGone;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.conversation.ConversationKeeper;
import dev.mehari.conversation.Conversations;
import dev.mehari.conversation.StoredResponse;
import dev.mehari.provider.ErrorBody;
import dev.mehari.transport.AnswerStream;
import dev.mehari.transport.ClientExchange;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Stored responses that their provider keeps too, and of which it may know more than we do. Blocks; thread-safe. */
@Component
final class KeptElsewhere {
    private static final Logger log = LoggerFactory.getLogger(KeptElsewhere.class);

    private final AskKeeper keepers;
    private final Conversations conversations;
    private final ConversationKeeper keeper;

    KeptElsewhere(AskKeeper keepers, Conversations conversations, ConversationKeeper keeper) {
        this.keepers = keepers;
        this.conversations = conversations;
        this.keeper = keeper;
    }

    /** Whether it had not ended when it was stored. */
    static boolean isRunning(StoredResponse stored) {
        String status = stored.response().path("status").asText();
        return stored.provider() != null && (status.equals("queued") || status.equals("in_progress"));
    }

    /**
     * How it stands now.
     *
     * @throws GatewayException its provider cannot be asked
     */
    StoredResponse now(StoredResponse stored, ClientExchange client) {
        return read(stored, keepers.ask(stored, UpstreamRequest.Method.GET, "", client));
    }

    /**
     * Its stream as its provider tells it, from an event on: of one that still runs up to its end, which is kept. Nothing
     * when it does not run in the background, for its provider has then no stream of it; and when one that has ended is not
     * told again.
     *
     * @param after the {@code sequence_number} of the last event that is not wanted; -1: all are wanted
     * @throws GatewayException it runs, and its provider does not tell of it
     */
    Optional<AnswerStream> stream(StoredResponse stored, int after, ClientExchange client) {
        if (stored.provider() == null || !stored.response().path("background").asBoolean()) {
            return Optional.empty();
        }
        @Nullable UpstreamResponse answer = null;
        try {
            answer = keepers.follow(stored, after, client, whole -> keeper.renewLater(stored, whole.json()));
        } catch (ClientGone nobody) {
            throw nobody;
        } catch (GatewayException away) {
            if (isRunning(stored)) {
                throw away;
            }
        }
        if (answer != null && answer.stream() != null) {
            return Optional.of(answer.stream());
        }
        if (isRunning(stored)) {
            String why = answer == null || answer.status() / 100 == 2
                    ? "it tells no streams"
                    : ErrorBody.read(answer.status(), answer.body()).message();
            throw new InvalidRequest(
                    "unsupported_value",
                    "stream",
                    "Response " + stored.id() + " still runs at provider \"" + stored.provider()
                            + "\", which does not stream it: " + why + ". Ask for it without stream.");
        }
        return Optional.empty();
    }

    /** Ends it. The same failures as of {@link #now}. */
    StoredResponse cancel(StoredResponse stored, ClientExchange client) {
        return read(stored, keepers.ask(stored, UpstreamRequest.Method.POST, "/cancel", client));
    }

    /** Has it forgotten there too. That it cannot be, the client need not hear: here it is gone. */
    void forget(StoredResponse stored, ClientExchange client) {
        try {
            UpstreamResponse answer = keepers.ask(stored, UpstreamRequest.Method.DELETE, "", client);
            if (answer != null && answer.status() / 100 != 2 && answer.status() != 404) {
                log.warn(
                        "provider \"{}\" did not forget response {}: {}",
                        stored.provider(),
                        stored.id(),
                        answer.status());
            }
        } catch (GatewayException away) {
            log.warn("provider \"{}\" did not forget response {}: {}", stored.provider(), stored.id(), away.text());
        }
    }

    /** What it answered, under the model's name that the client knows; kept, as it will not be asked for what has ended. */
    private StoredResponse read(StoredResponse stored, @Nullable UpstreamResponse answer) {
        if (answer == null) {
            return stored;
        }
        if (answer.status() / 100 != 2) {
            throw new UpstreamUnavailable(
                    502,
                    "provider \"" + stored.provider() + "\" does not tell of the response: "
                            + ErrorBody.read(answer.status(), answer.body()).message(),
                    null);
        }
        try {
            if (Json.MAPPER.readTree(answer.body()) instanceof ObjectNode response) {
                response.put("model", stored.model());
                StoredResponse known = stored.with(response);
                conversations.save(known);
                return known;
            }
        } catch (IOException notJson) {
            // Told below.
        }
        throw new GatewayException.UpstreamProtocol(
                "provider \"" + stored.provider() + "\" answered something that is not a JSON object");
    }
}
