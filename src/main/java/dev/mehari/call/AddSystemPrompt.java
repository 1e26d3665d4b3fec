package dev.mehari.call;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code addSystemPrompt}: puts the property {@code systemPrompt} before all that the client says, where its API has
 * the place for it.
 */
@Component
final class AddSystemPrompt implements Processor {
    private final RequestEdit edit;

    AddSystemPrompt(RequestEdit edit) {
        this.edit = edit;
    }

    @Override
    public void process(Exchange exchange) {
        String prompt = RequestEdit.property(exchange, "systemPrompt", "addSystemPrompt");
        switch (Call.of(exchange).dialect().name()) {
            case "messages" -> edit.apply(exchange, request -> joined(request, "system", prompt));
            case "responses" -> edit.apply(exchange, request -> joined(request, "instructions", prompt));
            case "chat" -> edit.apply(exchange, request -> first(request, prompt));
            default -> {
                // Embeddings are no conversation.
            }
        }
    }

    private static void joined(ObjectNode request, String field, String prompt) {
        JsonNode theirs = request.path(field);
        if (theirs instanceof ArrayNode blocks) {
            blocks.insertObject(0).put("type", "text").put("text", prompt);
        } else {
            request.put(field, theirs.isTextual() ? prompt + "\n\n" + theirs.asText() : prompt);
        }
    }

    private static void first(ObjectNode request, String prompt) {
        if (request.path("messages") instanceof ArrayNode messages) {
            ObjectNode message =
                    Json.MAPPER.createObjectNode().put("role", "system").put("content", prompt);
            messages.insert(0, message);
        }
    }
}
