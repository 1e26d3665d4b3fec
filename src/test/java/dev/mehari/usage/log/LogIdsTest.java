package dev.mehari.usage.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogIdsTest {
    @Test
    void aCallThatIsToldLateStandsWhereItEnded() {
        LogIds ids = new LogIds();
        long second = ids.next(2_000_000);
        long first = ids.next(1_000_000);
        assertThat(first).isLessThan(second);
        assertThat(LogIds.micros(first)).isEqualTo(1_000_000);
        assertThat(LogIds.micros(second)).isEqualTo(2_000_000);
    }

    @Test
    void callsOfOneMicrosecondAreToldApart() {
        LogIds ids = new LogIds();
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 3 * 4096; i++) {
            assertThat(seen.add(ids.next(7))).isTrue();
        }
        // More than there is room for in one are told of the two that follow.
        assertThat(seen).allMatch(id -> LogIds.micros(id) >= 7 && LogIds.micros(id) <= 9);
    }
}
