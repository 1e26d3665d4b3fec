package dev.mehari.client.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mehari.client.table.RealClient.Heard;
import dev.mehari.client.table.RealClient.Person;
import dev.mehari.testing.family.Families;
import dev.mehari.testing.family.Family;
import dev.mehari.testing.family.Model;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every Java client finds everything it expects, whichever family answers. The table is written to target/clients-java.md. */
@Timeout(120)
class ClientsTest {
    private static final Map<String, BiFunction<String, String, RealClient>> KINDS = Map.of(
            "openai-java", OpenAiJavaChat::new,
            "openai-java, Responses", OpenAiJavaResponses::new,
            "anthropic-java", AnthropicJava::new,
            "LangChain4j", LangChain4jOpenAi::new,
            "Spring AI", SpringAiOpenAi::new);

    /** The smallest PNG: one pixel. */
    private static final byte[] PIXEL = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static final String WORDS = "Zürich, 駱駝 and a \"camel\" 🐪 \\ here";

    private static final Results results = new Results();
    private static final Map<String, RealClient> clients = new LinkedHashMap<>();
    private static final Map<String, RealClient> strangers = new LinkedHashMap<>();
    private static Families families;

    @BeforeAll
    static void start() {
        families = Families.start();
        String url = families.gateway().url();
        KINDS.forEach((name, kind) -> {
            clients.put(name, kind.apply(url, Families.KEY));
            strangers.put(name, kind.apply(url, "wrong-key"));
        });
    }

    @AfterAll
    static void stop() throws Exception {
        results.write(Path.of("target/clients-java.md"));
        clients.values().forEach(RealClient::close);
        strangers.values().forEach(RealClient::close);
        families.close();
    }

    static Stream<Arguments> rows() {
        return KINDS.keySet().stream().sorted().flatMap(client -> Stream.of(Family.values())
                .flatMap(family ->
                        Stream.of(Capability.values()).map(capability -> Arguments.of(client, family, capability))));
    }

    @ParameterizedTest(name = "{0} before {1}: {2}")
    @MethodSource("rows")
    void works(String name, Family family, Capability capability) throws Exception {
        RealClient client = clients.get(name);
        String model = family.model();
        results.note(name, family, capability, () -> {
            switch (capability) {
                case PLAIN -> hears(client, model, false);
                case STREAM -> hears(client, model, true);
                case USAGE -> isToldTheUsage(client, model);
                case TOOLS -> callsTools(client, model);
                case SCHEMA -> getsAPerson(client, model);
                case IMAGE -> showsAPicture(client, model);
                case ERRORS -> isToldWhatWentWrong(client, strangers.get(name), model);
                case ABORT -> leaves(client, model, name + family);
                case FIFTY -> asksFiftyAtOnce(client, model);
            }
        });
    }

    private static void hears(RealClient client, String model, boolean stream) throws Exception {
        Heard heard = client.ask(model, "say " + WORDS, stream);
        assertThat(heard.text()).isEqualTo(WORDS);
        assertThat(heard.finish()).isIn("stop", "STOP", "end_turn", "completed");
    }

    private static void isToldTheUsage(RealClient client, String model) throws Exception {
        for (boolean stream : List.of(false, true)) {
            Heard heard = client.ask(model, "say something", stream);
            assertThat(heard.prompt()).isEqualTo(Model.PROMPT);
            assertThat(heard.said()).isEqualTo(Model.SAID);
            assertThat(heard.cached()).isIn(-1L, (long) Model.CACHED);
        }
    }

    private static void callsTools(RealClient client, String model) throws Exception {
        for (boolean stream : List.of(false, true)) {
            assertThat(client.weather(model, stream).text())
                    .endsWith("heard sun in Zürich \"🐪\" for 2 and sun in Rome for 1");
        }
    }

    private static void getsAPerson(RealClient client, String model) throws Exception {
        Person person = client.person(model);
        assertThat(person.name).isEqualTo("Ann 駱駝");
        assertThat(person.age).isEqualTo(3);
        assertThat(person.tags).containsExactly("a", "b");
    }

    private static void showsAPicture(RealClient client, String model) throws Exception {
        assertThat(client.look(model, PIXEL).text()).isEqualTo("image/png " + PIXEL.length);
    }

    private static void isToldWhatWentWrong(RealClient client, RealClient stranger, String model) {
        for (boolean stream : List.of(false, true)) {
            for (int status : List.of(400, 429, 500)) {
                Throwable failure = catchThrowable(() -> client.ask(model, "fail " + status, stream));
                assertThat(failure).as("%d, stream %s", status, stream).isInstanceOf(client.typed(status, stream));
                assertThat(client.told(failure)).contains("the fake refuses");
            }
            assertThat(catchThrowable(() -> client.ask("nobody-has-it", "say no", stream)))
                    .isInstanceOf(client.typed(404, stream));
            assertThat(catchThrowable(() -> stranger.ask(model, "say no", stream)))
                    .isInstanceOf(client.typed(401, stream));
        }
        assertThat(catchThrowable(() -> client.ask(model, "break", true)))
                .as("in the middle of a stream")
                .isInstanceOf(client.typed(200, true));
    }

    private static void leaves(RealClient client, String model, String name) throws Exception {
        String id = name.replaceAll("[^A-Za-z0-9]", "");
        client.leave(model, "hang " + id);
        families.awaitLeft(id);
    }

    private static void asksFiftyAtOnce(RealClient client, String model) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Heard>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                int number = i;
                answers.add(threads.submit(() -> client.ask(model, "say number " + number, number % 2 == 0)));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(answers.get(i).get().text()).isEqualTo("number " + i);
            }
        }
    }
}
