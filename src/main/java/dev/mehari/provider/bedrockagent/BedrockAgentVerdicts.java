package dev.mehari.provider.bedrockagent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mehari.chat.ByteSearch;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.Json;
import dev.mehari.provider.OwnFields;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What the traces of one answer tell of guardrails and failures. All else in them, the agent's prompts first of all, is no
 * client's affair.
 */
final class BedrockAgentVerdicts {
    private static final String GUARDRAIL = "guardrailTrace";
    private static final String FAILURE = "failureTrace";

    private final ArrayNode traces = Json.MAPPER.createArrayNode();
    private boolean intervened;

    /** @throws IOException the trace is no JSON */
    void read(byte[] json, int offset, int length) throws IOException {
        // Most hold neither, and much else: no tree is made of those.
        if (holds(json, offset, length, GUARDRAIL) || holds(json, offset, length, FAILURE)) {
            JsonNode trace = Json.MAPPER.readTree(json, offset, length).path("trace");
            add(GUARDRAIL, trace);
            add(FAILURE, trace);
            intervened |= trace.at("/guardrailTrace/action").asText().equals("INTERVENED");
        }
    }

    private static boolean holds(byte[] json, int offset, int length, String name) {
        return ByteSearch.indexOf(json, name.getBytes(StandardCharsets.US_ASCII), offset, offset + length) >= 0;
    }

    private void add(String kind, JsonNode trace) {
        if (trace.path(kind).isObject()) {
            traces.addObject().set(kind, trace.path(kind));
        }
    }

    /** Whether a guardrail has put its own words in the place of the model's, or of the user's. */
    boolean intervened() {
        return intervened;
    }

    void tell(EventSink sink) {
        OwnFields own = new OwnFields("bedrock-agent");
        own.put("traces", traces);
        own.tell(sink);
    }
}
