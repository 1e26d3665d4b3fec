package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.config.AwsSettings;
import dev.mehari.provider.Ask;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Writes one Converse request; ConverseStream takes the same. One instance a request.
 *
 * <p>Source: Bedrock API reference, Converse, read 2026-11-21.
 */
final class BedrockRequest {
    private static final String JSON_ONLY = "Answer with one JSON object and nothing else: no prose, no code fence.";
    private static final int MOST_METADATA = 16;
    private static final int LONGEST_METADATA = 256;

    private final Ask ask;
    private final ChatRequest request;
    private final BedrockModel model;
    private final List<String> dropped;
    private final ByteSink body;
    private final JsonWriter out;

    /** @throws InvalidRequest a field of it cannot be served at all */
    BedrockRequest(Ask ask, BedrockModel model) {
        this.ask = ask;
        this.request = ask.request().request().get();
        this.model = model;
        this.dropped = new ArrayList<>(
                BedrockFields.TABLE.dropped(request, ask.provider().name()));
        this.body = new ByteSink(ask.request().raw().bytes().length + 512);
        this.out = new JsonWriter(body);
    }

    /** Fields that the provider or the model does not take; complete once the request is encoded. */
    List<String> dropped() {
        return List.copyOf(new LinkedHashSet<>(dropped));
    }

    /** @throws InvalidRequest a part of the request cannot be served, by its path */
    byte[] encode() {
        String provider = ask.provider().name();
        BedrockParts parts = new BedrockParts(provider, model, dropped);
        BedrockMessages messages = new BedrockMessages(request, model, parts);
        BedrockTools tools = BedrockTools.of(request, model);
        BedrockTuning tuning = new BedrockTuning(request, model, dropped);
        BedrockToolConfig toolConfig =
                new BedrockToolConfig(provider, request, model, tools, tuning.thinks(), parts, dropped);
        String claudeChoice = toolConfig.claudeChoice();
        instruct(messages, tools, toolConfig);

        out.object();
        messages.write(out);
        tuning.inference(out);
        toolConfig.write(claudeChoice != null, out);
        tuning.additional(claudeChoice, out);
        format(tools);
        terms();
        guardrail();
        own("performanceConfig");
        own("promptVariables");
        out.endObject();
        return body.take();
    }

    private void instruct(BedrockMessages messages, BedrockTools tools, BedrockToolConfig toolConfig) {
        if (request.output().format() instanceof ResponseFormat.JsonObject) {
            messages.instruct(JSON_ONLY);
        }
        if (request.output().format() instanceof ResponseFormat.JsonSchema format
                && tools.schema() == null
                && tools.answerTool() == null) {
            // No model here can be held to it: what is left is to ask.
            messages.instruct("Answer, unless you call a tool, with JSON of this schema and nothing else: "
                    + Json.text(format.schema()));
        }
        String instruction = toolConfig.instruction();
        if (instruction != null) {
            messages.instruct(instruction);
        }
    }

    private void format(BedrockTools tools) {
        JsonNode schema = tools.schema();
        if (schema != null && request.output().format() instanceof ResponseFormat.JsonSchema format) {
            out.name("outputConfig").object().name("textFormat").object().field("type", "json_schema");
            out.name("structure").object().name("jsonSchema").object().field("schema", Json.text(schema));
            out.field("name", BedrockNames.tool(format.name()));
            if (format.description() != null && !format.description().isBlank()) {
                out.field("description", format.description());
            }
            out.endObject().endObject().endObject().endObject();
        }
    }

    private void terms() {
        String tier = request.terms().serviceTier();
        switch (tier) {
            case null -> {}
            case "auto" -> {}
            case "default", "flex", "priority", "reserved" ->
                out.name("serviceTier").object().field("type", tier).endObject();
            default -> dropped.add(RequestField.SERVICE_TIER.title());
        }
        Map<String, String> metadata = request.terms().metadata();
        if (metadata.size() > MOST_METADATA) {
            dropped.add(RequestField.METADATA.title());
        }
        if (!metadata.isEmpty()) {
            out.name("requestMetadata").object();
            metadata.entrySet().stream()
                    .limit(MOST_METADATA)
                    .forEach(entry -> out.field(metadata(entry.getKey()), metadata(entry.getValue())));
            out.endObject();
        }
    }

    /** {@code [a-zA-Z0-9\s:_@$#=/+,-.]{0,256}}. */
    private static String metadata(String text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < text.length() && i < LONGEST_METADATA; i++) {
            char c = text.charAt(i);
            boolean plain = c < 128 && Character.isLetterOrDigit(c);
            clean.append(plain || " :_@$#=/+,-.".indexOf(c) >= 0 ? c : '_');
        }
        return clean.toString();
    }

    /** The operator's guardrail is not the client's to change. */
    private void guardrail() {
        AwsSettings aws = ask.provider().settings().aws();
        if (aws.guardrailId() == null) {
            own("guardrailConfig");
            return;
        }
        if (request.extras().get("guardrailConfig") != null) {
            dropped.add("guardrailConfig");
        }
        out.name("guardrailConfig").object().field("guardrailIdentifier", aws.guardrailId());
        out.field("guardrailVersion", aws.guardrailVersion()).endObject();
    }

    /** A field of Converse's own that clients may send under its name. */
    private void own(String name) {
        JsonNode value = request.extras().get(name);
        if (value != null && !value.isNull()) {
            out.name(name).raw(Json.bytes(value));
        }
    }
}
