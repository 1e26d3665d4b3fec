package dev.mehari.provider.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolNames;
import dev.mehari.config.Quirks.ReasoningHistory;
import dev.mehari.provider.Ask;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the messages of a request of another client API. One instance a request. */
final class OpenAiMessageWriter {
    private final Ask ask;
    private final JsonWriter json;
    private final List<String> dropped;
    private final boolean wantsReasoning;

    /** What tools have returned beside text, until the next message that is no result. */
    private final List<ContentPart> returned = new ArrayList<>();

    OpenAiMessageWriter(Ask ask, JsonWriter json, List<String> dropped) {
        this.ask = ask;
        this.json = json;
        this.dropped = dropped;
        ReasoningHistory history = ask.provider().quirks().reasoningHistory();
        this.wantsReasoning = history == ReasoningHistory.REQUIRED || history == ReasoningHistory.AS_REASONING;
    }

    void messages(List<Message> messages) {
        json.name("messages").list();
        for (Message message : messages) {
            switch (message) {
                case Message.Instructions instructions -> instructions(instructions);
                case Message.User user -> user(user);
                case Message.Assistant assistant -> assistant(assistant);
                case Message.ToolResult result -> result(result);
            }
        }
        returned();
        json.endList();
        // Chat Completions begins a new message where another API goes on with the last one.
        if (messages.getLast() instanceof Message.Assistant) {
            drop("messages[]: the beginning of the answer (prefill)");
        }
    }

    private void instructions(Message.Instructions instructions) {
        returned();
        begin(instructions.developer() ? "developer" : "system", instructions.name());
        json.field("content", joined(instructions.content(), "\n\n")).endObject();
    }

    private void user(Message.User user) {
        returned();
        begin("user", user.name());
        json.name("content");
        if (user.content().size() == 1 && user.content().getFirst() instanceof ContentPart.Text text) {
            json.text(text.text());
        } else {
            parts(user.content());
        }
        json.endObject();
    }

    private void assistant(Message.Assistant assistant) {
        returned();
        begin("assistant", assistant.name());
        List<ToolCall> calls = assistant.toolCalls();
        String text = assistant.text();
        json.name("content");
        if (text.isEmpty() && !calls.isEmpty()) {
            json.raw("null");
        } else {
            json.text(text);
        }
        said(assistant.content());
        if (!calls.isEmpty()) {
            json.name("tool_calls").list();
            calls.forEach(this::call);
            json.endList();
        }
        json.endObject();
    }

    /** What a model has said beside text and calls. */
    private void said(List<AssistantPart> parts) {
        StringBuilder reasoning = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        for (AssistantPart part : parts) {
            switch (part) {
                case AssistantPart.Reasoning thought -> reasoning.append(thought.text());
                case AssistantPart.Refusal words -> refusal.append(words.text());
                case ContentPart.Image image -> drop("messages[].content[].image of the assistant");
                case ContentPart.Audio sound -> drop("messages[].content[].audio of the assistant");
                case ContentPart.Document document -> drop("messages[].content[].document of the assistant");
                // Written by itself, or told of by the table.
                case ContentPart.Text text -> {}
                case ContentPart.Opaque block -> {}
                case AssistantPart.RedactedReasoning hidden -> {}
                case ToolCall call -> {}
            }
        }
        if (!refusal.isEmpty()) {
            json.field("refusal", refusal.toString());
        }
        if (!reasoning.isEmpty() && wantsReasoning) {
            json.field("reasoning_content", reasoning.toString());
        } else if (!reasoning.isEmpty()) {
            drop("messages[].reasoning_content");
        }
    }

    private void call(ToolCall call) {
        json.object().field("id", call.id());
        String name = ToolNames.fitting(call.name());
        if (call.custom()) {
            json.field("type", "custom").name("custom").object();
            json.field("name", name).field("input", call.arguments());
        } else {
            json.field("type", "function").name("function").object();
            json.field("name", name).field("arguments", call.arguments());
        }
        json.endObject().endObject();
    }

