package dev.mehari.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What operators and their tools do to files is noticed, whichever way they do it. */
@ExtendWith(OutputCaptureExtension.class)
class WatchedRoutesTest {
    private static final String MINE = """
        - route:
            id: mine
            from:
              uri: platform-http:/mine
              steps:
                - setBody:
                    expression:
                      constant:
                        expression: %s
        """;

    @TempDir
    private Path top;

    private Path folder = Path.of("");
    private Gateway gateway;

    private void start(String... settings) throws IOException {
        folder = Files.createDirectory(top.resolve("routes"));
        String where = RoutesFolder.edited(folder);
        gateway = Gateway.start(
                Stream.concat(Stream.of(where), Stream.of(settings)).toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    @Test
    void newFilesEditsRenamesAndDeletesAreTaken() throws IOException {
        start();
        Path mine = Files.writeString(folder.resolve("mine.camel.yaml"), MINE.formatted("one"));
        answers("one");
        Files.writeString(mine, MINE.formatted("two"));
        answers("two");
        Path renamed = Files.move(mine, folder.resolve("other.camel.yaml"));
        Eventually.holds(
                Duration.ofSeconds(20),
                "the new name is known",
                () -> gateway.bean(LiveRoutes.class).live().files().stream()
                        .anyMatch(file -> file.name().equals("routes/other.camel.yaml")));
        answers("two");
        Files.delete(renamed);
        isGone();
    }

    @Test
    void subFoldersAreReadAndOtherFilesAreNot() throws IOException {
        start();
        Path sub = Files.createDirectories(folder.resolve("tenants/acme"));
        Files.writeString(folder.resolve(".mine.camel.yaml"), "not mine: [");
        Files.writeString(folder.resolve("mine.camel.yaml~"), "not mine: [");
        Files.writeString(folder.resolve("mine.camel.yaml.swp"), "not mine: [");
        Files.writeString(folder.resolve("README.md"), "not mine: [");
        Files.writeString(sub.resolve("mine.camel.yaml"), MINE.formatted("below"));
        answers("below");
        assertThat(gateway.bean(ReloadStatus.class).timesRefused()).isZero();
        Files.delete(sub.resolve("mine.camel.yaml"));
        isGone();
    }

    @Test
    void theWaysInWhichEditorsSaveAreAllTaken() throws IOException {
        start();
        Path mine = Files.writeString(folder.resolve("mine.camel.yaml"), MINE.formatted("first"));
        answers("first");

        // A new file beside it, moved over it.
        Path beside = Files.writeString(folder.resolve("mine.camel.yaml___tmp___"), MINE.formatted("moved"));
        Files.move(beside, mine, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        answers("moved");

        // The old one renamed to a backup, the new one written under its name, the backup deleted.
        Path backup = Files.move(mine, folder.resolve("mine.camel.yaml~"));
        Files.writeString(mine, MINE.formatted("backed"));
        Files.delete(backup);
        answers("backed");

        // Same length, in place.
        Files.writeString(mine, MINE.formatted("placed"));
        answers("placed");
        assertThat(gateway.bean(ReloadStatus.class).timesRefused()).isZero();
    }

    @Test
    void whatKubernetesDoesToMountedFilesIsTaken() throws IOException {
        start();
        Path mount = Files.createDirectory(folder.resolve("mounted"));
        Path old = Files.createDirectory(mount.resolve("..2026_01"));
        Files.writeString(old.resolve("mine.camel.yaml"), MINE.formatted("before"));
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..2026_01"));
        Files.createSymbolicLink(mount.resolve("mine.camel.yaml"), Path.of("..data/mine.camel.yaml"));
        answers("before");

        Path next = Files.createDirectory(mount.resolve("..2026_02"));
        Files.writeString(next.resolve("mine.camel.yaml"), MINE.formatted("behind"));
        Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..2026_02"));
        Files.move(
                mount.resolve("..data_tmp"),
                mount.resolve("..data"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        answers("behind");
        assertThat(gateway.bean(ReloadStatus.class).timesRefused()).isZero();
    }

    @Test
    void aMistakeIsLoggedOnceAndTheNextGoodSaveIsTaken(CapturedOutput output) throws IOException {
        start();
        Path mine = Files.writeString(folder.resolve("mine.camel.yaml"), MINE.formatted("good"));
        answers("good");
        Files.writeString(mine, MINE.formatted("bad").replace("setBody", "setBoddy"));
        Eventually.holds(
                Duration.ofSeconds(20),
                "the mistake is told",
                () -> gateway.bean(ReloadStatus.class).timesRefused() == 1);
        assertThat(gateway.get("/mine").body()).isEqualTo("good");
        assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);
        Files.writeString(mine, MINE.formatted("well again"));
        answers("well again");
        assertThat(output.toString().split("there is no step \"setBoddy\"", -1)).hasSize(2);
        assertThat(output.toString()).contains("routes stay as they were: routes/mine.camel.yaml, line 6, column 11");
    }

    @Test
    void aBadSaveIsCountedAndLoggedOnce(CapturedOutput output) throws IOException {
        start();
        ReloadStatus status = gateway.bean(ReloadStatus.class);
        save("- route: [");
        Eventually.holds(Duration.ofSeconds(20), "the mistake is told", () -> status.timesRefused() > 0);
        // One save is done with before the next is noticed.
        save(MINE.formatted("good"));
        answers("good");
        assertThat(status.timesRefused()).isEqualTo(1);
        assertThat(output.toString()).containsOnlyOnce("routes stay as they were: ");
    }

    /** At once, so that no half of it is seen. */
    private void save(String text) throws IOException {
        Path beside = Files.writeString(folder.resolve("mine.camel.yaml~"), text);
        Files.move(
                beside,
                folder.resolve("mine.camel.yaml"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void inCheckOnlyModeTheOutcomeIsToldAndNothingChanges(CapturedOutput output) throws IOException {
        start("mehari.routes.reload=check-only");
        Path mine = Files.writeString(folder.resolve("mine.camel.yaml"), MINE.formatted("x"));
        Eventually.holds(
                Duration.ofSeconds(20), "it is told", () -> output.toString().contains("they are not taken"));
        assertThat(gateway.get("/mine").statusCode()).isEqualTo(404);
        Files.writeString(mine, "- route: [");
        Eventually.holds(
                Duration.ofSeconds(20),
                "the mistake is told",
                () -> gateway.bean(ReloadStatus.class).timesRefused() == 1);
        assertThat(gateway.bean(LiveRoutes.class).live().number()).isEqualTo(1);
    }

    private void answers(String words) {
        Eventually.holds(Duration.ofSeconds(20), "/mine says " + words, () -> {
            HttpResponse<String> answer = gateway.get("/mine");
            return answer.statusCode() == 200 && answer.body().equals(words);
        });
    }

    private void isGone() {
        Eventually.holds(
                Duration.ofSeconds(20),
                "/mine is gone",
                () -> gateway.get("/mine").statusCode() == 404);
    }
}
