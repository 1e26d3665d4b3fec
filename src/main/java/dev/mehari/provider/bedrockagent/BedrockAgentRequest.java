package dev.mehari.provider.bedrockagent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Message;
import dev.mehari.provider.Ask;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Writes one InvokeAgent request: of the chat what is new since the agent last spoke. That is what the user said, or the
 * results of the calls it asked for; before the first turn also what was said without it, such as a greeting. One instance
 * a request.
 *
 * <p>Source: Agents for Amazon Bedrock API reference, InvokeAgent, read 2026-11-21.
 */
final class BedrockAgentRequest {
    private final Ask ask;
    private final ChatRequest request;
    private final BedrockAgentResults results;
    private final Set<String> dropped;

    /** What came after the assistant's last turn. */
    private final List<Message> news;

    private final List<Message> before;

    /** @throws InvalidRequest a field of it cannot be served at all */
    BedrockAgentRequest(Ask ask, ChatRequest request, BedrockAgentCalls calls) {
        this.ask = ask;
        this.request = request;
        this.dropped = new LinkedHashSet<>(
                BedrockAgentFields.TABLE.dropped(request, ask.provider().name()));
        List<Message> messages = request.messages();
        int start = messages.size();
        while (start > 0 && !(messages.get(start - 1) instanceof Message.Assistant)) {
            start--;
        }
        this.news = messages.subList(start, messages.size());
        this.before = messages.subList(0, start);
        this.results = BedrockAgentResults.of(before, news, calls);
    }

    List<String> dropped() {
        return List.copyOf(dropped);
    }

    /** @throws InvalidRequest there is nothing to say to the agent, or something it cannot take */
    byte[] encode() {
        ByteSink body = new ByteSink(1024);
        JsonWriter out = new JsonWriter(body).object();
        String said = said();
        List<ContentPart.Document> files = files();
        // InvokeAgent ignores the text when it gets results; what the user said meanwhile reaches the agent's prompt
        // so.
        String saidBeside = results.isEmpty() ? "" : said;
        if (results.isEmpty()) {
            if (said.isEmpty() && files.isEmpty()) {
                throw new InvalidRequest("messages", "messages must end with what the user says to the agent");
            }
            out.field("inputText", said.isEmpty() ? "See the file." : said);
        }
        // Traces tell the token counts.
        out.name("enableTrace").bool(true);
        JsonNode memory = request.extras().get("memoryId");
        if (memory != null && memory.isTextual()) {
            out.field("memoryId", memory.textValue());
        }
        out.name("streamingConfigurations")
                .object()
                .name("streamFinalResponse")
                .bool(true)
                .endObject();
        state(files, saidBeside, out);
        out.endObject();
        return body.take();
    }

    private void state(List<ContentPart.Document> files, String saidBeside, JsonWriter out) {
        String system = system();
        List<Message> history = history();
        Map<String, String> metadata = request.terms().metadata();
        if (system.isEmpty() && history.isEmpty() && metadata.isEmpty() && files.isEmpty() && results.isEmpty()) {
            return;
        }
        out.name("sessionState").object();
        results.write(out);
        if (!metadata.isEmpty()) {
            out.name("sessionAttributes").object();
            metadata.forEach((name, value) -> out.field(name, value));
            out.endObject();
        }
        if (!system.isEmpty() || !saidBeside.isEmpty()) {
            out.name("promptSessionAttributes").object();
            if (!system.isEmpty()) {
                out.field("system", system);
            }
            if (!saidBeside.isEmpty()) {
                out.field("user", saidBeside);
            }
            out.endObject();
        }
        if (!history.isEmpty()) {
            out.name("conversationHistory").object().name("messages").list();
            // Models want the user to speak first.
            turn("user", ".", out);
            history.forEach(message -> turn("assistant", message.text(), out));
            out.endList().endObject();
        }
        if (!files.isEmpty()) {
            out.name("files").list();
            files.forEach(file -> file(file, out));
            out.endList();
        }
        out.endObject();
    }

    private String said() {
        StringJoiner said = new StringJoiner("\n");
        for (Message message : news) {
            if (message instanceof Message.User && !message.text().isBlank()) {
                said.add(message.text());
            } else if (message instanceof Message.ToolResult result && !results.has(result.callId())) {
                // Of a call that the agent did not make: another provider may have served that turn.
                said.add("Result of the tool call " + result.callId() + ": " + result.text());
            }
        }
        return said.toString();
    }

    private String system() {
        StringJoiner system = new StringJoiner("\n\n");
        for (Message message : request.messages()) {
            if (message instanceof Message.Instructions && !message.text().isBlank()) {
                system.add(message.text());
            }
        }
        return system.toString();
    }

    /** What was said before the user's first turn: later ones the agent remembers. */
    private List<Message> history() {
        List<Message> history = new ArrayList<>();
        for (Message message : before) {
            if (message instanceof Message.User && !message.text().isBlank()) {
                return List.of();
            }
            if (message instanceof Message.Assistant && !message.text().isBlank()) {
                history.add(message);
            }
        }
        return history;
    }

    private static void turn(String role, String text, JsonWriter out) {
        out.object().field("role", role).name("content").list();
        out.object().field("text", text).endObject().endList().endObject();
    }

    private List<ContentPart.Document> files() {
        List<ContentPart.Document> files = new ArrayList<>();
        for (Message message : news) {
            if (message instanceof Message.User user) {
                for (ContentPart part : user.content()) {
                    if (part instanceof ContentPart.Document document) {
                        files.add(document);
                    }
                }
            }
        }
        return files;
    }

    private void file(ContentPart.Document file, JsonWriter out) {
        out.object().field("name", file.name() == null ? "document" : file.name());
        out.name("source").object();
        switch (file.source()) {
            case MediaSource.Inline inline -> {
                out.field("sourceType", "BYTE_CONTENT").name("byteContent").object();
                out.field("mediaType", inline.mediaType()).field("data", inline.base64());
                out.endObject();
            }
            case MediaSource.Url url -> {
                if (!url.url().startsWith("s3://")) {
                    throw new InvalidRequest(
                            "unsupported_content",
                            "messages",
                            "provider \"" + ask.provider().name()
                                    + "\" does not take files at an address that was not fetched; send the data itself");
                }
                out.field("sourceType", "S3").name("s3Location").object();
                out.field("uri", url.url()).endObject();
            }
            case MediaSource.FileId id -> throw new IllegalStateException("the table rejects it");
        }
        out.endObject().field("useCase", "CHAT").endObject();
    }
}
