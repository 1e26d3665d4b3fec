package dev.mehari.dialect.responses;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.AssistantPart;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.ContentPart;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.Ids;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.MediaSource;
import dev.mehari.chat.Usage;
import dev.mehari.chat.WholeEncoder;
import dev.mehari.dialect.ProviderBlock;
import dev.mehari.dialect.responses.OutputItem.Status;
import dev.mehari.dialect.responses.ResponseObject.State;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as a Responses stream: created, in_progress, the items one after the other, and exactly one of
 * completed, incomplete or failed at the end, with the whole response in it. Source: OpenAI API reference, Responses
 * streaming, read 2026-11-21.
 *
 * <p>One instance a stream; not thread-safe.
 */
public final class ResponsesStreamWriter implements WholeEncoder {
    private final String id;
    private final JsonObject request;
    private final EventWriter events = new EventWriter();
    private final List<byte[]> output = new ArrayList<>();
    private final List<ProviderBlock> others = new ArrayList<>(0);

    private @Nullable ResponseObject response;
    private @Nullable OutputItem open;
    private @Nullable FinishReason finish;
    private @Nullable Usage usage;
    private @Nullable String serviceTier;
    private @Nullable JsonNode providerFields;
    private @Nullable PassedEvents passed;
    private @Nullable Whole whole;

    /**
     * For one answer.
     *
     * @param id of the response, which clients ask for later
     * @param request what the client sent, for the response to repeat
     */
    public ResponsesStreamWriter(String id, JsonObject request) {
        this.id = id;
        this.request = request;
    }

    /** For a response that was answered before and whose events come as they were. */
    public static ResponsesStreamWriter ofStored(String id) {
        ResponsesStreamWriter writer =
                new ResponsesStreamWriter(id, JsonObject.of("{}".getBytes(StandardCharsets.US_ASCII)));
        // Also when none comes, nothing is written in their place.
        writer.passed = new PassedEvents();
        return writer;
    }

    @Override
    public @Nullable Whole whole() {
        PassedEvents passing = passed;
        if (whole == null && passing != null && passing.isOver()) {
            whole = passing.whole();
        }
        return whole;
    }

    /** Of what was begun, a text is worth keeping; half a call is not one. */
    @Override
    public @Nullable Whole cancelled() {
        PassedEvents passing = passed;
        if (passing != null) {
            return passing.soFar("cancelled", null);
        }
        if (response == null || whole != null) {
            return null;
        }
        ByteSink unsent = new ByteSink(256);
        if (open instanceof CallItem) {
            open = null;
        }
        closeOpen(Status.INCOMPLETE, unsent);
        terminal(state("cancelled", null, null, null), unsent);
        return whole;
    }

    @Override
    public void encode(ChatEvent event, ByteSink out) {
        if (whole != null) {
            return;
        }
        switch (event) {
            case ChatEvent.Frame frame -> passing().pass(frame, out);
            case ChatEvent.Start start -> start(start, out);
            case ChatEvent.TextDelta delta -> {
                if (!delta.text().isEmpty()) {
                    message(out).text(delta.text(), out);
                }
            }
            case ChatEvent.RefusalDelta delta -> {
                if (!delta.text().isEmpty()) {
                    message(out).refusal(delta.text(), out);
                }
            }
            case ChatEvent.Annotation note -> message(out).annotation(note.annotation(), out);
            case ChatEvent.Logprobs logprobs -> message(out).logprobs(logprobs.logprobs(), out);
            case ChatEvent.ReasoningDelta delta -> reasoning(delta, out);
            case ChatEvent.RedactedReasoning block ->
                sealed(ReasoningEnvelope.of(new AssistantPart.RedactedReasoning(block.data())), out);
            case ChatEvent.ToolCallStart call -> call(call, out);
            case ChatEvent.ToolCallDelta delta -> {
                if (!(open instanceof CallItem call)) {
                    throw new IllegalStateException("arguments for a tool call that is not open");
                }
                call.arguments(delta.arguments(), out);
            }
            case ChatEvent.WholePart part -> part(part.part(), out);
            case ChatEvent.Finish finished -> finish = finish == null ? finished.reason() : finish;
            case ChatEvent.UsageReport report -> {
                usage = report.usage();
                serviceTier = report.serviceTier();
            }
            case ChatEvent.ProviderFields own -> providerFields = own.fields();
            case ChatEvent.End end -> end(out);
            case ChatEvent.Failure failure -> fail(failure.reason(), out);
        }
    }

    /** From a provider of this very API: as it came. */
    private PassedEvents passing() {
        PassedEvents passing = passed;
        return passing == null ? passed = new PassedEvents() : passing;
    }

    private void start(ChatEvent.Start start, ByteSink out) {
        ResponseObject begun = new ResponseObject(id, start.created(), start.model(), request);
        response = begun;
        for (String type : List.of("response.created", "response.in_progress")) {
            begun.write(State.IN_PROGRESS, events.begin(type, out).write(",\"response\":"));
            events.end(out);
        }
    }

