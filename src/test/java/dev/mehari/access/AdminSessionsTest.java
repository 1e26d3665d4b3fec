package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class AdminSessionsTest {
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");
    private final AdminSessions sessions = new AdminSessions(new AdminKey("secret"), () -> now);

    @Test
    void aSessionHoldsUntilItsTimeIsOver() {
        String token = sessions.open();
        assertThat(sessions.holds(token)).isTrue();
        now = now.plus(AdminSessions.LIFE).minusSeconds(1);
        assertThat(sessions.holds(token)).isTrue();
        now = now.plusSeconds(1);
        assertThat(sessions.holds(token)).isFalse();
    }

    @Test
    void noTwoSessionsAreAlikeAndEachEndsByItself() {
        String one = sessions.open();
        String other = sessions.open();
        assertThat(one).isNotEqualTo(other);
        sessions.close(one);
        assertThat(sessions.holds(one)).isFalse();
        assertThat(sessions.holds(other)).isTrue();
    }

    @Test
    void anotherReplicaWithTheSameKeyKnowsTheSession() {
        AdminSessions replica = new AdminSessions(new AdminKey("secret"), () -> now);
        assertThat(replica.holds(sessions.open())).isTrue();
    }

    @Test
    void anotherKeyEndsAllSessions() {
        AdminSessions changed = new AdminSessions(new AdminKey("other"), () -> now);
        assertThat(changed.holds(sessions.open())).isFalse();
    }

    @Test
    void whatWeHaveNotSignedIsNoSession() {
        String token = sessions.open();
        String[] parts = token.split("\\.");
        String later = Long.toString(Long.parseLong(parts[0]) + 3600);
        List<String> forged = List.of(
                "",
                ".",
                "..",
                "x",
                parts[0],
                parts[0] + "." + parts[1],
                parts[0] + "." + parts[1] + ".",
                later + "." + parts[1] + "." + parts[2],
                parts[0] + ".0" + parts[1] + "." + parts[2],
                token + "0",
                token.toUpperCase(Locale.ROOT),
                "9".repeat(10_000));
        assertThat(forged).allSatisfy(one -> {
            assertThat(sessions.holds(one)).as(one).isFalse();
            sessions.close(one);
        });
        assertThat(sessions.holds(null)).isFalse();
        assertThat(sessions.holds(token)).isTrue();
    }
}
