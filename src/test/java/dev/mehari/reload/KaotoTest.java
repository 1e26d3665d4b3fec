package dev.mehari.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;

/** Kaoto reads a route file into a tree and writes all of it anew: nothing of ours is lost on the way. */
class KaotoTest {
    static List<Path> files() throws IOException {
        try (var files = Files.list(Path.of("routes"))) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everythingInARouteFileSurvivesASave(Path file) throws IOException {
        RouteTree ours = tree(file, Files.readString(file));
        String saved = new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .build())
                .dumpToString(Json.MAPPER.convertValue(ours.root(), Object.class));
        RouteTree theirs = tree(file, saved);
        assertThat(theirs.root()).isEqualTo(ours.root());
        assertThat(RouteSchema.check(theirs)).isEmpty();
    }

    /** It reads neither, and would write each place out. */
    @ParameterizedTest
    @MethodSource("files")
    void noFileHasAnchorsOrSeveralDocuments(Path file) throws IOException {
        for (Event event : new Parse(LoadSettings.builder().build()).parseString(Files.readString(file))) {
            assertThat(event).isNotInstanceOf(AliasEvent.class);
            assertThat(event instanceof DocumentStartEvent start && start.isExplicit())
                    .isFalse();
        }
    }

    @Test
    void thePictureInTheDocsShowsTheRoutesAsTheyAre() throws IOException {
        Path picture = Path.of("docs/images/chat-route.svg");
        String drawn = RoutePictures.of(Path.of("routes")).svg("chat", "attempts", "answer");
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(picture.getParent());
            Files.writeString(picture, drawn);
        }
        assertThat(picture).as("run with -Dgolden.update=true").hasContent(drawn.strip());
        assertThat(drawn).contains("readCall", "→ direct:attempts", "→ direct:provider-");
    }

    private static RouteTree tree(Path file, String text) {
        return RouteTree.read(new RouteFile(file.toString(), text));
    }
}
