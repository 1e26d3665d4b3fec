package dev.mehari.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.CacheMark;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.Message;
import dev.mehari.chat.RequestField;
import dev.mehari.chat.ToolCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes Converse's content blocks of single parts of messages. One instance a request. */
final class BedrockParts {
    /** Marks the signature of a family other than Claude's, so that no other protocol takes it for its own. */
    static final String OURS = "bedrock:";

    private final String provider;
    private final BedrockModel model;
    private final BedrockMedia media;
    private final List<String> dropped;

    /** @param dropped gets the names of what the model does not take */
    BedrockParts(String provider, BedrockModel model, List<String> dropped) {
        this.provider = provider;
        this.model = model;
        this.media = new BedrockMedia(provider);
        this.dropped = dropped;
    }

    static BedrockBlock text(String text) {
        return out -> out.object().field("text", text).endObject();
    }

    /** What stands in a system message: text alone. */
    List<BedrockBlock> instructions(Message.Instructions message, String path) {
        List<BedrockBlock> blocks = new ArrayList<>();
        for (int i = 0; i < message.content().size(); i++) {
            if (!(message.content().get(i) instanceof ContentPart.Text text)) {
                throw new InvalidRequest(
                        "unsupported_content",
                        path + ".content[" + i + "]",
                        "provider \"" + provider + "\" takes text alone in system messages");
            }
            if (!text.text().isBlank()) {
                blocks.add(text(text.text()));
                cachePoint(text.cache(), blocks);
            }
        }
        return blocks;
    }

    /** What a user said. Blank text is left out: Converse answers 400 to it. */
    void user(List<ContentPart> parts, String path, List<BedrockBlock> blocks) {
        for (int i = 0; i < parts.size(); i++) {
            ContentPart part = parts.get(i);
            BedrockBlock block = content(part, path + ".content[" + i + "]");
            if (block != null) {
                blocks.add(block);
                cachePoint(part.cache(), blocks);
            }
        }
    }

    private @Nullable BedrockBlock content(ContentPart part, String path) {
        return switch (part) {
            case ContentPart.Text text -> text.text().isBlank() ? null : text(text.text());
            case ContentPart.Image image -> media.image(image, path);
            case ContentPart.Document document -> media.document(taken(document), path);
            case ContentPart.Audio audio -> media.audio(audio, path);
            case ContentPart.Opaque opaque -> opaque(opaque);
        };
    }

    /** Models other than Claude do not cite, and answer 400 when they are asked to. */
    private ContentPart.Document taken(ContentPart.Document document) {
        JsonNode citations = document.extras().get("citations");
        if (citations == null || model.isClaude()) {
            return document;
        }
        if (citations.path("enabled").asBoolean()) {
            dropped.add("messages[].content[].citations");
        }
        return new ContentPart.Document(
                document.source(),
                document.name(),
                document.cache(),
                document.extras().without("citations"));
    }

    private static @Nullable BedrockBlock opaque(ContentPart.Opaque opaque) {
        return opaque.protocol().equals("bedrock") ? out -> out.raw(Json.bytes(opaque.block())) : null;
    }

    /**
     * What the model said before.
     *
     * @param last whether nothing follows it: then its text must not end with white space
     */
    void assistant(Message.Assistant message, boolean last, List<BedrockBlock> blocks) {
        for (AssistantPart part : message.content()) {
            BedrockBlock block = said(part, last);
            if (block != null) {
                blocks.add(block);
                cachePoint(part instanceof ContentPart content ? content.cache() : null, blocks);
            }
        }
    }

    private @Nullable BedrockBlock said(AssistantPart part, boolean last) {
        return switch (part) {
            case ContentPart.Text text -> words(text.text(), last);
            case AssistantPart.Refusal refusal -> words(refusal.text(), last);
            case AssistantPart.Reasoning reasoning -> reasoning(reasoning);
            case AssistantPart.RedactedReasoning redacted -> redacted(redacted);
            case ToolCall call -> call(call);
            case ContentPart.Image image -> drop(RequestField.IMAGE);
            case ContentPart.Document document -> drop(RequestField.DOCUMENT);
            case ContentPart.Audio audio -> drop(RequestField.AUDIO);
            case ContentPart.Opaque opaque -> opaque(opaque);
        };
    }

