package dev.mehari.reload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mehari.testing.Gateway;
import dev.mehari.testing.RoutesFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A mistake in a saved route file is told with its place, what serves stays, and the next good save is taken. */
class BadRoutesTest {
    private static final String MINE = """
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

    @TempDir
    private static Path folder;

    private static Gateway gateway;

    @BeforeAll
    static void start() {
        gateway = Gateway.start(RoutesFolder.edited(folder), "mehari.routes.reload=off");
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** Whatever a test leaves behind, the next one begins with the shipped routes. */
    @AfterEach
    void restore() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (!file.equals(folder)) {
                    Files.delete(file);
                }
            }
        }
        RoutesFolder.edited(folder);
        gateway.bean(LiveRoutes.class).reload();
    }

    static Stream<Arguments> bad() {
        String filler = "# padding\n".repeat(RouteFolder.MOST_BYTES);
        return Stream.of(
                Arguments.of(
                        "half saved",
                        MINE.substring(0, MINE.indexOf("steps:") + 4),
                        "mine.camel.yaml, line 5, column 11: could not find expected ':'"),
                Arguments.of(
                        "a tab",
                        MINE.replace("      uri", "\t  uri"),
                        "mine.camel.yaml, line 4, column 1: a tab; YAML indents with spaces"),
                Arguments.of(
                        "wrong indent",
                        MINE.replace("    from:", "   from:"),
                        "mine.camel.yaml, line 3, column 4: expected <block end>"),
                Arguments.of(
                        "an unknown step",
                        MINE.replace("setBody", "setBoddy"),
                        "mine.camel.yaml, line 6, column 11: there is no step \"setBoddy\""),
                Arguments.of(
                        "an unknown root",
                        MINE.replace("- route:", "- rout:"),
                        "mine.camel.yaml, line 1, column 3: there is no step \"rout\""),
                Arguments.of(
                        "a misspelt option",
                        MINE.replace("    id: mine", "    idd: mine"),
                        "mine.camel.yaml, line 2, column 5: \"route\" has no option \"idd\""),
                Arguments.of(
                        "a misspelt option of a step",
                        MINE.replace("          expression:\n", "          expresion:\n"),
                        "mine.camel.yaml, line 7, column 13: \"setBody\" has no option \"expresion\""),
                Arguments.of(
                        "a misspelt option of an endpoint",
                        MINE.replace("/mine\n", "/mine\n      parameters:\n        httpMethod: POST\n"),
                        "mine.camel.yaml, line 6, column 9: route \"mine\" cannot be made: its endpoint has no"
                                + " parameter \"httpMethod\""),
                Arguments.of(
                        "an id that is there already",
                        MINE.replace("id: mine", "id: chat"),
                        "mine.camel.yaml, line 2, column 5: the route id \"chat\" is there more than once; also"),
                Arguments.of(
                        "a beginning that is there already",
                        MINE.replace("platform-http:/mine", "direct:chat"),
                        "mine.camel.yaml, line 4, column 7: more than one route begins at direct:chat; also"),
                Arguments.of(
                        "a door that is there already",
                        MINE.replace(
                                "/mine\n",
                                "/v1/chat/completions\n      parameters:\n        httpMethodRestrict: POST\n"),
                        "mine.camel.yaml, line 4, column 7: more than one route begins at"
                                + " platform-http:/v1/chat/completions?httpMethodRestrict=POST; also"),
                Arguments.of(
                        "a door that is there already, beside one of another method",
                        MINE.replace("/mine\n", "/twice\n      parameters:\n        httpMethodRestrict: GET\n")
                                + MINE.replace("id: mine", "id: again")
                                        .replace(
                                                "/mine\n",
                                                "/twice\n      parameters:\n        httpMethodRestrict: GET\n")
                                + MINE.replace("id: mine", "id: other")
                                        .replace(
                                                "/mine\n",
                                                "/twice\n      parameters:\n        httpMethodRestrict: POST\n"),
                        "mine.camel.yaml, line 15, column 7: more than one route begins at"
                                + " platform-http:/twice?httpMethodRestrict=GET; also "),
                Arguments.of(
                        "a predicate that does not compile",
                        MINE.replace(
                                "- setBody:\n"
                                        + "            expression:\n"
                                        + "              constant:\n"
                                        + "                expression: hello",
                                "- filter:\n"
                                        + "            expression:\n"
                                        + "              simple:\n"
                                        + "                expression: ${exchangeProperty.x} === 3 ${\n"
                                        + "            steps:\n"
                                        + "              - stop: {}"),
                        "mine.camel.yaml, line 9, column 29: route \"mine\" cannot be made: Unexpected token ="),
                Arguments.of(
                        "a step that is no bean",
                        MINE.replace(
                                "- setBody:\n"
                                        + "            expression:\n"
                                        + "              constant:\n"
                                        + "                expression: hello",
                                "- process:\n            ref: frobnicate"),
                        "mine.camel.yaml, line 7, column 18: route \"mine\" cannot be made: there is no step or bean"
                                + " \"frobnicate\""),
                Arguments.of(
                        "a component that is not there",
                        MINE.replace("platform-http:/mine", "nosuch:mine"),
                        "mine.camel.yaml, line 4, column 12: route \"mine\" cannot be made: No endpoint could be"
                                + " found"),
                Arguments.of(
                        "a step to a route that is not there",
                        MINE.replace(
                                "- setBody:\n"
                                        + "            expression:\n"
                                        + "              constant:\n"
                                        + "                expression: hello",
                                "- to:\n            uri: direct:nowhere"),
                        "mine.camel.yaml, line 7, column 18: no route begins at direct:nowhere"),
                Arguments.of(
                        "a value that is none",
                        MINE.replace("id: mine\n", "id: mine\n    streamCache: perhaps\n"),
                        "mine.camel.yaml, line 2: route \"mine\" cannot be made: Invalid boolean value 'perhaps'"),
                Arguments.of("empty", "", "mine.camel.yaml, line 1: the route file is empty"),
                Arguments.of(
                        "no list", "route:\n  id: mine\n", "mine.camel.yaml, line 1, column 1: a route file is a list"),
                Arguments.of(
                        "a name twice",
                        MINE.replace("id: mine", "id: mine\n    id: other"),
                        "mine.camel.yaml, line 3, column 5: \"id\" is there twice"),
                Arguments.of("10 MB", MINE + filler, "mine.camel.yaml: is larger than 1024 KB"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void aMistakeIsToldAndTheNextGoodSaveIsTaken(String name, String text, String told) throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.camel.yaml"), text);
        isRefused(told);
        Files.writeString(mine, MINE);
        assertThat(gateway.bean(LiveRoutes.class).reload()).isTrue();
        assertThat(gateway.get("/mine").body()).isEqualTo("hello");
        Files.delete(mine);
        assertThat(gateway.bean(LiveRoutes.class).reload()).isTrue();
        assertThat(gateway.get("/mine").statusCode()).isEqualTo(404);
    }

    @Test
    void aFileThatIsNotUtf8IsToldAtTheLineWhereItIsNot() throws IOException {
        Path mine = folder.resolve("mine.camel.yaml");
        Files.write(mine, MINE.replace("hello", "gr\u00FC\u00DFe").getBytes(StandardCharsets.ISO_8859_1));
        isRefused("mine.camel.yaml, line 9, column 31: is not UTF-8");
    }

    @Test
    void linksInACircleAndLinksThatLeadNowhereAreTold() throws IOException {
        Path loop = Files.createDirectory(folder.resolve("sub"));
        Path back = Files.createSymbolicLink(loop.resolve("back"), folder);
        isRefused("sub/back: is a link in a circle");
        Files.delete(back);
        Files.createSymbolicLink(loop.resolve("x.camel.yaml"), Path.of("nowhere"));
        isRefused("sub/x.camel.yaml: is a link that leads nowhere");
    }

    @Test
    void everyMistakeOfSeveralFilesIsTold() throws IOException {
        Files.writeString(
                folder.resolve("mine.camel.yaml"),
                MINE.replace("setBody", "setBoddy").replace("id:", "idd:"));
        Files.writeString(folder.resolve("other.camel.yaml"), "- route: [");
        isRefused("mine.camel.yaml, line 2, column 5: \"route\" has no option \"idd\"\n");
        isRefused("mine.camel.yaml, line 6, column 11: there is no step \"setBoddy\"\n");
        isRefused("other.camel.yaml, line ");
    }

    @Test
    void aProviderThatCanBeCalledKeepsItsRoute() throws IOException {
        Path demo = folder.resolve("provider-demo.camel.yaml");
        Files.delete(demo);
        isRefused("provider \"demo\" has no route. Copy a neighbour to routes/provider-demo.camel.yaml");
    }

    private static void isRefused(String told) {
        LiveRoutes routes = gateway.bean(LiveRoutes.class);
        int generation = routes.live().number();
        // What mehari check runs.
        assertThatThrownBy(gateway.bean(FolderCheck.class)::run).hasMessageContaining(told);
        Refused refused = catchThrowableOfType(Refused.class, routes::reload);
        assertThat(refused).isNotNull();
        assertThat(refused.getMessage()).contains(told);
        assertThat(routes.live().number()).isEqualTo(generation);
        assertThat(gateway.chat("{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(gateway.get("/health/ready").statusCode()).isEqualTo(200);
    }
}
