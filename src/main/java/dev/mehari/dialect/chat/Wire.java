package dev.mehari.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Pieces that the stream and the whole answer write alike. */
final class Wire {
    private Wire() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The finish reason for a client that spoke of functions, or of tools. */
    static FinishReason finish(FinishReason reason, boolean legacyFunctions) {
        return legacyFunctions && reason == FinishReason.TOOL_CALLS ? FinishReason.FUNCTION_CALL : reason;
    }

    /** A usage object. What was not reported is left out: a made-up 0 would be billed as one. */
    static void usage(Usage usage, ByteSink out) {
        Long prompt = usage.promptTokens();
        Long completion = usage.completionTokens();
        out.write('{');
        boolean more = count("prompt_tokens", prompt, false, out);
        more = count("completion_tokens", completion, more, out);
        more = count("total_tokens", usage.totalTokens(), more, out);
        more = promptDetails(usage, more, out);
        more = completionDetails(usage, more, out);
        if (has(usage, UsageDetail.Part.SERVER_TOOLS)) {
            out.write(more ? ",\"server_tool_use\":{" : "\"server_tool_use\":{");
            details(usage, UsageDetail.Part.SERVER_TOOLS, false, out);
            out.write('}');
        }
        out.write('}');
    }

    private static boolean promptDetails(Usage usage, boolean more, ByteSink out) {
        Long cached = usage.count(UsageDetail.CACHED);
        Long written = usage.count(UsageDetail.CACHE_WRITE);
        if (cached == null && written == null && !usage.hasCacheTimes() && !has(usage, UsageDetail.Part.PROMPT)) {
            return more;
        }
        out.write(more ? ",\"prompt_tokens_details\":{" : "\"prompt_tokens_details\":{");
        boolean second = count("cached_tokens", cached, false, out);
        second = count("cache_write_tokens", written, second, out);
        if (usage.hasCacheTimes()) {
            // LiteLLM's name, by which its clients know the two kinds.
            out.write(second ? ",\"" : "\"").write("cache_creation_token_details\":{");
            boolean third = count("ephemeral_5m_input_tokens", usage.shortCacheWriteTokens(), false, out);
            count("ephemeral_1h_input_tokens", usage.count(UsageDetail.LONG_CACHE_WRITE), third, out);
            out.write('}');
            second = true;
        }
        details(usage, UsageDetail.Part.PROMPT, second, out);
        out.write('}');
        return true;
    }

    private static boolean completionDetails(Usage usage, boolean more, ByteSink out) {
        if (!has(usage, UsageDetail.Part.COMPLETION)) {
            return more;
        }
        out.write(more ? ",\"completion_tokens_details\":{" : "\"completion_tokens_details\":{");
        details(usage, UsageDetail.Part.COMPLETION, false, out);
        out.write('}');
        return true;
    }

    private static boolean has(Usage usage, UsageDetail.Part part) {
        for (UsageDetail detail : usage.details().keySet()) {
            if (detail.part() == part) {
                return true;
            }
        }
        return false;
    }

    private static void details(Usage usage, UsageDetail.Part part, boolean more, ByteSink out) {
        for (UsageDetail detail : UsageDetail.of(part)) {
            more = count(detail.wire(), usage.count(detail), more, out);
        }
    }

    /** A picture in an answer, in OpenRouter's shape: OpenAI's chat API has none. */
    static void image(ContentPart.Image image, ByteSink out) {
        imageFields(image, out.write('{'));
        out.write('}');
    }

    static void imageFields(ContentPart.Image image, ByteSink out) {
        String url =
                switch (image.source()) {
                    case MediaSource.Inline inline -> "data:" + inline.mediaType() + ";base64," + inline.base64();
                    case MediaSource.Url address -> address.url();
                    case MediaSource.FileId file -> file.id();
                };
        Json.quote(url, out.write("\"type\":\"image_url\",\"image_url\":{\"url\":"))
                .write('}');
    }

    /** What only the provider has words for, beside {@code choices}; in a stream once, before the reasons for its end. */
    static void providerFields(@Nullable JsonNode fields, ByteSink out) {
        if (fields != null) {
            out.write(",\"provider_fields\":").write(Json.bytes(fields));
        }
    }

    /** Google's convention for OpenAI clients, which send it back. */
    static void signature(@Nullable String signature, ByteSink out) {
        if (signature != null) {
            Json.quote(signature, out.write(",\"extra_content\":{\"google\":{\"thought_signature\":"))
                    .write("}}");
        }
    }

    /** vLLM's field beside the finish reason: which of the client's texts ended the answer. */
    static void stopSequence(@Nullable String stopSequence, ByteSink out) {
        if (stopSequence != null) {
            Json.quote(stopSequence, out.write(",\"stop_reason\":"));
        }
    }

    /** Appends one count, if there is one, and tells whether the object now holds something. */
    private static boolean count(String name, @Nullable Long count, boolean more, ByteSink out) {
        if (count == null) {
            return more;
        }
        out.write(more ? ",\"" : "\"").write(name).write("\":").write(Long.toString(count));
        return true;
    }
}
