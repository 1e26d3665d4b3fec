package dev.mehari.usage.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.Usage;
import dev.mehari.chat.UsageDetail;
import org.junit.jupiter.api.Test;

/** Langfuse adds up what it is told: no token may stand under two names. */
class LangfuseUsageTest {
    @Test
    void writtenTokensAreToldApartByTheTimeTheyAreKept() {
        Usage usage = Usage.of(100L, 7L)
                .with(UsageDetail.CACHED, 40L)
                .with(UsageDetail.CACHE_WRITE, 30L)
                .with(UsageDetail.LONG_CACHE_WRITE, 10L)
                .with(UsageDetail.REASONING, 5L);
        assertThat(Langfuse.usage(usage))
                .isEqualTo("{\"input\":30,\"input_cached_tokens\":40,\"input_cache_creation\":20,"
                        + "\"input_cache_creation_1h\":10,\"output\":2,\"output_reasoning_tokens\":5}");
    }

    @Test
    void partsThatOverlapNeverAddUpToMoreThanTheirSum() {
        Usage usage = Usage.of(10L, 4L)
                .with(UsageDetail.CACHED, 8L)
                .with(UsageDetail.PROMPT_IMAGE, 6L)
                .with(UsageDetail.PROMPT_TEXT, 4L)
                .with(UsageDetail.REJECTED_PREDICTION, 9L);
        assertThat(Langfuse.usage(usage))
                .isEqualTo("{\"input\":0,\"input_cached_tokens\":8,\"input_image_tokens\":2,\"output\":0,"
                        + "\"output_rejected_prediction_tokens\":4}");
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        assertThat(Langfuse.usage(Usage.of(3L, null))).isEqualTo("{\"input\":3}");
    }
}
