package dev.mehari.provider.openai;

import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.AnswerNames;
import dev.mehari.chat.ChatEvent;
import dev.mehari.chat.EventDecoder;
import dev.mehari.chat.EventSink;
import dev.mehari.chat.FinishReason;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamProtocol;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.Usage;
import dev.mehari.provider.Ask;
import dev.mehari.provider.SseReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of chunks and passes them on, one frame a chunk, as the bytes they came in. Looks only for what ends,
 * fails or counts; usage is kept for the end, whoever asked for it. One instance a stream.
 */
final class OpenAiStream implements EventDecoder {
    private static final int MOST_LESSONS = 4;

    private final Ask ask;
    private final String who;
    private final SseReader reader = new SseReader(this::record);
    private final OpenAiRepair repair = new OpenAiRepair();
    private final BitSet known = new BitSet(4);
    private final BitSet unfinished = new BitSet(4);
    private final BitSet emptyCalls = new BitSet(0);
    private final BitSet called = new BitSet(0);

    private @Nullable EventSink sink;
    private @Nullable ChunkEdit edit;
    private @Nullable AnswerNames names;
    private @Nullable Usage usage;
    private byte @Nullable [] usageChunk;
    private byte @Nullable [] usageJson;
    private @Nullable ChunkTemplate template;
    private byte @Nullable [] promptFilter;
    private int lessons;
    private boolean spoken;
    private boolean anyFinished;
    private boolean over;

    OpenAiStream(Ask ask) {
        this.ask = ask;
        this.who = "provider \"" + ask.provider().name() + "\" ";
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, EventSink sink) {
        this.sink = sink;
        try {
            reader.feed(bytes, offset, length);
        } catch (SseReader.EventTooLarge tooLarge) {
            fail(tooLarge);
        }
    }

    @Override
    public void end(EventSink sink) {
        this.sink = sink;
        try {
            reader.end();
        } catch (SseReader.EventTooLarge tooLarge) {
            fail(tooLarge);
        }
        if (!over) {
            if (anyFinished && unfinished.isEmpty()) {
                finish();
            } else {
                fail(new UpstreamUnavailable(502, who + "ended its stream before the answer was complete", null));
            }
        }
    }

    private void record(@Nullable String name, byte[] data, int offset, int length) {
        if (over) {
            return;
        }
        if (isDone(data, offset, length)) {
            finish();
            return;
        }
        ChunkTemplate known = template;
        byte[] like = known == null || name != null ? null : known.fill(data, offset, length);
        if (like != null) {
            emit(new ChatEvent.Frame(like, true, null, null));
            return;
        }
        byte[] json = SseReader.oneLine(Arrays.copyOfRange(data, offset, offset + length));
        OpenAiChunk chunk = OpenAiChunk.read(json);
        if (chunk == null && "ping".equals(name)) {
            // A heartbeat: whatever it carries is for nobody.
            return;
        }
        if (chunk == null) {
            fail(new UpstreamProtocol(who + "sent a record that is not a JSON object"));
        } else if (chunk.isError() || "error".equals(name)) {
            fail(OpenAiError.inside(ask.provider(), chunk.tree()));
        } else if (chunk.choices().isInterrupted()) {
            fail(new UpstreamUnavailable(503, who + "broke off its answer", null));
        } else {
            take(chunk);
        }
    }

    private void take(OpenAiChunk scanned) {
        OpenAiChunk chunk = scanned;
        OpenAiToolCalls pieces = chunk.choices().toolCalls();
        if (chunk.choices().isOdd() || repair.isNeededFor(pieces)) {
            chunk = chunk.repaired(repair);
        } else {
            repair.passes(pieces);
        }
        OpenAiChoices choices = chunk.choices();
        note(chunk);
        if (choices.count() == 0 && chunk.usage() == null && !chunk.object().has("moderation")) {
            // Azure opens with a chunk without choices, which clients trip over: it has neither an id nor a time worth
            // keeping. What its filter says of the prompt goes on with the next chunk.
            promptFilter = promptFilter(chunk);
            return;
        }
        ChunkEdit editing = edit == null ? begin(chunk) : edit;
        if (choices.count() == 0) {
            if (chunk.usage() != null) {
                usageChunk = chunk.object().has("choices") ? editing.withUsage(chunk) : null;
            } else {
                emit(new ChatEvent.Frame(editing.apply(chunk), false, null, null));
            }
            return;
        }
        boolean after = !unfinished.intersects(choices.seen());
        if (after && choices.hasContent() && choices.finish() != null) {
            // A choice ends once; what a host still adds to it passes without a second end.
            chunk = chunk.withoutFinish(repair);
            choices = chunk.choices();
        }
        choices.toolCalls().addChoices(called);
        if (called.intersects(choices.stopped())) {
            // Agents make the calls of an answer only when that is what it ended for.
            chunk = chunk.endedByCalls(repair, called);
            choices = chunk.choices();
        }
        fillCalls(editing, choices);
        unfinished.andNot(choices.finished());
        anyFinished |= !choices.finished().isEmpty();
        spoken |= choices.hasContent();
        if (choices.hasDelta() && (!after || choices.hasContent())) {
            boolean commits = choices.hasContent() || choices.finish() != null;
            byte[] sent = editing.apply(chunk);
            byte[] filter = promptFilter;
            if (filter == null) {
                emit(new ChatEvent.Frame(sent, commits, null, choices.finish()));
                learn(chunk, sent);
            } else {
                promptFilter = null;
                emit(new ChatEvent.Frame(ChunkEdit.with(sent, filter), commits, null, choices.finish()));
            }
        }
    }

