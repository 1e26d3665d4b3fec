package dev.mehari.dialect.messages;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ByteSink;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventEncoder;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Usage;
import dev.mehari.dialect.ProviderBlock;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an answer as a Messages stream: {@code message_start}, {@code ping}, then each block from its start to its
 * stop, {@code message_delta} with the reason and the counts, {@code message_stop}. A failure is one {@code error}
 * record, and nothing follows. Every record names its event: clients pass over those that do not. Frames pass as they
 * are. Of several choices the first goes out, as this API knows one only.
 *
 * <p>Source: Anthropic API reference, Streaming Messages, read 2026-11-21. One instance a stream; not thread-safe.
 */
public final class MessagesStreamWriter implements EventEncoder {
    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] DATA = ascii("\ndata: ");
    private static final byte[] DATA_ONLY = ascii("data: ");
    private static final byte[] BLANK_LINE = ascii("\n\n");
    private static final byte[] PING = ascii("event: ping\ndata: {\"type\":\"ping\"}\n\n");
    private static final byte[] MESSAGE_STOP = ascii("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");

    private final BlockWriter blocks = new BlockWriter();

    private ChatEvent.@Nullable Start start;
    private boolean begun;
    private boolean ended;

    /** The choice that is written; -1: none has said anything. */
    private int answering = -1;

    private @Nullable FinishReason finish;
    private @Nullable String stopSequence;
    private @Nullable StringBuilder refusal;
    private @Nullable Usage usage;
    private @Nullable String serviceTier;
    private final List<ProviderBlock> others = new ArrayList<>(0);
    private @Nullable JsonNode providerFields;

    @Override
    public void encode(ChatEvent event, ByteSink out) {
        if (ended) {
            return;
        }
        switch (event) {
            case ChatEvent.Frame frame -> frame(frame, out);
            case ChatEvent.Start told -> start = told;
            case ChatEvent.TextDelta delta -> {
                if (goesOn(delta.choice(), out)) {
                    blocks.text(delta.text(), out);
                }
            }
            case ChatEvent.ReasoningDelta delta -> {
                if (goesOn(delta.choice(), out)) {
                    blocks.thinking(delta.text(), delta.signature(), out);
                }
            }
            case ChatEvent.RedactedReasoning block -> {
                if (goesOn(block.choice(), out)) {
                    blocks.redactedThinking(block.data(), out);
                }
            }
            case ChatEvent.RefusalDelta delta -> {
                if (goesOn(delta.choice(), out)) {
                    refusal = (refusal == null ? new StringBuilder() : refusal).append(delta.text());
                    blocks.text(delta.text(), out);
                }
            }
            case ChatEvent.ToolCallStart call -> {
                if (goesOn(call.choice(), out)) {
                    blocks.call(call, out);
                }
            }
            case ChatEvent.ToolCallDelta delta -> {
                if (goesOn(delta.choice(), out)) {
                    blocks.arguments(delta.index(), delta.arguments(), out);
                }
            }
            case ChatEvent.WholePart whole -> {
                if (goesOn(whole.choice(), out)) {
                    blocks.whole(whole.part(), out);
                    if (MessagesWire.isOther(whole.part())) {
                        others.add(ProviderBlock.of(whole.part()));
                    }
                }
            }
            case ChatEvent.Annotation note -> {
                if (goesOn(note.choice(), out)) {
                    JsonNode citation = MessagesWire.citation(note.annotation());
                    if (!blocks.citation(citation, out)) {
                        others.add(new ProviderBlock("anthropic", citation));
                    }
                }
            }
            // No Messages request can ask for them.
            case ChatEvent.Logprobs logprobs -> {}
            case ChatEvent.Finish told -> {
                if (goesOn(told.choice(), out)) {
                    blocks.close(out);
                    finish = told.reason();
                    stopSequence = told.stopSequence();
                }
            }
            case ChatEvent.UsageReport report -> {
                usage = report.usage();
                serviceTier = report.serviceTier();
            }
            case ChatEvent.ProviderFields own -> providerFields = own.fields();
            case ChatEvent.End end -> end(out);
            case ChatEvent.Failure failure -> {
                ended = true;
                MessagesErrors.record(failure.reason(), out);
            }
        }
    }

    private static void frame(ChatEvent.Frame frame, ByteSink out) {
        String name = frame.name();
        if (name == null) {
            out.write(DATA_ONLY);
        } else {
            out.write(EVENT).write(name).write(DATA);
        }
        out.write(frame.bytes()).write(BLANK_LINE);
    }

    /**
     * Whether the answer takes anything more: of several choices it is the one that speaks first. The message begins with the
     * first piece of it, or with its end.
     */
    private boolean goesOn(int choice, ByteSink out) {
        if (answering < 0) {
            answering = choice;
        }
        if (choice != answering || finish != null) {
            return false;
        }
        begin(out);
        return true;
    }

    /** Not before there is something to say: a provider that tells the prompt's tokens does so first. */
    private void begin(ByteSink out) {
        ChatEvent.Start told = start;
        if (begun) {
            return;
        }
        if (told == null) {
            throw new IllegalStateException("a translated stream begins with Start");
        }
        begun = true;
        out.write("event: message_start\ndata: ");
        JsonWriter json = new JsonWriter(out);
        json.object()
                .field("type", "message_start")
                .name("message")
                .object()
                .field("id", MessagesWire.id(told.id()))
                .field("type", "message")
                .field("role", "assistant")
                .field("model", told.model());
        json.name("content").list().endList();
        json.name("stop_reason").raw("null").name("stop_sequence").raw("null");
        json.name("stop_details").raw("null");
        MessagesWire.usage(usage, serviceTier, json.name("usage"));
        json.name("container").raw("null").endObject().endObject();
        out.write(BLANK_LINE).write(PING);
    }

    private void end(ByteSink out) {
        ended = true;
        if (start == null) {
            // Frames have ended by themselves.
            return;
        }
        begin(out);
        blocks.close(out);
        String said = refusal == null ? null : refusal.toString();
        // End says that the answer is whole, so one that nobody finished has ended by itself.
        FinishReason reason = finish == null ? FinishReason.STOP : finish;
        out.write("event: message_delta\ndata: ");
        JsonWriter json = new JsonWriter(out);
        json.object().field("type", "message_delta").name("delta").object();
        MessagesWire.stop(
                MessagesWire.stopReason(reason, stopSequence, blocks.hasCalls(), said != null),
                stopSequence,
                said,
                json);
        json.name("container").raw("null").endObject();
        MessagesWire.usage(usage, null, json.name("usage"));
        MessagesWire.beyond(others, providerFields, json);
        json.endObject();
        out.write(BLANK_LINE).write(MESSAGE_STOP);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
