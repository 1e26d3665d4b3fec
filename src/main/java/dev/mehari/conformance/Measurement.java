package dev.mehari.conformance;

import dev.mehari.conformance.ChatStream.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How fast streams are, seen from here: network and all, one at a time.
 *
 * @param runs how many streams were measured
 * @param failed how many more came to nothing
 * @param firstTokenMillis request sent to the first text
 * @param gapMillis between one chunk with text and the next; null: each stream had one
 * @param tokensPerSecond from the first text to the last; null: streams were too short
 * @param tokensCounted whether these are tokens as usage tells them; else chunks
 */
public record Measurement(
        int runs,
        int failed,
        Percentiles firstTokenMillis,
        @Nullable Percentiles gapMillis,
        @Nullable Percentiles tokensPerSecond,
        boolean tokensCounted) {

    /**
     * Measures that many streams, one after the other.
     *
     * @return null: none came
     */
    static @Nullable Measurement take(Endpoint endpoint, int runs, IntConsumer progress) {
        List<Double> first = new ArrayList<>();
        List<Double> gaps = new ArrayList<>();
        List<Double> rates = new ArrayList<>();
        boolean counted = true;
        String body = new Prompts(endpoint.target().model()).longStreamWithUsage();
        for (int run = 1; run <= runs; run++) {
            progress.accept(run);
            ChatStream stream = ChatStream.of(endpoint.send(Ask.post("/chat/completions", body)));
            List<Chunk> spoken = stream.spoken();
            if (!stream.answer().ok() || spoken.isEmpty()) {
                continue;
            }
            first.add(millis(spoken.getFirst().nanos() - stream.answer().sentNanos()));
            for (int i = 1; i < spoken.size(); i++) {
                gaps.add(millis(spoken.get(i).nanos() - spoken.get(i - 1).nanos()));
            }
            long tokens = tokens(stream);
            counted &= tokens > 0;
            double seconds = millis(spoken.getLast().nanos() - spoken.getFirst().nanos()) / 1000;
            // The first text is there when the time begins.
            long made = (tokens > 0 ? tokens : spoken.size()) - 1;
            if (seconds > 0 && made > 0) {
                rates.add(made / seconds);
            }
        }
        return first.isEmpty()
                ? null
                : new Measurement(
                        first.size(),
                        runs - first.size(),
                        Percentiles.of(first),
                        gaps.isEmpty() ? null : Percentiles.of(gaps),
                        rates.isEmpty() ? null : Percentiles.of(rates),
                        counted);
    }

    private static long tokens(ChatStream stream) {
        return stream.chunks().stream()
                .mapToLong(chunk -> chunk.json().at("/usage/completion_tokens").asLong())
                .max()
                .orElse(0);
    }

    private static double millis(long nanos) {
        return nanos / 1_000_000.0;
    }
}