    /** A tool's message holds text alone; pictures and files follow behind the last of the results. */
    private void result(Message.ToolResult result) {
        List<ContentPart> media = new ArrayList<>();
        for (ContentPart part : result.content()) {
            if (!(part instanceof ContentPart.Text)) {
                media.add(part);
            }
        }
        String text = joined(result.content(), "\n");
        if (text.isEmpty() && !media.isEmpty()) {
            text = "The result is in the next user message.";
        }
        begin("tool", null);
        json.field("tool_call_id", result.callId())
                .field("content", result.isError() ? "Error: " + text : text)
                .endObject();
        if (!media.isEmpty()) {
            returned.add(ContentPart.Text.of("Result of tool call " + result.callId() + ":"));
            returned.addAll(media);
        }
    }

    private void returned() {
        if (!returned.isEmpty()) {
            begin("user", null);
            json.name("content");
            parts(returned);
            json.endObject();
            returned.clear();
        }
    }

    private void begin(String role, @Nullable String name) {
        json.object().field("role", role).fieldIfAny("name", name);
    }

    private String joined(List<ContentPart> parts, String by) {
        StringBuilder all = new StringBuilder();
        for (ContentPart part : parts) {
            if (part instanceof ContentPart.Text text) {
                all.append(all.isEmpty() ? "" : by).append(text.text());
            }
        }
        return all.toString();
    }

    private void parts(List<ContentPart> parts) {
        json.list();
        for (ContentPart part : parts) {
            switch (part) {
                case ContentPart.Text text -> text(text.text());
                case ContentPart.Image image -> image(image);
                case ContentPart.Audio audio -> {
                    json.object()
                            .field("type", "input_audio")
                            .name("input_audio")
                            .object();
                    json.field("data", audio.base64()).field("format", audio.format());
                    json.endObject().endObject();
                }
                case ContentPart.Document document -> document(document);
                case ContentPart.Opaque block -> {
                    // Another protocol's, told of by the table.
                }
            }
        }
        json.endList();
    }

    private void text(String text) {
        json.object().field("type", "text").field("text", text).endObject();
    }

    private void image(ContentPart.Image image) {
        String url =
                switch (image.source()) {
                    case MediaSource.Inline inline -> dataUrl(inline);
                    case MediaSource.Url address -> address.url();
                    case MediaSource.FileId file ->
                        throw new InvalidRequest(
                                "unsupported_value",
                                "messages",
                                "an image by file id is not supported by provider \""
                                        + ask.provider().name() + "\": send its data or its URL");
                };
        json.object().field("type", "image_url").name("image_url").object();
        json.field("url", url).fieldIfAny("detail", image.detail()).endObject().endObject();
    }

    private void document(ContentPart.Document document) {
        JsonNode context = document.extras().get("context");
        if (context != null) {
            text(context.asText());
        }
        JsonNode citations = document.extras().get("citations");
        if (citations != null && citations.path("enabled").asBoolean()) {
            drop("messages[].content[].citations");
        }
        switch (document.source()) {
            case MediaSource.Inline inline -> {
                if (inline.mediaType().startsWith("text/plain")) {
                    text(plainText(document.name(), inline));
                } else {
                    json.object().field("type", "file").name("file").object();
                    json.field("filename", document.name() == null ? "document" : document.name())
                            .field("file_data", dataUrl(inline));
                    json.endObject().endObject();
                }
            }
            case MediaSource.FileId file -> {
                json.object().field("type", "file").name("file").object();
                json.field("file_id", file.id()).endObject().endObject();
            }
            case MediaSource.Url address -> throw new IllegalStateException("the table rejects them");
        }
    }

    private static String plainText(@Nullable String title, MediaSource.Inline inline) {
        try {
            String text = new String(Base64.getMimeDecoder().decode(inline.base64()), StandardCharsets.UTF_8);
            return title == null ? text : title + "\n\n" + text;
        } catch (IllegalArgumentException notBase64) {
            throw new InvalidRequest("invalid_value", "messages", "the data of a text document is not base64");
        }
    }

    private static String dataUrl(MediaSource.Inline inline) {
        return "data:" + inline.mediaType() + ";base64," + inline.base64();
    }

    private void drop(String name) {
        if (!dropped.contains(name)) {
            dropped.add(name);
        }
    }
}
