package dev.mehari.dialect.chat;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Usage;
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
        more = count(
                "total_tokens", prompt == null || completion == null ? null : (Long) (prompt + completion), more, out);
        if (usage.cachedTokens() != null || usage.cacheWriteTokens() != null) {
            out.write(more ? ",\"prompt_tokens_details\":{" : "\"prompt_tokens_details\":{");
            boolean second = count("cached_tokens", usage.cachedTokens(), false, out);
            count("cache_write_tokens", usage.cacheWriteTokens(), second, out);
            out.write('}');
            more = true;
        }
        if (usage.reasoningTokens() != null) {
            out.write(more ? ",\"completion_tokens_details\":{" : "\"completion_tokens_details\":{");
            count("reasoning_tokens", usage.reasoningTokens(), false, out);
            out.write('}');
        }
        out.write('}');
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
