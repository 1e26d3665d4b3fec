package dev.mehari.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.GatewayProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole life of a key from the shell. */
class KeysCommandTest {
    @TempDir
    private Path folder;

    private String run(int code, String... arguments) {
        try (GatewayProcess command = GatewayProcess.start(folder, Map.of(), arguments)) {
            assertThat(command.exitCode()).as(command.output()).isEqualTo(code);
            return command.output();
        }
    }

    @Test
    void aKeyIsMadeListedRotatedAndTakenBack() {
        String made = run(
                0,
                "keys",
                "create",
                "--name",
                "voice",
                "--team",
                "phones",
                "--budget",
                "50",
                "--rpm",
                "600",
                "--models",
                "gpt-4o*,demo",
                "--expires",
                "2099-01-01T00:00:00Z",
                "--metadata",
                "a=b");
        List<String> lines = made.lines().toList();
        String id = lines.get(lines.size() - 4).substring("id".length()).strip();
        assertThat(made).containsPattern("key {2}mh-" + id + "-[a-z0-9]{48}");
        assertThat(run(0, "keys", "list"))
                .containsPattern(id + " +voice +phones +active +2099-01-01T00:00:00Z +rpm 600, \\$50 a month");
        assertThat(run(0, "keys", "rotate", id, "--grace", "PT1H", "--quiet"))
                .containsPattern("mh-" + id + "-[a-z0-9]{48}");
        assertThat(run(0, "keys", "revoke", id)).contains("revoked " + id);
        assertThat(run(0, "keys", "list", "--team", "phones")).containsPattern(id + " +voice +phones +revoked");
        assertThat(run(1, "keys", "rotate", id)).contains("there is no key " + id + ", or it was taken back");
        assertThat(run(1, "keys", "revoke", "nobody")).contains("there is no key nobody");
    }

    @Test
    void everyWrongOptionIsNamed() {
        assertThat(run(1, "keys", "create", "--rpm", "0", "--budget", "-1"))
                .contains("rpm must be a whole number", "budget must be a number of US dollars");
        assertThat(run(2, "keys", "create", "--rmp", "5")).contains("--rmp");
    }
}
