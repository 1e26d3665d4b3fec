package dev.mehari.usage.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Eventually;
import dev.mehari.testing.Records;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What leaves the queue of traces, and in what portions. */
class TraceWriterTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int LONG = 128 * 1024;

    /** Keeps the batches that it is given. */
    private static final class Kept implements SpanExporter {
        private final List<List<SpanData>> batches = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            batches.add(List.copyOf(spans));
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        private static boolean isSaid(SpanData span) {
            return span.getAttributes().asMap().values().stream()
                    .anyMatch(value -> value.toString().contains("a secret plan"));
        }
    }

    private static TraceWriter writer(Kept kept, @Nullable UnaryOperator<String> redaction) {
        return new TraceWriter(kept, Resource.empty(), null, 1000, redaction);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] asked(String text) {
        return bytes("{\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}");
    }

    /** The log of messages at DEBUG has it captured for itself. */
    @Test
    void whatWasCapturedForTheLogAloneIsNotTold() {
        Kept kept = new Kept();
        try (TraceWriter writer = writer(kept, null)) {
            writer.ended(Records.saying("quiet", asked("a secret plan"), bytes("{\"a\":\"a secret plan\"}")), null);
            Eventually.holds(SOON, "it is sent", () -> writer.status().calls() == 1);
        }
        assertThat(kept.batches).hasSize(1);
        assertThat(kept.batches.getFirst()).hasSize(2).noneMatch(Kept::isSaid);
        Kept loud = new Kept();
        try (TraceWriter writer = writer(loud, UnaryOperator.identity())) {
            writer.ended(Records.saying("loud", asked("a secret plan"), bytes("{}")), null);
            Eventually.holds(SOON, "it is sent", () -> writer.status().calls() == 1);
        }
        assertThat(loud.batches.getFirst()).anyMatch(Kept::isSaid);
    }

    @Test
    void longConversationsTravelInSmallBatches() {
        Kept kept = new Kept();
        int calls = 64;
        try (TraceWriter writer = writer(kept, UnaryOperator.identity())) {
            for (int i = 0; i < calls; i++) {
                writer.ended(Records.saying("long-" + i, asked("x".repeat(LONG)), bytes("{}")), null);
            }
            Eventually.holds(SOON, "all are sent", () -> writer.status().calls() == calls);
        }
        // A megabyte, and the call that reached it; each is two spans.
        assertThat(kept.batches)
                .allSatisfy(batch -> assertThat(batch).hasSizeLessThanOrEqualTo(2 * (1024 * 1024 / LONG + 1)));
    }
}