    private MessageItem message(ByteSink out) {
        return open instanceof MessageItem message ? message : open(new MessageItem(events, next(out)), out);
    }

    private void reasoning(ChatEvent.ReasoningDelta delta, ByteSink out) {
        // A signature closes its block: what follows it is another one.
        ReasoningItem item = open instanceof ReasoningItem thought && !thought.isSealed()
                ? thought
                : open(new ReasoningItem(events, next(out)), out);
        if (!delta.text().isEmpty()) {
            item.text(delta.text(), out);
        }
        if (delta.signature() != null) {
            item.seal(ReasoningEnvelope.of(new AssistantPart.Reasoning(null, item.text(), delta.signature())));
        }
    }

    private void sealed(String envelope, ByteSink out) {
        open(new ReasoningItem(events, next(out)), out).seal(envelope);
    }

    private void call(ChatEvent.ToolCallStart call, ByteSink out) {
        if (call.signature() != null) {
            sealed(ReasoningEnvelope.ofCall(call.id(), call.signature()), out);
        }
        open(new CallItem(events, next(out), call.custom(), call.id(), call.name()), out);
    }

    private void part(ContentPart part, ByteSink out) {
        switch (part) {
            case ContentPart.Text text -> message(out).text(text.text(), out);
            case ContentPart.Image image -> {
                if (image.source() instanceof MediaSource.Inline inline) {
                    picture(inline, out);
                } else {
                    others.add(ProviderBlock.of(image));
                }
            }
            // No item has a place for sound, files or another protocol's blocks: they stand beside the items.
            case ContentPart.Audio audio -> others.add(ProviderBlock.of(audio));
            case ContentPart.Document document -> others.add(ProviderBlock.of(document));
            case ContentPart.Opaque block -> others.add(ProviderBlock.of(block));
        }
    }

    /** Pictures come whole, so their item is added and done at once. */
    private void picture(MediaSource.Inline picture, ByteSink out) {
        closeOpen(Status.COMPLETED, out);
        ByteSink item = new ByteSink(picture.base64().length() + 128);
        Json.quote(Ids.random("ig_", 40), item.write("{\"id\":"));
        item.write(",\"type\":\"image_generation_call\",\"status\":\"completed\",\"output_format\":");
        Json.quote(picture.mediaType().replaceFirst("^image/", ""), item).write(",\"result\":");
        byte[] json = Json.quote(picture.base64(), item).write('}').toByteArray();
        for (String type : List.of("response.output_item.added", "response.output_item.done")) {
            events.begin(type, out)
                    .write(",\"output_index\":" + output.size() + ",\"item\":")
                    .write(json);
            events.end(out);
        }
        output.add(json);
    }

    private int next(ByteSink out) {
        closeOpen(Status.COMPLETED, out);
        return output.size();
    }

    private <T extends OutputItem> T open(T item, ByteSink out) {
        item.open(out);
        open = item;
        return item;
    }

    private void closeOpen(Status status, ByteSink out) {
        OutputItem item = open;
        if (item != null) {
            output.add(item.close(status, out));
            open = null;
        }
    }

    private void end(ByteSink out) {
        if (passed != null) {
            return;
        }
        String incomplete =
                switch (finish) {
                    case LENGTH -> "max_output_tokens";
                    case CONTENT_FILTER -> "content_filter";
                    case STOP, TOOL_CALLS, FUNCTION_CALL -> null;
                    case null -> null;
                };
        closeOpen(incomplete == null ? Status.COMPLETED : Status.INCOMPLETE, out);
        long now = System.currentTimeMillis() / 1000;
        terminal(
                incomplete == null ? state("completed", null, null, now) : state("incomplete", incomplete, null, null),
                out);
    }

    /** Items under way stay open: nothing of them is known to be whole. */
    private void fail(GatewayException reason, ByteSink out) {
        PassedEvents passing = passed;
        if (passing != null) {
            if (!passing.isOver()) {
                whole = passing.fail(reason, out);
            }
            return;
        }
        terminal(state("failed", null, reason, null), out);
    }

    private State state(
            String status, @Nullable String incomplete, @Nullable GatewayException error, @Nullable Long completed) {
        return new State(status, output, others, providerFields, usage, serviceTier, incomplete, error, completed);
    }

    private void terminal(State state, ByteSink out) {
        ResponseObject begun = response;
        if (begun == null) {
            begun = new ResponseObject(id, System.currentTimeMillis() / 1000, "", request);
        }
        ByteSink object = new ByteSink(1024);
        begun.write(state, object);
        byte[] json = object.toByteArray();
        events.begin("response." + state.status(), out).write(",\"response\":").write(json);
        events.end(out);
        whole = new Whole(id, json);
    }
}
