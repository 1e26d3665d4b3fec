package dev.mehari.call;

import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.Overloaded;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Message;
import dev.mehari.media.Media;
import dev.mehari.media.MediaFetcher.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts what was fetched in the place of its address. */
final class FetchedParts {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Map<String, Outcome> media;

    /** @param media by address */
    FetchedParts(Map<String, Outcome> media) {
        this.media = media;
    }

    /** Where an image or a file is on the web; null for anything else. */
    static @Nullable String webAddress(AssistantPart part) {
        MediaSource source =
                switch (part) {
                    case ContentPart.Image image -> image.source();
                    case ContentPart.Document document -> document.source();
                    default -> null;
                };
        return source instanceof MediaSource.Url address
                        && address.url().toLowerCase(Locale.ROOT).startsWith("http")
                ? address.url()
                : null;
    }

    /** @throws InvalidRequest an address could not be fetched, or what is there is no image where one must be */
    ChatRequest putInto(ChatRequest request) {
        List<Message> messages = new ArrayList<>(request.messages().size());
        for (Message message : request.messages()) {
            String path = "messages[" + messages.size() + "].content";
            messages.add(
                    switch (message) {
                        case Message.Instructions was ->
                            new Message.Instructions(
                                    was.developer(), content(was.content(), path), was.name(), was.extras());
                        case Message.User was ->
                            new Message.User(content(was.content(), path), was.name(), was.extras());
                        case Message.Assistant was ->
                            new Message.Assistant(parts(was.content(), path), was.name(), was.extras());
                        case Message.ToolResult was ->
                            new Message.ToolResult(
                                    was.callId(), content(was.content(), path), was.isError(), was.extras());
                    });
        }
        return request.withMessages(messages);
    }

    private List<ContentPart> content(List<ContentPart> parts, String path) {
        return parts(parts, path).stream().map(ContentPart.class::cast).toList();
    }

    private List<AssistantPart> parts(List<? extends AssistantPart> parts, String path) {
        List<AssistantPart> filled = new ArrayList<>(parts.size());
        for (AssistantPart part : parts) {
            filled.add(part(part, path + "[" + filled.size() + "]"));
        }
        return filled;
    }

    private AssistantPart part(AssistantPart part, String path) {
        String url = webAddress(part);
        Outcome outcome = url == null ? null : media.get(url);
        if (outcome == null) {
            return part;
        }
        return switch (part) {
            case ContentPart.Image image ->
                new ContentPart.Image(inline(outcome, path, true), image.detail(), image.cache());
            case ContentPart.Document file ->
                new ContentPart.Document(inline(outcome, path, false), file.name(), file.cache(), file.extras());
            default -> part;
        };
    }

    private static MediaSource inline(Outcome outcome, String path, boolean image) {
        Media media =
                switch (outcome) {
                    case Outcome.Fetched fetched -> fetched.media();
                    case Outcome.Refused refused ->
                        throw refused(path, refused.why().text());
                    case Outcome.NoRoom none ->
                        throw new Overloaded(
                                path + " could not be fetched: too much is being fetched at once; try again soon",
                                SOON);
                };
        if (image && !media.type().startsWith("image/")) {
            throw refused(path, "holds no image");
        }
        return new MediaSource.Inline(media.type(), Base64.getEncoder().encodeToString(media.bytes()));
    }

    private static InvalidRequest refused(String path, String why) {
        return new InvalidRequest(
                "invalid_image_url",
                path,
                path + ": the address " + why + ". Send the content as a data: URL instead.");
    }
}
