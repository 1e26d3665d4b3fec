package dev.mehari.cache;

import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Json;
import dev.mehari.chat.MediaSource;
import org.jspecify.annotations.Nullable;

/** What an event takes of memory, about, told without looking at each of its bytes: it is asked for every chunk. */
final class EventSize {
    private static final int OBJECTS = 96;
    private static final int TREE = 512;

    private EventSize() {}

    static long of(ChatEvent event) {
        return OBJECTS
                + switch (event) {
                    case ChatEvent.Frame frame -> frame.bytes().length;
                    case ChatEvent.TextDelta delta -> delta.text().length();
                    case ChatEvent.ReasoningDelta delta -> delta.text().length() + length(delta.signature());
                    case ChatEvent.RedactedReasoning block -> block.data().length();
                    case ChatEvent.RefusalDelta delta -> delta.text().length();
                    case ChatEvent.ToolCallStart call -> call.name().length() + length(call.signature());
                    case ChatEvent.ToolCallDelta delta -> delta.arguments().length();
                    case ChatEvent.WholePart whole -> of(whole.part());
                    case ChatEvent.Annotation note -> TREE;
                    case ChatEvent.Logprobs logprobs ->
                        TREE + (long) TREE * logprobs.logprobs().path("content").size();
                    case ChatEvent.Start start -> 0;
                    case ChatEvent.Finish finish -> 0;
                    case ChatEvent.UsageReport report -> OBJECTS;
                    case ChatEvent.ProviderFields own -> Json.text(own.fields()).length() * 4L;
                    case ChatEvent.End end -> 0;
                    case ChatEvent.Failure failure -> 0;
                };
    }

    private static long of(ContentPart part) {
        return switch (part) {
            case ContentPart.Text text ->
                text.text().length() + (long) TREE * text.annotations().size();
            case ContentPart.Image image -> of(image.source());
            case ContentPart.Audio audio -> audio.base64().length();
            case ContentPart.Document document -> of(document.source());
            case ContentPart.Opaque opaque -> Json.text(opaque.block()).length() * 4L;
        };
    }

    private static long of(MediaSource source) {
        return switch (source) {
            case MediaSource.Inline inline -> inline.base64().length();
            case MediaSource.Url url -> url.url().length();
            case MediaSource.FileId file -> file.id().length();
        };
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