    private static @Nullable BedrockBlock words(String text, boolean last) {
        return text.isBlank() ? null : text(last ? text.stripTrailing() : text);
    }

    /** Only the family that signed it takes reasoning back; without a signature none does. */
    private @Nullable BedrockBlock reasoning(AssistantPart.Reasoning reasoning) {
        String signature = reasoning.signature();
        if (signature == null) {
            return drop(RequestField.REASONING_HISTORY);
        }
        boolean ours = signature.startsWith(OURS);
        // Claude's are base64 and have no prefix.
        if (model.isClaude() ? signature.indexOf(':') >= 0 : !ours) {
            return drop(RequestField.REASONING_SIGNATURE);
        }
        String own = ours ? signature.substring(OURS.length()) : signature;
        return out -> {
            out.object().name("reasoningContent").object().name("reasoningText").object();
            out.field("text", reasoning.text()).field("signature", own);
            out.endObject().endObject().endObject();
        };
    }

    private @Nullable BedrockBlock redacted(AssistantPart.RedactedReasoning redacted) {
        if (!model.isClaude() || redacted.data().indexOf(':') >= 0) {
            return drop(RequestField.REDACTED_REASONING);
        }
        return out -> out.object()
                .name("reasoningContent")
                .object()
                .field("redactedContent", redacted.data())
                .endObject()
                .endObject();
    }

    private BedrockBlock call(ToolCall call) {
        if (call.signature() != null) {
            drop(RequestField.REASONING_SIGNATURE);
        }
        boolean object = !call.custom() && Json.isObject(call.arguments());
        return out -> {
            out.object().name("toolUse").object();
            out.field("toolUseId", BedrockNames.call(call.id(), model)).field("name", BedrockNames.tool(call.name()));
            out.name("input");
            if (object) {
                out.raw(call.arguments());
            } else {
                // It must be an object; what the model or the client made of it is kept where it can be seen.
                out.object().field("_raw", call.arguments()).endObject();
            }
            out.endObject().endObject();
        };
    }

    /** The answer to a call of the turn before. */
    void result(Message.ToolResult result, String path, List<BedrockBlock> blocks) {
        List<BedrockBlock> content = new ArrayList<>();
        List<ContentPart> parts = result.content();
        for (int i = 0; i < parts.size(); i++) {
            BedrockBlock block = parts.get(i) instanceof ContentPart.Text text && Json.isObject(text.text())
                    ? out -> out.object().name("json").raw(text.text()).endObject()
                    : content(parts.get(i), path + ".content[" + i + "]");
            if (block != null) {
                content.add(block);
            }
        }
        blocks.add(result(result.callId(), content, result.isError()));
        for (ContentPart part : parts) {
            cachePoint(part.cache(), blocks);
        }
    }

    /** Stands for a result that the client left out: every call must have one. */
    BedrockBlock missingResult(String callId) {
        return result(callId, List.of(text("The tool gave no result.")), true);
    }

    private BedrockBlock result(String callId, List<BedrockBlock> content, boolean error) {
        // A tool that has nothing to say: an empty text would be refused.
        List<BedrockBlock> told = content.isEmpty() ? List.of(text("(empty)")) : content;
        return out -> {
            out.object().name("toolResult").object().field("toolUseId", BedrockNames.call(callId, model));
            out.name("content").list();
            told.forEach(block -> block.write(out));
            out.endList();
            if (error) {
                out.field("status", "error");
            }
            out.endObject().endObject();
        };
    }

    void cachePoint(@Nullable CacheMark mark, List<BedrockBlock> blocks) {
        if (mark == null) {
            return;
        }
        if (!model.can(BedrockModel.Ability.CACHE)) {
            drop(RequestField.CACHE_MARK);
            return;
        }
        blocks.add(out -> {
            out.object().name("cachePoint").object().field("type", "default");
            if (model.isClaude() && mark.ttl() != null) {
                // It knows two; OpenAI's 30m and 12h are nearest to the longer one.
                out.field("ttl", mark.ttl().equals("5m") ? "5m" : "1h");
            }
            out.endObject().endObject();
        });
    }

    private @Nullable BedrockBlock drop(RequestField field) {
        dropped.add(field.title());
        return null;
    }
}
