package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.conformance.ChatStream.Chunk;
import java.util.List;
import java.util.stream.Stream;

/** Streams: what is sent when, with usage and without it. */
final class StreamCases implements Cases {
    private static final Demand FLUSHED = Demand.must(
            "stream.flushed",
            "chunks leave as they are made, not all at the end",
            "pitfalls P47",
            "flush each chunk; turn off buffering in proxies (X-Accel-Buffering: no) and compression of event streams");
    private static final Demand UNCACHED = Demand.should(
            "stream.cache-control",
            "the answer carries cache-control: no-cache",
            "openai-chat 8",
            "send it, so that no proxy keeps or collects the stream");
    private static final Demand UNCOMPRESSED = Demand.should(
            "stream.uncompressed",
            "a stream is not compressed, though the client would take gzip",
            "pitfalls P19",
            "leave text/event-stream out of compression: it holds chunks back until a block is full");
    private static final Demand NO_USAGE = Demand.must(
            "stream.no-usage-unasked",
            "without stream_options.include_usage no chunk carries usage",
            "pitfalls P12",
            "send usage only where it was asked for");
    private static final Demand USAGE = Demand.must(
            "usage.chunk",
            "with stream_options.include_usage a chunk carries usage",
            "openai-chat 8.1",
            "send a chunk with choices [] and usage after the finish_reason");
    private static final Demand ONCE = Demand.must(
            "usage.once",
            "only one chunk carries usage; in all others it is null",
            "pitfalls P12",
            "leave usage null until the last chunk: clients add them up");
    private static final Demand ALONE = Demand.must(
            "usage.choices-empty",
            "the chunk with usage has choices []",
            "openai-chat 8.1",
            "send usage in a chunk of its own");
    private static final Demand LAST = Demand.must(
            "usage.after-finish",
            "the chunk with usage comes after the finish_reason",
            "openai-chat 8.1",
            "send it last, before [DONE]");
    private static final Demand COUNTS = Demand.must(
            "usage.counts",
            "usage has prompt_tokens, completion_tokens and their sum, none below 0",
            "openai-chat 7",
            "count all tokens, cached and reasoning ones included");
    private static final List<Demand> OF_USAGE = List.of(ONCE, ALONE, LAST, COUNTS);

    /** Below that many chunks, or that many milliseconds, nobody can tell a quick server from one that holds back. */
    private static final int ENOUGH_CHUNKS = 20;

    private static final long ENOUGH_MILLIS = 500;

    /** No model makes so many chunks in that time; what was held back comes in less. */
    private static final long ONE_BURST_MILLIS = 50;

    @Override
    public String title() {
        return "streams and usage";
    }

    @Override
    public List<Demand> demands() {
        return Stream.of(StreamDemands.ALL, List.of(UNCACHED, UNCOMPRESSED, FLUSHED, NO_USAGE, USAGE), OF_USAGE)
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void check(Session session) {
        Sheet sheet = session.sheet();
        ChatStream plain = session.stream("text", session.prompts().helloStream());
        if (plain.began()) {
            String control = plain.answer().header("cache-control");
            sheet.judge(UNCACHED, control.contains("no-cache"), () -> "cache-control: " + control);
            sheet.judge(
                    NO_USAGE, usages(plain).findFirst().map(StreamCases::shown).orElse(null));
        }
        ChatStream counted = session.stream("text with usage", session.prompts().helloStreamWithUsage());
        if (counted.began()) {
            usage(sheet, counted);
        }
        Answer zipped = session.endpoint()
                .send(Ask.post("/chat/completions", session.prompts().helloStream())
                        .with("accept-encoding", "gzip"));
        if (zipped.ok()) {
            String coding = zipped.header("content-encoding");
            sheet.judge(UNCOMPRESSED, coding.isEmpty(), () -> "content-encoding: " + coding);
        }
        flushed(session);
    }

    private static void usage(Sheet sheet, ChatStream stream) {
        List<Chunk> all = usages(stream).toList();
        if (all.isEmpty()) {
            sheet.judge(USAGE, "the last chunk is " + shown(stream.chunks().getLast()));
            sheet.unchecked(OF_USAGE, "no chunk carries usage");
            return;
        }
        Chunk last = all.getLast();
        sheet.judge(USAGE, null);
        boolean once = sheet.judge(
                ONCE, all.size() == 1, () -> all.size() + " chunks carry it; the first: " + shown(all.getFirst()));
        sheet.judge(COUNTS, Tokens.problem(last.json().path("usage")));
        if (!once) {
            sheet.unchecked(List.of(ALONE, LAST), "several chunks carry usage");
            return;
        }
        sheet.judge(ALONE, last.json().path("choices").isEmpty(), () -> shown(last));
        boolean early = stream
                .chunks()
                .subList(stream.chunks().indexOf(last) + 1, stream.chunks().size())
                .stream()
                .anyMatch(Chunk::finishes);
        sheet.judge(LAST, !early, () -> shown(last));
    }

    private static Stream<Chunk> usages(ChatStream stream) {
        return stream.chunks().stream().filter(chunk -> hasUsage(chunk.json()));
    }

    private static boolean hasUsage(JsonNode chunk) {
        return chunk.hasNonNull("usage");
    }

    private static String shown(Chunk chunk) {
        return Answer.cut(chunk.data());
    }

    /** Twice, before it is held against the server: this machine may have slept while the chunks came. */
    private static void flushed(Session session) {
        Verdict first = pace(session.stream("a long text", session.prompts().longStream()));
        boolean again = first instanceof Verdict.Broken;
        Verdict verdict =
                again ? pace(session.stream("a long text", session.prompts().longStream())) : first;
        session.sheet().note(FLUSHED, verdict);
    }

    private static Verdict pace(ChatStream stream) {
        List<Chunk> spoken = stream.spoken();
        if (spoken.size() < ENOUGH_CHUNKS) {
            return new Verdict.Unchecked("the answer had " + spoken.size() + " chunks; " + ENOUGH_CHUNKS + " tell");
        }
        long first = millis(spoken.getFirst().nanos() - stream.answer().sentNanos());
        long spread = millis(spoken.getLast().nanos() - spoken.getFirst().nanos());
        if (spread > ONE_BURST_MILLIS) {
            return new Verdict.Kept();
        }
        if (first + spread < ENOUGH_MILLIS) {
            return new Verdict.Unchecked("the whole answer came within " + (first + spread) + " ms, too quick to tell");
        }
        return new Verdict.Broken(
                spoken.size() + " chunks came within " + spread + " ms, after " + first + " ms of nothing");
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }
}
