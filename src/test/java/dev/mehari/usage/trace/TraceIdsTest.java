package dev.mehari.usage.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceIdsTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    @Test
    void theClientsTraceGoesOn() {
        TraceIds ids = TraceIds.of("req_1", 7, "00-" + TRACE + "-" + PARENT + "-00");
        assertThat(ids.trace()).isEqualTo(TRACE);
        assertThat(ids.parent()).isEqualTo(PARENT);
        assertThat(ids.root()).matches("[0-9a-f]{16}").isNotEqualTo(PARENT);
        assertThat(ids.traceparent("chatcmpl-1"))
                .isEqualTo("00-" + TRACE + "-" + TraceIds.ofAttempt("chatcmpl-1") + "-01");
    }

    @Test
    void laterVersionsMaySayMore() {
        assertThat(TraceIds.of("r", 1, "01-" + TRACE + "-" + PARENT + "-01-more")
                        .trace())
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01"
            })
    void whatIsMalformedCountsAsNone(String traceparent) {
        TraceIds ids = TraceIds.of("req_1", 7, traceparent);
        assertThat(ids).isEqualTo(TraceIds.of("req_1", 7, null));
        assertThat(ids.parent()).isNull();
        assertThat(ids.trace()).matches("[0-9a-f]{32}");
    }

    @Test
    void aRequestIdThatIsUsedTwiceMakesTwoTraces() {
        assertThat(TraceIds.of("mine", 1, null).trace())
                .isNotEqualTo(TraceIds.of("mine", 2, null).trace());
    }
}
