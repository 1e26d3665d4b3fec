package dev.mehari.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatResponse;
import dev.mehari.chat.Extras;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;

/**
 * Writes one whole answer as a {@code chat.completion} object. Source: OpenAI API reference, Chat Completions, read
 * 2026-11-21. Stateless and thread-safe.
 */
public final class ChatResponseWriter {
    private ChatResponseWriter() {}

    /**
     * Writes an answer.
     *
     * @param legacyFunctions whether the request used {@code functions}, so that the first call goes out as
     *     {@code function_call}
     * @return UTF-8 JSON
     */
    public static byte[] write(ChatResponse response, boolean legacyFunctions) {
        ByteSink out = new ByteSink(1024);
        Json.quote(response.id(), out.write("{\"id\":")).write(",\"object\":\"chat.completion\",\"created\":");
        out.write(Long.toString(response.created())).write(",\"model\":");
        Json.quote(response.model(), out).write(",\"choices\":[");
        for (int i = 0; i < response.choices().size(); i++) {
            out.write(i == 0 ? "" : ",");
            choice(response.choices().get(i), legacyFunctions, out);
        }
        out.write(']');
        Usage usage = response.usage();
        if (usage != null) {
            Wire.usage(usage, out.write(",\"usage\":"));
        }
        String tier = response.serviceTier();
        if (tier != null) {
            Json.quote(tier, out.write(",\"service_tier\":"));
        }
        Wire.providerFields(response.providerFields(), out);
        return out.write('}').toByteArray();
    }

    private static void choice(ChatResponse.Choice choice, boolean legacyFunctions, ByteSink out) {
        out.write("{\"index\":" + choice.index() + ",\"message\":");
        AnswerMessage message = AnswerMessage.of(choice.message());
        message.write(legacyFunctions, out);
        extras(choice.message().extras(), out);
        out.write("},\"logprobs\":");
        JsonNode logprobs = choice.logprobs();
        if (logprobs == null) {
            out.write("null");
        } else {
            out.write(Json.bytes(logprobs));
        }
        boolean called = !message.calls().isEmpty();
        out.write(",\"finish_reason\":\"")
                .write(Wire.finish(choice.finish().withToolCalls(called), legacyFunctions)
                        .wire())
                .write('"');
        Wire.stopSequence(choice.stopSequence(), out);
        out.write('}');
    }

    private static void extras(Extras extras, ByteSink out) {
        extras.fields()
                .forEach((name, value) ->
                        Json.quote(name, out.write(',')).write(':').write(Json.bytes(value)));
    }
}
