package dev.mehari.chat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A count of one kind that some providers tell beside the sums of {@link Usage}. Its name on the wire is the one that OpenAI
 * gives it, or that xAI and OpenRouter give it where OpenAI has none.
 */
public enum UsageDetail {
    /** Read from the provider's cache. */
    CACHED(Part.CACHE, "cached_tokens"),
    /** Written to the provider's cache. */
    CACHE_WRITE(Part.CACHE, "cache_write_tokens"),
    /** The part of those that is kept for an hour, which costs more (Anthropic). */
    LONG_CACHE_WRITE(Part.CACHE, "ephemeral_1h_input_tokens"),
    PROMPT_AUDIO(Part.PROMPT, "audio_tokens"),
    PROMPT_TEXT(Part.PROMPT, "text_tokens"),
    PROMPT_IMAGE(Part.PROMPT, "image_tokens"),
    PROMPT_VIDEO(Part.PROMPT, "video_tokens"),
    PROMPT_DOCUMENT(Part.PROMPT, "document_tokens"),
    /** What Google's own tools have put into the prompt. */
    PROMPT_TOOL_USE(Part.PROMPT, "tool_use_tokens"),
    REASONING(Part.COMPLETION, "reasoning_tokens"),
    COMPLETION_AUDIO(Part.COMPLETION, "audio_tokens"),
    COMPLETION_TEXT(Part.COMPLETION, "text_tokens"),
    COMPLETION_IMAGE(Part.COMPLETION, "image_tokens"),
    COMPLETION_VIDEO(Part.COMPLETION, "video_tokens"),
    ACCEPTED_PREDICTION(Part.COMPLETION, "accepted_prediction_tokens"),
    REJECTED_PREDICTION(Part.COMPLETION, "rejected_prediction_tokens"),
    /** No tokens: searches that the provider ran, which it bills one by one. */
    WEB_SEARCHES(Part.SERVER_TOOLS, "web_search_requests"),
    WEB_FETCHES(Part.SERVER_TOOLS, "web_fetch_requests");

    /** What it is a part of. */
    public enum Part {
        /** Of the prompt, by what the provider's cache had to do with it. */
        CACHE,
        /** Of the prompt, by kind. */
        PROMPT,
        COMPLETION,
        SERVER_TOOLS
    }

    private static final Map<Part, List<UsageDetail>> BY_PART =
            Arrays.stream(values()).collect(Collectors.groupingBy(UsageDetail::part));

    private final Part part;
    private final String wire;
    private final String label;

    UsageDetail(Part part, String wire) {
        this.part = part;
        this.wire = wire;
        this.label = name().toLowerCase(Locale.ROOT) + (part == Part.SERVER_TOOLS ? "" : "_tokens");
    }

    /** Those of one part, in the order in which they are written. */
    public static List<UsageDetail> of(Part part) {
        return BY_PART.getOrDefault(part, List.of());
    }

    /** The one of that name; null when it is none of these. */
    public static @Nullable UsageDetail of(Part part, String wire) {
        for (UsageDetail detail : of(part)) {
            if (detail.wire.equals(wire)) {
                return detail;
            }
        }
        return null;
    }

    public Part part() {
        return part;
    }

    /** Its name in {@code prompt_tokens_details}, {@code completion_tokens_details} or {@code server_tool_use}. */
    public String wire() {
        return wire;
    }

    /** Its name where counts of all parts stand side by side, as in logs: {@code prompt_audio_tokens}, {@code web_searches}. */
    public String label() {
        return label;
    }
}
