package dev.mehari.dialect.chat;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.Json;
import dev.mehari.chat.Usage;
import dev.mehari.dialect.OpenAiErrors;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as a Chat Completions stream: SSE records {@code data: <chunk>} and a blank line, at the end
 * {@code data: [DONE]}. Source: OpenAI API reference, Chat Completions streaming, read 2026-11-21.
 *
 * <p>Each choice begins with its role and ends with one finish chunk. With {@code includeUsage} every chunk says
 * {@code "usage":null} and one last chunk without choices holds the counts; without it no chunk speaks of usage. A
 * failure is one error record, and no {@code [DONE]} follows. Frames pass as they are.
 *
 * <p>One instance a stream; not thread-safe.
 */
public final class ChatStreamWriter implements EventEncoder {
    private static final byte[] NO_USAGE_END = Wire.ascii("]}\n\n");
    private static final byte[] USAGE_END = Wire.ascii("],\"usage\":null}\n\n");
    private static final byte[] DONE = Wire.ascii("data: [DONE]\n\n");
    private static final byte[] DATA = Wire.ascii("data: ");
    private static final byte[] BLANK_LINE = Wire.ascii("\n\n");

    private final boolean includeUsage;
    private final boolean legacyFunctions;
    private final SortedMap<Integer, ChoiceWriter> choices = new TreeMap<>();

    /** What every chunk of this stream begins with; null until {@link ChatEvent.Start}, and for a stream of frames. */
    private byte @Nullable [] head;

    private @Nullable Usage usage;
    private @Nullable String serviceTier;
    private boolean ended;

    /**
     * For one stream.
     *
     * @param includeUsage whether the client asked for {@code stream_options.include_usage}
     * @param legacyFunctions whether the request used {@code functions}, so that calls go out as {@code function_call}
     */
    public ChatStreamWriter(boolean includeUsage, boolean legacyFunctions) {
        this.includeUsage = includeUsage;
        this.legacyFunctions = legacyFunctions;
    }

    @Override
    public void encode(ChatEvent event, ByteSink out) {
        if (ended) {
            return;
        }
        switch (event) {
            case ChatEvent.Frame frame -> out.write(DATA).write(frame.bytes()).write(BLANK_LINE);
            case ChatEvent.Start start -> head = head(start);
            case ChatEvent.TextDelta delta -> choice(delta.choice()).text(delta.text(), out);
            case ChatEvent.ReasoningDelta delta ->
                choice(delta.choice()).reasoning(delta.text(), delta.signature(), out);
            case ChatEvent.RedactedReasoning block -> choice(block.choice()).redactedReasoning(block.data(), out);
            case ChatEvent.RefusalDelta delta -> choice(delta.choice()).refusal(delta.text(), out);
            case ChatEvent.ToolCallStart call -> choice(call.choice()).callStart(call, out);
            case ChatEvent.ToolCallDelta delta ->
                choice(delta.choice()).callDelta(delta.index(), delta.arguments(), out);
            case ChatEvent.WholePart whole -> choice(whole.choice()).part(whole.part(), out);
            case ChatEvent.Annotation note -> choice(note.choice()).annotation(note.annotation(), out);
            case ChatEvent.Logprobs logprobs -> choice(logprobs.choice()).logprobs(logprobs.logprobs(), out);
            case ChatEvent.Finish finish -> choice(finish.choice()).finish(finish.reason(), finish.stopSequence(), out);
            case ChatEvent.UsageReport report -> {
                usage = report.usage();
                serviceTier = report.serviceTier();
            }
            case ChatEvent.ProviderFields own ->
                choice(choices.isEmpty() ? 0 : choices.firstKey()).providerFields(own.fields(), out);
            case ChatEvent.End end -> end(out);
            case ChatEvent.Failure failure -> {
                ended = true;
                OpenAiErrors.record(failure.reason(), out);
            }
        }
    }

    private void end(ByteSink out) {
        ended = true;
        // End says that the answer is whole, so a choice that nobody finished has ended by itself.
        choices.values().forEach(choice -> choice.finish(FinishReason.STOP, null, out));
        if (includeUsage && usage != null && head != null) {
            out.write(head).write("],\"usage\":");
            Wire.usage(usage, out);
            if (serviceTier != null) {
                Json.quote(serviceTier, out.write(",\"service_tier\":"));
            }
            out.write("}\n\n");
        }
        out.write(DONE);
    }

    private ChoiceWriter choice(int index) {
        ChoiceWriter known = choices.get(index);
        if (known != null) {
            return known;
        }
        byte[] begun = head;
        if (begun == null) {
            throw new IllegalStateException("a translated stream begins with Start");
        }
        ChoiceWriter fresh = new ChoiceWriter(begun, index, includeUsage ? USAGE_END : NO_USAGE_END, legacyFunctions);
        choices.put(index, fresh);
        return fresh;
    }

    private static byte[] head(ChatEvent.Start start) {
        ByteSink head = new ByteSink(160).write("data: {\"id\":");
        Json.quote(start.id(), head).write(",\"object\":\"chat.completion.chunk\",\"created\":");
        head.write(Long.toString(start.created())).write(",\"model\":");
        return Json.quote(start.model(), head).write(",\"choices\":[").toByteArray();
    }
}
