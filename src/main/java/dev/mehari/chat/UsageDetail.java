package dev.mehari.chat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A count of one kind that some providers tell beside the sums of {@link Usage}. Its name is the one that OpenAI gives it,
 * or that xAI and OpenRouter give it where OpenAI has none.
 */
public enum UsageDetail {
    PROMPT_TEXT(Part.PROMPT, "text_tokens"),
    PROMPT_IMAGE(Part.PROMPT, "image_tokens"),
    PROMPT_VIDEO(Part.PROMPT, "video_tokens"),
    PROMPT_DOCUMENT(Part.PROMPT, "document_tokens"),
    /** What Google's own tools have put into the prompt. */
    PROMPT_TOOL_USE(Part.PROMPT, "tool_use_tokens"),
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
        PROMPT,
        COMPLETION,
        SERVER_TOOLS
    }

    private static final Map<Part, List<UsageDetail>> BY_PART =
            Arrays.stream(values()).collect(Collectors.groupingBy(UsageDetail::part));

    private final Part part;
    private final String wire;

    UsageDetail(Part part, String wire) {
        this.part = part;
        this.wire = wire;
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
}
