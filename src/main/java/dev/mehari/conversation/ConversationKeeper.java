package dev.mehari.conversation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.GatewayException.StoreRefused;
import dev.mehari.chat.GatewayException.StoreUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps answers once they are whole. Streams end on an event loop, which must not wait for a database: their answers are
 * saved beside it, and who goes on from one waits until it is. Thread-safe.
 */
public final class ConversationKeeper {
    private static final Logger log = LoggerFactory.getLogger(ConversationKeeper.class);

    private final Conversations conversations;
    private final int maxBytes;
    private final Map<String, CompletableFuture<Void>> saving = new ConcurrentHashMap<>();

    /** @param maxBytes of a request or an answer that is kept */
    public ConversationKeeper(Conversations conversations, int maxBytes) {
        this.conversations = conversations;
        this.maxBytes = maxBytes;
    }

    /** @throws HttpFault a request of that size is not kept */
    public void requireRoom(int bytes) {
        if (bytes > maxBytes) {
            throw new HttpFault(
                    413,
                    "request_too_large",
                    "a request of " + bytes + " bytes is not stored; the limit is " + maxBytes
                            + " (mehari.conversations.max-size). Send store: false.");
        }
    }

    /** Keeps the answer of one call. */
    public final class Keep {
        private final String owner;
        private final @Nullable String previous;
        private final JsonObject request;
        private final Map<String, JsonNode> stored;

        private Keep(String owner, @Nullable String previous, JsonObject request, Map<String, JsonNode> stored) {
            this.owner = owner;
            this.previous = previous;
            this.request = request;
            this.stored = stored;
        }

        /**
         * Saves it; blocks.
         *
         * @param response the whole Response object, UTF-8 JSON
         * @param provider whose own answer it is; null when it was translated
         * @return whether it could be saved; the log says why not
         */
        public boolean save(byte[] response, @Nullable String provider) {
            JsonNode tree;
            try {
                tree = Json.tree(response);
            } catch (UncheckedIOException tooDeep) {
                log.warn("a response of {} bytes is nested too deep to be stored", response.length);
                return false;
            }
            String id = tree.path("id").asText();
            if (response.length > maxBytes || id.isEmpty()) {
                log.warn("response {} of {} bytes is too large to be stored", id, response.length);
                return false;
            }
            try {
                return conversations.save(new StoredResponse(
                        id,
                        owner,
                        previous,
                        Instant.ofEpochSecond(tree.path("created_at").asLong()),
                        provider,
                        tree.path("model").asText(),
                        InputItems.of(input(), stored),
                        tree));
            } catch (StoreUnavailable away) {
                log.error("response {} is lost to later requests: the database is away", id);
                return false;
            } catch (StoreRefused never) {
                log.error("response {} is lost to later requests: the database does not take it", id);
                return false;
            }
        }

        private JsonNode input() {
            JsonObject.Field input = request.field("input");
            return input == null ? MissingNode.getInstance() : request.tree(input);
        }

        /** Saves it on a thread of its own; for event loops. */
        public void saveLater(String id, byte[] response, @Nullable String provider) {
            later(id, () -> save(response, provider));
        }
    }

    /**
     * Saves how a response that is kept stands now, on a thread of its own; for event loops. When it cannot be saved it stays
     * as it was; one that was deleted meanwhile stays deleted.
     *
     * @param response the whole Response object, UTF-8 JSON
     */
    public void renewLater(StoredResponse stored, byte[] response) {
        if (response.length > maxBytes) {
            log.warn("response {} of {} bytes is too large to be stored", stored.id(), response.length);
            return;
        }
        later(stored.id(), () -> {
            try {
                conversations.renew(stored.with(Json.tree(response)));
            } catch (StoreUnavailable | StoreRefused away) {
                log.warn("response {} stays as it was: {}", stored.id(), away.text());
            } catch (UncheckedIOException tooDeep) {
                log.warn("response {} stays as it was: it is nested too deep now", stored.id());
            }
        });
    }

    private void later(String id, Runnable save) {
        CompletableFuture<Void> saved = new CompletableFuture<>();
        saving.put(id, saved);
        Thread.ofVirtual().name("keep-" + id).start(() -> {
            try {
                save.run();
            } finally {
                saving.remove(id, saved);
                saved.complete(null);
            }
        });
    }

    /**
     * For the answer to come.
     *
     * @param request as the client sent it
     * @param stored items that it refers to, by id
     */
    public Keep of(String owner, @Nullable String previous, JsonObject request, Map<String, JsonNode> stored) {
        return new Keep(owner, previous, request, stored);
    }

    /**
     * The items of these ids that are kept for that owner; blocks. An item does not tell which answer it is of: while one of
     * them is missing, all that are being saved are waited for.
     */
    public Map<String, JsonNode> items(String owner, Set<String> ids) {
        Map<String, JsonNode> items = conversations.items(owner, ids);
        if (items.keySet().containsAll(ids)) {
            return items;
        }
        saving.values().forEach(CompletableFuture::join);
        return conversations.items(owner, ids);
    }

    /** Returns once a response that is being saved has been; blocks. */
    public void awaitSaved(String id) {
        CompletableFuture<Void> saved = saving.get(id);
        if (saved != null) {
            saved.join();
        }
    }
}
