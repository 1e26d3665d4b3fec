package dev.mehari.cache;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.Extras;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events of one answer as bytes and back. {@link ChatEvent.Start} is left out: who gets the answer next gets an id and
 * a time of its own. What a kind's number means never changes; whoever changes what follows it raises
 * {@link StoredAnswer#VERSION}. Stateless and thread-safe.
 */
final class EventForm {
    private static final int TEXT = 1;
    private static final int REASONING = 2;
    private static final int REDACTED = 3;
    private static final int REFUSAL = 4;
    private static final int CALL_START = 5;
    private static final int CALL_DELTA = 6;
    private static final int WHOLE_PART = 7;
    private static final int ANNOTATION = 8;
    private static final int LOGPROBS = 9;
    private static final int FINISH = 10;
    private static final int USAGE = 11;
    private static final int END = 12;
    private static final int PROVIDER_FIELDS = 13;

    private EventForm() {}

    /**
     * Appends one event.
     *
     * @throws IllegalArgumentException it is a frame or a failure: neither is kept
     */
    static void write(ChatEvent event, ByteForm out) {
        switch (event) {
            case ChatEvent.Start start -> {}
            case ChatEvent.TextDelta(var choice, var text) ->
                out.octet(TEXT).number(choice).text(text);
            case ChatEvent.ReasoningDelta(var choice, var text, var signature) ->
                out.octet(REASONING).number(choice).text(text).textIfAny(signature);
            case ChatEvent.RedactedReasoning(var choice, var data) ->
                out.octet(REDACTED).number(choice).text(data);
            case ChatEvent.RefusalDelta(var choice, var text) ->
                out.octet(REFUSAL).number(choice).text(text);
            case ChatEvent.ToolCallStart(var choice, var index, var id, var name, var custom, var signature) ->
                out.octet(CALL_START)
                        .number(choice)
                        .number(index)
                        .text(id)
                        .text(name)
                        .flag(custom)
                        .textIfAny(signature);
            case ChatEvent.ToolCallDelta(var choice, var index, var arguments) ->
                out.octet(CALL_DELTA).number(choice).number(index).text(arguments);
            case ChatEvent.WholePart(var choice, var part) -> {
                out.octet(WHOLE_PART).number(choice);
                write(part, out);
            }
            case ChatEvent.Annotation(var choice, var annotation) ->
                out.octet(ANNOTATION).number(choice).json(annotation);
            case ChatEvent.Logprobs(var choice, var logprobs) ->
                out.octet(LOGPROBS).number(choice).json(logprobs);
            case ChatEvent.ProviderFields(var fields) ->
                out.octet(PROVIDER_FIELDS).json(fields);
            case ChatEvent.Finish(var choice, var reason, var stopSequence) ->
                out.octet(FINISH).number(choice).text(reason.wire()).textIfAny(stopSequence);
            case ChatEvent.UsageReport(var usage, var serviceTier) -> {
                out.octet(USAGE);
                write(usage, out);
                out.textIfAny(serviceTier);
            }
            case ChatEvent.End end -> out.octet(END);
            case ChatEvent.Frame frame -> throw new IllegalArgumentException("a frame is of one API only");
            case ChatEvent.Failure failure -> throw new IllegalArgumentException("failures are not kept");
        }
    }

    static ChatEvent read(ByteFormReader in) {
        int kind = in.octet();
        return switch (kind) {
            case TEXT -> new ChatEvent.TextDelta(in.small(), in.text());
            case REASONING -> new ChatEvent.ReasoningDelta(in.small(), in.text(), in.textIfAny());
            case REDACTED -> new ChatEvent.RedactedReasoning(in.small(), in.text());
            case REFUSAL -> new ChatEvent.RefusalDelta(in.small(), in.text());
            case CALL_START ->
                new ChatEvent.ToolCallStart(in.small(), in.small(), in.text(), in.text(), in.flag(), in.textIfAny());
            case CALL_DELTA -> new ChatEvent.ToolCallDelta(in.small(), in.small(), in.text());
            case WHOLE_PART -> new ChatEvent.WholePart(in.small(), part(in));
            case ANNOTATION -> new ChatEvent.Annotation(in.small(), in.json());
            case LOGPROBS -> new ChatEvent.Logprobs(in.small(), in.json());
            case FINISH -> new ChatEvent.Finish(in.small(), reason(in.text()), in.textIfAny());
            case USAGE -> new ChatEvent.UsageReport(usage(in), in.textIfAny());
            case END -> new ChatEvent.End();
            case PROVIDER_FIELDS -> new ChatEvent.ProviderFields(in.json());
            default -> throw new CorruptAnswer("an event of kind " + kind);
        };
    }

    private static FinishReason reason(String wire) {
        for (FinishReason reason : FinishReason.values()) {
            if (reason.wire().equals(wire)) {
                return reason;
            }
        }
        throw new CorruptAnswer("an unknown finish reason");
    }

    static void write(@Nullable Usage usage, ByteForm out) {
        switch (usage) {
            case null -> out.flag(false);
            case Usage(var prompt, var completion, var details) -> {
                out.flag(true).numberIfAny(prompt).numberIfAny(completion).number(details.size());
                details.forEach((detail, count) -> out.text(detail.name()).number(count));
            }
        }
    }

    private static Usage usage(ByteFormReader in) {
        Usage usage = usageIfAny(in);
        if (usage == null) {
            throw new CorruptAnswer("a report without counts");
        }
        return usage;
    }

    static @Nullable Usage usageIfAny(ByteFormReader in) {
        return in.flag() ? new Usage(in.numberIfAny(), in.numberIfAny(), details(in)) : null;
    }

    private static Map<UsageDetail, Long> details(ByteFormReader in) {
        Map<UsageDetail, Long> details = new EnumMap<>(UsageDetail.class);
        for (int left = in.count(); left > 0; left--) {
            details.put(detail(in.text()), in.number());
        }
        return details;
    }

    private static UsageDetail detail(String name) {
        for (UsageDetail detail : UsageDetail.values()) {
            if (detail.name().equals(name)) {
                return detail;
            }
        }
        throw new CorruptAnswer("an unknown count");
    }

    private static void write(ContentPart part, ByteForm out) {
        switch (part) {
            case ContentPart.Text(var text, var annotations, var cache) -> {
                out.octet('t').text(text).number(annotations.size());
                annotations.forEach(out::json);
            }
            case ContentPart.Image(var source, var detail, var cache) -> {
                write(source, out.octet('i'));
                out.textIfAny(detail);
            }
            case ContentPart.Audio(var base64, var format, var cache) ->
                out.octet('a').text(base64).text(format);
            case ContentPart.Document(var source, var name, var cache, var extras) -> {
                write(source, out.octet('d'));
                out.textIfAny(name).number(extras.fields().size());
                extras.fields().forEach((field, value) -> out.text(field).json(value));
            }
            case ContentPart.Opaque(var protocol, var block) ->
                out.octet('o').text(protocol).json(block);
        }
    }

    private static ContentPart part(ByteFormReader in) {
        int kind = in.octet();
        return switch (kind) {
            case 't' -> {
                String text = in.text();
                List<JsonNode> annotations = new ArrayList<>();
                for (int left = in.count(); left > 0; left--) {
                    annotations.add(in.json());
                }
                yield new ContentPart.Text(text, annotations, null);
            }
            case 'i' -> new ContentPart.Image(source(in), in.textIfAny(), null);
            case 'a' -> new ContentPart.Audio(in.text(), in.text(), null);
            case 'd' -> new ContentPart.Document(source(in), in.textIfAny(), null, extras(in));
            case 'o' -> new ContentPart.Opaque(in.text(), in.json());
            default -> throw new CorruptAnswer("a part of kind " + kind);
        };
    }

    private static Extras extras(ByteFormReader in) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        for (int left = in.count(); left > 0; left--) {
            fields.put(in.text(), in.json());
        }
        return fields.isEmpty() ? Extras.NONE : new Extras(fields);
    }

    private static void write(MediaSource source, ByteForm out) {
        switch (source) {
            case MediaSource.Inline(var mediaType, var base64) ->
                out.octet('b').text(mediaType).text(base64);
            case MediaSource.Url(var url) -> out.octet('w').text(url);
            case MediaSource.FileId(var id) -> out.octet('f').text(id);
        }
    }

    private static MediaSource source(ByteFormReader in) {
        int kind = in.octet();
        return switch (kind) {
            case 'b' -> new MediaSource.Inline(in.text(), in.text());
            case 'w' -> new MediaSource.Url(in.text());
            case 'f' -> new MediaSource.FileId(in.text());
            default -> throw new CorruptAnswer("a source of kind " + kind);
        };
    }
}
