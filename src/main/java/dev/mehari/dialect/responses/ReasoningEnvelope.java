package dev.mehari.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.Json;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * What a provider wants back unchanged on the next turn, packed into {@code reasoning.encrypted_content}: a signed block
 * of reasoning, a hidden one, or the signature of a call. Base64 of {@code {"mehari":1,…}}; anything else is another
 * maker's and stays as it is. Immutable.
 */
sealed interface ReasoningEnvelope {
    /** What OpenAI's own content is marked with in the hub: no other provider can read it. */
    String OPENAI = "openai:";

    /** A block of reasoning, text and signature. */
    record Block(AssistantPart part) implements ReasoningEnvelope {}

    /** The signature of a call that follows. */
    record OfCall(String callId, String signature) implements ReasoningEnvelope {}

    static String of(AssistantPart.Reasoning block) {
        ObjectNode envelope = begin().put("text", block.text()).put("signature", block.signature());
        return pack(block.id() == null ? envelope : envelope.put("id", block.id()));
    }

    static String of(AssistantPart.RedactedReasoning block) {
        return pack(begin().put("data", block.data()));
    }

    static String ofCall(String callId, String signature) {
        return pack(begin().put("call", callId).put("signature", signature));
    }

    private static ObjectNode begin() {
        return Json.MAPPER.createObjectNode().put("mehari", 1);
    }

    private static String pack(ObjectNode envelope) {
        return Base64.getEncoder().encodeToString(Json.bytes(envelope));
    }

    /** What such content holds; null when it is not ours. */
    static @Nullable ReasoningEnvelope open(String content) {
        JsonNode envelope;
        try {
            envelope = Json.MAPPER.readTree(Base64.getDecoder().decode(content));
        } catch (IOException | IllegalArgumentException foreign) {
            return null;
        }
        if (envelope.path("mehari").asInt() != 1) {
            return null;
        }
        String signature = envelope.path("signature").textValue();
        if (envelope.path("data").isTextual()) {
            return new Block(
                    new AssistantPart.RedactedReasoning(envelope.path("data").asText()));
        }
        if (envelope.path("call").isTextual() && signature != null) {
            return new OfCall(envelope.path("call").asText(), signature);
        }
        return new Block(new AssistantPart.Reasoning(
                envelope.path("id").textValue(), envelope.path("text").asText(), signature));
    }
}
