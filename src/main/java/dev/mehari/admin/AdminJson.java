package dev.mehari.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.keys.KeyFields.BadFields;
import dev.mehari.transport.ClientRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;

/** How requests are read at {@code /admin}, and answered. */
final class AdminJson {
    private AdminJson() {}

    /**
     * The request's body; an empty one is an empty object.
     *
     * @throws InvalidRequest it is no JSON
     */
    static JsonNode body(Exchange exchange) {
        byte[] body = ClientRequest.of(exchange).body();
        if (body.length == 0) {
            return Json.MAPPER.createObjectNode();
        }
        try {
            return Json.MAPPER.readTree(body);
        } catch (JsonProcessingException broken) {
            throw new InvalidRequest(null, "The body is not valid JSON: " + broken.getOriginalMessage());
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory", impossible);
        }
    }

    /**
     * The query's parameters.
     *
     * @throws InvalidRequest naming those that are not known
     */
    static Map<String, String> query(Exchange exchange, Set<String> known) {
        Map<String, String> query = ClientRequest.of(exchange).query();
        Set<String> others = new TreeSet<>(query.keySet());
        others.removeAll(known);
        if (!others.isEmpty()) {
            throw new InvalidRequest(
                    "unknown_parameter",
                    others.iterator().next(),
                    "unknown query parameters: " + String.join(", ", others) + "; known are "
                            + String.join(", ", new TreeSet<>(known)));
        }
        return query;
    }

    /** What stands in the path for a {@code {name}} of its door; empty when the door has none. */
    static String inPath(Exchange exchange, String name) {
        Object value = exchange.getProperty("path", Map.of(), Map.class).get(name);
        return value instanceof String text ? text : "";
    }

    /** 400 that names every bad field. */
    static InvalidRequest refusal(Map<String, String> faults) {
        StringBuilder all = new StringBuilder();
        faults.forEach((field, fault) ->
                all.append(all.isEmpty() ? "" : "; ").append(field).append(' ').append(fault));
        return new InvalidRequest("invalid_fields", String.join(", ", faults.keySet()), all.toString());
    }

    static InvalidRequest refusal(BadFields bad) {
        return refusal(bad.faults());
    }

    static void answer(Exchange exchange, int status, ObjectNode json) {
        answer(exchange, status, "application/json", Json.bytes(json));
    }

    static void answer(Exchange exchange, int status, String type, byte[] body) {
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
        exchange.getMessage().setHeader("content-type", type);
        exchange.getMessage().setHeader("cache-control", "no-store");
        exchange.getMessage().setBody(body);
    }

    static void answer(Exchange exchange, String type, String text) {
        answer(exchange, 200, type, text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@code {"object":"list","data":[…]}}. */
    static ObjectNode list(ArrayNode data) {
        ObjectNode list = Json.MAPPER.createObjectNode();
        list.put("object", "list");
        list.set("data", data);
        return list;
    }
}
