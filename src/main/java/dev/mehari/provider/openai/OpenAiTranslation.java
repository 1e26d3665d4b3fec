package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonParser;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.RequestFacts;
import dev.mehari.chat.ResponseFormat;
import dev.mehari.provider.Ask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Turns a request of another client API into one of Chat Completions, as a chat client could have sent it: what a
 * provider does differently is then seen to by {@link OpenAiRequest}, as for every chat client. One instance a request.
 */
final class OpenAiTranslation {
    private final Ask ask;
    private final ChatRequest request;
    private final String family;
    private final List<String> dropped;
    private final ByteSink out = new ByteSink(4096);
    private final JsonWriter json = new JsonWriter(out);

    private OpenAiTranslation(Ask ask, String family, List<String> dropped) {
        this.ask = ask;
        this.request = ask.request().request().get();
        this.family = family;
        this.dropped = dropped;
    }

    /**
     * The upstream's request.
     *
     * @param dropped gets the fields that Chat Completions or the provider does not take
     * @throws dev.mehari.chat.GatewayException.InvalidRequest a field without which the answer would be another one
     */
    static byte[] encode(Ask ask, OpenAiPlace place, List<String> dropped) {
        OpenAiTranslation translation = new OpenAiTranslation(ask, place.family(), dropped);
        translation.write();
        byte[] body = new OpenAiRequest(translation.asked(), place, dropped).encode();
        // What the provider refuses under our name for it, the client has asked for under its own.
        if (translation.request.reasoning().effort() == null) {
            dropped.replaceAll(name -> name.equals("reasoning_effort") ? "thinking" : name);
        }
        return body;
    }

    private Ask asked() {
        return new Ask(
                ask.provider(),
                ask.model(),
                ask.alias(),
                "chat",
                facts(),
                ask.answerId(),
                ask.session(),
                ask.caller(),
                ask.headers());
    }

    private RequestFacts facts() {
        RequestFacts facts = ask.request();
        byte[] body = out.take();
        try (JsonParser parser = Json.FACTORY.createParser(body)) {
            return new RequestFacts(
                    JsonObject.read(body, parser, (name, value) -> {}),
                    facts.model(),
                    facts.provider(),
                    facts.stream(),
                    false,
                    facts.maxTokens(),
                    facts.promptChars(),
                    facts.hasTools(),
                    false,
                    facts.request());
        } catch (IOException impossible) {
            throw new UncheckedIOException("written just now", impossible);
        }
    }

    private void write() {
        dropped.addAll(OpenAiFields.TABLE.dropped(request, ask.provider().name()));
        json.object().field("model", ask.model());
        new OpenAiMessageWriter(ask, json, dropped).messages(request.messages());
        OpenAiToolWriter.write(request.tooling(), json);
        sampling(request.sampling());
        effort();
        output(request.output());
        terms(request.terms());
        json.endObject();
    }

    private void sampling(ChatRequest.Sampling sampling) {
        json.fieldIfAny("max_tokens", sampling.maxTokens())
                .fieldIfAny("temperature", sampling.temperature())
                .fieldIfAny("top_p", sampling.topP())
                .fieldIfAny("n", sampling.n())
                .fieldIfAny("seed", sampling.seed())
                .fieldIfAny("presence_penalty", sampling.presencePenalty())
                .fieldIfAny("frequency_penalty", sampling.frequencyPenalty())
                .fieldIfAny("logprobs", sampling.logprobs())
                .fieldIfAny("top_logprobs", sampling.topLogprobs());
        strings("stop", sampling.stop());
    }

    private void effort() {
        String effort = OpenAiEffort.of(request.reasoning(), family);
        if (effort == null) {
            return;
        }
        if (!OpenAiEffort.isPlain(family, ask.provider().quirks().plainModels())) {
            json.field("reasoning_effort", effort);
            return;
        }
        boolean off = "disabled".equals(request.reasoning().mode());
        if (request.reasoning().mode() != null && !off) {
            dropped.add("thinking");
        }
        if (request.reasoning().effort() != null) {
            dropped.add("reasoning_effort");
        }
    }

    private void output(ChatRequest.Output output) {
        switch (output.format()) {
            case null -> {}
            case ResponseFormat.Text text -> json.name("response_format").raw("{\"type\":\"text\"}");
            case ResponseFormat.JsonObject any -> json.name("response_format").raw("{\"type\":\"json_object\"}");
            case ResponseFormat.JsonSchema schema -> {
                json.name("response_format").object().field("type", "json_schema");
                json.name("json_schema")
                        .object()
                        .field("name", schema.name())
                        .fieldIfAny("description", schema.description())
                        .field("schema", schema.schema())
                        .fieldIfAny("strict", schema.strict());
                json.endObject().endObject();
            }
        }
        json.fieldIfAny("verbosity", output.verbosity());
        strings("modalities", output.modalities());
    }

    private void terms(ChatRequest.Terms terms) {
        json.fieldIfAny("user", terms.user())
                .fieldIfAny("safety_identifier", terms.safetyIdentifier())
                .fieldIfAny("prompt_cache_key", terms.promptCacheKey())
                .fieldIfAny("service_tier", terms.serviceTier())
                .fieldIfAny("store", terms.store());
        if (!terms.metadata().isEmpty()) {
            json.name("metadata").object();
            terms.metadata().forEach(json::field);
            json.endObject();
        }
    }

    private void strings(String name, List<String> texts) {
        if (!texts.isEmpty()) {
            json.name(name).list();
            texts.forEach(json::text);
            json.endList();
        }
    }
}
