package dev.mehari.provider.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code usageMetadata} and counts as OpenAI does: thoughts are part of the completion. Google leaves counts of 0
 * out; what it left out is 0 only where its total says so.
 *
 * <p>Source: protocols page of Gemini §7, state 2026-11-21. One instance an answer, the last one read counts.
 */
final class GeminiUsage {
    private @Nullable Long prompt;
    private @Nullable Long candidates;
    private @Nullable Long total;
    private final Map<UsageDetail, Long> details = new EnumMap<>(UsageDetail.class);
    private @Nullable String tier;

    /** What no client's API counts. */
    private final ObjectNode others = Json.MAPPER.createObjectNode();

    /** @param parser on the object's first token; it is read to its last */
    void read(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_NUMBER_INT) {
                take(name, Json.count(parser));
            } else if (token == JsonToken.START_ARRAY && isCounted(name)) {
                readDetails(name, parser);
            } else if (token == JsonToken.START_ARRAY) {
                others.set(name, Json.tree(parser));
            } else if (token == JsonToken.VALUE_STRING) {
                takeTier(name, parser.getText());
            } else {
                parser.skipChildren();
            }
        }
    }

    private void take(String name, long count) {
        if (count < 0) {
            return;
        }
        switch (name) {
            case "promptTokenCount" -> prompt = count;
            case "toolUsePromptTokenCount" -> details.put(UsageDetail.PROMPT_TOOL_USE, count);
            case "candidatesTokenCount" -> candidates = count;
            case "thoughtsTokenCount" -> details.put(UsageDetail.REASONING, count);
            case "totalTokenCount" -> total = count;
            case "cachedContentTokenCount" -> details.put(UsageDetail.CACHED, count);
            default -> {}
        }
    }

    /** AI Studio says {@code serviceTier: flex}, Vertex AI {@code trafficType: ON_DEMAND_FLEX}. */
    private void takeTier(String name, String value) {
        if (name.equals("serviceTier")) {
            tier = value.equals("standard") ? "default" : value;
        } else if (name.equals("trafficType")) {
            tier = switch (value) {
                case "ON_DEMAND" -> "default";
                case "ON_DEMAND_FLEX" -> "flex";
                case "ON_DEMAND_PRIORITY" -> "priority";
                default -> {
                    others.put(name, value);
                    yield tier;
                }
            };
        }
    }

    /** Counts by modality; sound has a price of its own. */
    private void readDetails(String list, JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            String modality = "";
            long count = -1;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                if (name.equals("modality") && token == JsonToken.VALUE_STRING) {
                    modality = parser.getText();
                } else if (name.equals("tokenCount") && token == JsonToken.VALUE_NUMBER_INT) {
                    count = Json.count(parser);
                } else {
                    parser.skipChildren();
                }
            }
            if (count >= 0 && list.equals("promptTokensDetails")) {
                takeOfPrompt(modality, count);
            } else if (count >= 0 && list.equals("candidatesTokensDetails")) {
                takeOfCandidates(modality, count);
            }
        }
    }

    private void takeOfPrompt(String modality, long count) {
        switch (modality) {
            case "AUDIO" -> details.put(UsageDetail.PROMPT_AUDIO, count);
            case "TEXT" -> details.put(UsageDetail.PROMPT_TEXT, count);
            case "IMAGE" -> details.put(UsageDetail.PROMPT_IMAGE, count);
            case "VIDEO" -> details.put(UsageDetail.PROMPT_VIDEO, count);
            case "DOCUMENT" -> details.put(UsageDetail.PROMPT_DOCUMENT, count);
            default -> {}
        }
    }

    private void takeOfCandidates(String modality, long count) {
        switch (modality) {
            case "AUDIO" -> details.put(UsageDetail.COMPLETION_AUDIO, count);
            case "TEXT" -> details.put(UsageDetail.COMPLETION_TEXT, count);
            case "IMAGE" -> details.put(UsageDetail.COMPLETION_IMAGE, count);
            case "VIDEO" -> details.put(UsageDetail.COMPLETION_VIDEO, count);
            default -> {}
        }
    }

    private static boolean isCounted(String list) {
        return list.equals("promptTokensDetails") || list.equals("candidatesTokensDetails");
    }

    /** What is told beyond counts that clients know. */
    JsonNode others() {
        return others;
    }

    /** The tier that served the answer, in OpenAI's words. */
    @Nullable
    String tier() {
        return tier;
    }

    /** Null when nothing was told. */
    @Nullable
    Usage usage() {
        Long thoughts = details.get(UsageDetail.REASONING);
        Long asked = prompt == null ? null : (Long) (prompt + orZero(details.get(UsageDetail.PROMPT_TOOL_USE)));
        Long answered = candidates == null && thoughts == null && !saysNone(asked)
                ? null
                : (Long) (orZero(candidates) + orZero(thoughts));
        return asked == null && answered == null ? null : new Usage(asked, answered, details);
    }

    private boolean saysNone(@Nullable Long asked) {
        return asked != null && asked.equals(total);
    }

    private static long orZero(@Nullable Long count) {
        return count == null ? 0 : count;
    }
}
