package dev.mehari.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.RoutesFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;

/** An operator who saves routes and settings, makes mistakes and mends them. For one thread. */
final class Edits {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final String DOOR = """
            - route:
                id: mine
                from:
                  uri: platform-http:/mine
                  steps:
                    - setBody:
                        expression:
                          constant:
                            expression: hello
            """;

    private final Path settings;
    private final Path routes;
    private final Client client;
    private int next;

    private Edits(Path folder, Client client) {
        this.settings = folder.resolve("application.yaml");
        this.routes = folder.resolve("routes");
        this.client = client;
    }

    /** Files as they are before the gateway starts. */
    static void prepare(Path folder, int upstreamPort) throws IOException {
        RoutesFolder.edited(Files.createDirectory(folder.resolve("routes")));
        Files.writeString(folder.resolve("application.yaml"), SoakSettings.yaml(upstreamPort));
    }

    static Edits of(Path folder, Client client) {
        return new Edits(folder, client);
    }

    /** The next edit; returns when it is in use, or refused as it must be. */
    void make(int number) throws IOException {
        switch (next++ % 4) {
            case 0 -> describe(number);
            case 1 -> weigh(number);
            case 2 -> breakAndMend();
            default -> addAndDelete();
        }
    }

    private void describe(int number) throws IOException {
        Path file = routes.resolve("chat.camel.yaml");
        String text = Files.readString(file);
        int generation = stats("/routes/generation").asInt();
        Files.writeString(
                file, text.replaceFirst("description: .*", "description: Edited for the " + number + "th time"));
        await("/routes/generation", found -> found.asInt() > generation);
    }

    private void weigh(int number) throws IOException {
        int reloads = stats("/settings/reloads").asInt();
        Files.writeString(settings, Files.readString(settings).replaceFirst("weight: \\d+", "weight: " + (number + 1)));
        await("/settings/reloads", found -> found.asInt() > reloads);
    }

    private void breakAndMend() throws IOException {
        Path file = routes.resolve("models.camel.yaml");
        String text = Files.readString(file);
        Files.writeString(file, "- route: [");
        await("/routes/problems", found -> !found.isEmpty());
        Files.writeString(file, text);
        await("/routes/problems", JsonNode::isEmpty);
    }

    private void addAndDelete() throws IOException {
        Path file = Files.writeString(routes.resolve("mine.camel.yaml"), DOOR);
        Eventually.holds(SOON, "the new door is open", () -> status("/mine") == 200);
        Files.delete(file);
        Eventually.holds(SOON, "the door is gone", () -> status("/mine") == 404);
    }

    private int status(String path) {
        try {
            return client.get(path).statusCode();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private JsonNode stats(String pointer) {
        try {
            JsonNode found = client.json("GET", "/stats", null, 200).at(pointer);
            assertThat(found.isMissingNode()).as(pointer).isFalse();
            return found;
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void await(String pointer, Predicate<JsonNode> condition) {
        Eventually.holds(SOON, pointer, () -> condition.test(stats(pointer)));
    }
}
