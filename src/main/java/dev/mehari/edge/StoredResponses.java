package dev.mehari.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.call.ConversationOwner;
import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.Playback;
import dev.mehari.conversation.ConversationKeeper;
import dev.mehari.conversation.Conversations;
import dev.mehari.conversation.StoredResponse;
import dev.mehari.dialect.responses.ResponsesStreamWriter;
import dev.mehari.dialect.responses.StoredEvents;
import dev.mehari.transport.AnswerStream;
import dev.mehari.transport.ClientExchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Steps over stored responses: {@code showResponse}, {@code forgetResponse}, {@code cancelResponse} and
 * {@code listInputItems}. A response of another key is as unknown as one that never was. Source: OpenAI API reference,
 * Responses, read 2026-11-21.
 */
@Configuration(proxyBeanMethods = false)
class StoredResponses {
    private static final int DEFAULT_PAGE = 20;
    private static final int LARGEST_PAGE = 100;

    private final Conversations conversations;
    private final ConversationKeeper keeper;
    private final KeptElsewhere elsewhere;

    StoredResponses(Conversations conversations, ConversationKeeper keeper, KeptElsewhere elsewhere) {
        this.conversations = conversations;
        this.keeper = keeper;
        this.elsewhere = elsewhere;
    }

    @Bean
    Processor showResponse() {
        return exchange -> {
            boolean streamed = word(query(exchange), "stream", "false", List.of("true", "false"))
                    .equals("true");
            int after = startingAfter(query(exchange).get("starting_after"));
            StoredResponse stored = find(exchange);
            if (streamed) {
                exchange.getMessage().setBody(stream(stored, after, ClientExchange.of(exchange)));
                return;
            }
            answer(
                    exchange,
                    KeptElsewhere.isRunning(stored)
                            ? elsewhere.now(stored, ClientExchange.of(exchange)).response()
                            : stored.response());
        };
    }

    /** As its provider has it where that runs in the background; else as it is kept here. */
    private AnswerStream stream(StoredResponse stored, int after, ClientExchange client) {
        return elsewhere.stream(stored, after, client).orElseGet(() -> {
            Playback events = new Playback(new StoredEvents(stored.response(), after), Playback.Timer.NONE);
            return AnswerStream.known(client.loop(), events, ResponsesStreamWriter.ofStored(stored.id()), event -> {});
        });
    }

    /** The number of an event; -1: none is named. */
    private static int startingAfter(@Nullable Object startingAfter) {
        if (startingAfter == null) {
            return -1;
        }
        int number = number(startingAfter);
        if (number < 0) {
            throw new InvalidRequest(
                    "invalid_value", "starting_after", "starting_after must be the sequence_number of an event");
        }
        return number;
    }

    @Bean
    Processor forgetResponse() {
        return exchange -> {
            StoredResponse stored = find(exchange);
            String id = stored.id();
            conversations.delete(ConversationOwner.of(exchange), id);
            elsewhere.forget(stored, ClientExchange.of(exchange));
            answer(
                    exchange,
                    Json.MAPPER
                            .createObjectNode()
                            .put("id", id)
                            .put("object", "response")
                            .put("deleted", true));
        };
    }

    /** Only what a provider does in the background has not ended by the time it is stored. */
    @Bean
    Processor cancelResponse() {
        return exchange -> {
            StoredResponse stored = find(exchange);
            if (KeptElsewhere.isRunning(stored)) {
                answer(
                        exchange,
                        elsewhere.cancel(stored, ClientExchange.of(exchange)).response());
                return;
            }
            throw new InvalidRequest(
                    "invalid_value",
                    "response_id",
                    "Response " + stored.id() + " cannot be cancelled: it does not run in the background.");
        };
    }

    @Bean
    Processor listInputItems() {
        return exchange -> {
            StoredResponse stored = find(exchange);
            List<StoredResponse> chain = conversations.chain(stored.owner(), stored.id());
            // As at OpenAI: all that the model got to read, the conversation before included.
            List<JsonNode> items = new ArrayList<>();
            for (StoredResponse turn : chain) {
                items.addAll(turn.id().equals(stored.id()) ? turn.input() : turn.items());
            }
            if (chain.isEmpty()) {
                items.addAll(stored.input());
            }
            answer(exchange, page(items, query(exchange)));
        };
    }

    private StoredResponse find(Exchange exchange) {
        String id = value(exchange, "path", "id");
        keeper.awaitSaved(String.valueOf(id));
        StoredResponse stored = id == null ? null : conversations.find(ConversationOwner.of(exchange), id);
        if (stored == null) {
            throw new HttpFault(404, null, "Response with id '" + Printable.of(String.valueOf(id)) + "' not found.");
        }
        return stored;
    }

    private static ObjectNode page(List<JsonNode> oldestFirst, Map<?, ?> query) {
        List<JsonNode> items = new ArrayList<>(oldestFirst);
        if (!"asc".equals(word(query, "order", "desc", List.of("asc", "desc")))) {
            Collections.reverse(items);
        }
        int from = after(items, query.get("after"));
        int to = Math.min(items.size(), from + limit(query.get("limit")));
        List<JsonNode> page = items.subList(from, to);
        ObjectNode list = Json.MAPPER.createObjectNode().put("object", "list");
        ArrayNode data = list.putArray("data").addAll(page);
        list.set("first_id", data.isEmpty() ? null : data.get(0).get("id"));
        list.set("last_id", data.isEmpty() ? null : data.get(data.size() - 1).get("id"));
        return list.put("has_more", to < items.size());
    }

    private static int after(List<JsonNode> items, @Nullable Object after) {
        if (after == null) {
            return 0;
        }
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i).path("id").asText().equals(after)) {
                return i + 1;
            }
        }
        throw new InvalidRequest("invalid_value", "after", "after names no item of this response");
    }

    private static int limit(@Nullable Object limit) {
        if (limit == null) {
            return DEFAULT_PAGE;
        }
        int number = number(limit);
        if (number < 1 || number > LARGEST_PAGE) {
            throw new InvalidRequest("invalid_value", "limit", "limit must be a number from 1 to " + LARGEST_PAGE);
        }
        return number;
    }

    /** -1: it is none. */
    private static int number(Object value) {
        String text = value.toString();
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : -1;
    }

    private static String word(Map<?, ?> query, String name, String fallback, List<String> known) {
        Object value = query.get(name);
        if (value != null && !known.contains(value)) {
            throw new InvalidRequest("invalid_value", name, name + " must be one of " + String.join(", ", known));
        }
        return value == null ? fallback : value.toString();
    }

    private static Map<?, ?> query(Exchange exchange) {
        Map<?, ?> query = exchange.getProperty("query", Map.class);
        return query == null ? Map.of() : query;
    }

    private static @Nullable String value(Exchange exchange, String property, String name) {
        Map<?, ?> values = exchange.getProperty(property, Map.class);
        return values == null || values.get(name) == null
                ? null
                : values.get(name).toString();
    }

    private static void answer(Exchange exchange, JsonNode json) {
        exchange.getMessage().setHeader("content-type", "application/json");
        exchange.getMessage().setBody(Json.bytes(json));
    }
}