    private ChunkEdit begin(OpenAiChunk first) {
        names = AnswerNames.of(first.id(), first.model());
        ChunkEdit begun = ChunkEdit.begin(ask, first);
        edit = begun;
        return begun;
    }

    @Override
    public @Nullable AnswerNames names() {
        return names;
    }

    /** The object that the counts stood in; null: none has come. */
    byte @Nullable [] usageJson() {
        return usageJson;
    }

    /** Azure's {@code prompt_filter_results}, name and value; as {@code prompt_annotations} in its older versions. */
    private static byte @Nullable [] promptFilter(OpenAiChunk chunk) {
        JsonObject object = chunk.object();
        JsonObject.Field field = object.field("prompt_filter_results");
        JsonObject.Field results = field == null ? object.field("prompt_annotations") : field;
        return results == null ? null : Arrays.copyOfRange(object.bytes(), results.start(), results.end());
    }

    /** Streams whose chunks differ in more than their text are not tried for ever. */
    private void learn(OpenAiChunk chunk, byte[] sent) {
        if (lessons < MOST_LESSONS) {
            ChunkTemplate learnt = ChunkTemplate.of(chunk, sent);
            lessons += learnt == null ? 0 : 1;
            template = learnt == null ? template : learnt;
        }
    }

    /** Before a choice ends, each of its calls that got no arguments gets {@code {}}: clients parse the sum as JSON. */
    private void fillCalls(ChunkEdit editing, OpenAiChoices choices) {
        emptyCalls.or(choices.toolCalls().begun());
        emptyCalls.andNot(choices.toolCalls().filled());
        if (emptyCalls.isEmpty() || choices.finished().isEmpty()) {
            return;
        }
        for (int key = emptyCalls.nextSetBit(0); key >= 0; key = emptyCalls.nextSetBit(key + 1)) {
            int choice = OpenAiToolCalls.choiceOf(key);
            if (choices.finished().get(choice)) {
                byte[] frame = editing.emptyArguments(choice, OpenAiToolCalls.callOf(key));
                emit(new ChatEvent.Frame(frame, true, null, null));
                emptyCalls.clear(key);
            }
        }
    }

    private void note(OpenAiChunk chunk) {
        if (chunk.usage() != null) {
            usage = chunk.usage();
            usageJson = chunk.usageJson();
        }
        BitSet fresh = (BitSet) chunk.choices().seen().clone();
        fresh.andNot(known);
        known.or(fresh);
        unfinished.or(fresh);
    }

    private void finish() {
        over = true;
        ChunkEdit editing = edit;
        if (editing == null) {
            emit(new ChatEvent.Failure(new UpstreamProtocol(who + "ended its stream without an answer")));
            return;
        }
        if (spoken) {
            endChoices(editing);
        }
        byte[] json = usageJson;
        if (json != null) {
            byte[] last = usageChunk == null ? editing.usageOnly(json) : usageChunk;
            if (ask.request().includeUsage()) {
                emit(new ChatEvent.Frame(last, false, usage, null));
            } else if (usage != null) {
                emit(new ChatEvent.UsageReport(usage));
            }
        }
        emit(new ChatEvent.End());
    }

    /** Choices of an answer that a host lets end with its stream: clients wait for the reason of each. */
    private void endChoices(ChunkEdit editing) {
        for (int choice = unfinished.nextSetBit(0); choice >= 0; choice = unfinished.nextSetBit(choice + 1)) {
            FinishReason reason = FinishReason.STOP.withToolCalls(called.get(choice));
            emit(new ChatEvent.Frame(editing.finish(choice, reason), true, null, reason));
        }
        unfinished.clear();
    }

    private void fail(SseReader.EventTooLarge tooLarge) {
        fail(new UpstreamProtocol(who + "sent " + tooLarge.getMessage()));
    }

    private void fail(GatewayException reason) {
        over = true;
        emit(new ChatEvent.Failure(reason));
    }

    private void emit(ChatEvent event) {
        EventSink receiving = sink;
        if (receiving != null) {
            receiving.accept(event);
        }
    }

    private static boolean isDone(byte[] data, int offset, int length) {
        int start = offset;
        int end = offset + length;
        while (start < end && data[start] == ' ') {
            start++;
        }
        return end - start >= 6
                && data[start] == '['
                && new String(data, start, 6, StandardCharsets.US_ASCII).equals("[DONE]");
    }

    /** A time as whole Unix seconds: some hosts send floats, or nothing. */
    static byte[] seconds(JsonObject object, JsonObject.@Nullable Field created) {
        long seconds = System.currentTimeMillis() / 1000;
        if (created != null && created.kind() == JsonToken.VALUE_NUMBER_FLOAT) {
            String text = new String(
                    object.bytes(),
                    created.valueStart(),
                    created.end() - created.valueStart(),
                    StandardCharsets.US_ASCII);
            seconds = (long) Double.parseDouble(text);
        }
        return Long.toString(seconds).getBytes(StandardCharsets.US_ASCII);
    }
}
