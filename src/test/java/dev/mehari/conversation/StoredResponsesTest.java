package dev.mehari.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.PostgresServer;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.ResponsesAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stored responses through the doors: whose they are, how long and how large, and what a database that is down changes. */
class StoredResponsesTest {
    private static final String PATH = "/v1/responses";
    private static PostgresServer postgres;
    private static ScriptedUpstream openai;
    private static ScriptedUpstream chat;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        postgres = PostgresServer.start();
        openai = new ScriptedUpstream();
        chat = new ScriptedUpstream();
        gateway = Gateway.before(
                openai,
                "mehari.providers.sambanova.base-url=" + chat.url(),
                "mehari.database.url=" + postgres.newDatabase(),
                "mehari.access.api-keys=anna,bert",
                "mehari.conversations.max-size=100KB");
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            gateway.close();
            openai.close();
            chat.close();
            postgres.close();
        }
    }

    private static HttpResponse<String> post(String key, String json) {
        return gateway.post(PATH, json, "authorization", "Bearer " + key);
    }

    private static HttpResponse<String> get(String key, String path) {
        return gateway.get(PATH + path, "authorization", "Bearer " + key);
    }

    private static String ask(String more) {
        return "{\"model\":\"sambanova/m\",\"input\":\"hi\"" + more + "}";
    }

    private static String refer(String... items) {
        String references = Stream.of(items)
                .map(item -> "{\"type\":\"item_reference\",\"id\":\"" + item + "\"},")
                .collect(Collectors.joining());
        return "{\"model\":\"sambanova/m\",\"input\":[" + references + "{\"role\":\"user\",\"content\":\"again\"}]}";
    }

    private static String outputId(HttpResponse<String> answer) {
        return ErrorCheck.tree(answer.body()).at("/output/0/id").asText();
    }

    private static String id(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ErrorCheck.tree(answer.body()).path("id").asText();
    }

    @Test
    void aResponseIsVisibleOnlyToTheKeyThatMadeIt() {
        chat.answer(Script.json(200, Answers.json("secret")));
        String id = id(post("anna", ask("")));
        assertThat(id).matches("resp_[0-9a-f]{48}");
        assertThat(get("anna", "/" + id).statusCode()).isEqualTo(200);
        assertThat(get("bert", "/" + id).statusCode()).isEqualTo(404);
        assertThat(get("bert", "/" + id + "/input_items").statusCode()).isEqualTo(404);
        HttpResponse<String> goesOn = post("bert", ask(",\"previous_response_id\":\"" + id + "\""));
        assertThat(goesOn.statusCode()).isEqualTo(400);
        assertThat(ErrorCheck.tree(goesOn.body()).at("/error/param").asText()).isEqualTo("previous_response_id");
    }

    @Test
    void anItemOfAnotherKeyCannotBeReferredTo() {
        chat.answer(Script.json(200, Answers.json("secret")));
        String refer = refer(outputId(post("anna", ask(""))));
        assertThat(post("anna", refer).statusCode()).isEqualTo(200);
        assertThat(ErrorCheck.tree(chat.last().body()).at("/messages/0/content").asText())
                .isEqualTo("secret");
        assertThat(post("bert", refer).statusCode()).isEqualTo(400);
    }

    @Test
    void aConversationGoesOnFromARequestThatHeldAReference() {
        chat.answer(Script.json(200, Answers.json("secret")));
        String item = outputId(post("anna", ask("")));
        String id = id(post("anna", refer(item)));

        JsonNode input = ErrorCheck.tree(
                        get("anna", "/" + id + "/input_items?order=asc").body())
                .path("data");
        assertThat(input).hasSize(2);
        assertThat(input.at("/0/id").asText()).isEqualTo(item);
        assertThat(input.at("/0/type").asText()).isEqualTo("message");
        assertThat(input.at("/0/content/0/text").asText()).isEqualTo("secret");

        String goesOn = ",\"previous_response_id\":\"" + id + "\"";
        id(post("anna", ask(goesOn)));
        assertThat(ErrorCheck.tree(chat.last().body()).at("/messages/0/content").asText())
                .isEqualTo("secret");
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_refers", "fine")));
        id(post("anna", "{\"model\":\"gpt-4o\",\"input\":\"hi\"" + goesOn + "}"));
        JsonNode sent = ErrorCheck.tree(openai.last().body()).at("/input/0");
        assertThat(sent.path("type").asText()).isEqualTo("message");
        assertThat(sent.at("/content/0/text").asText()).isEqualTo("secret");
    }

    @Test
    void itemsOfResponsesThatReferToEachOtherCanBeReferredToInAnyOrder() {
        chat.answer(Script.json(200, Answers.json("one")));
        String first = outputId(post("anna", ask("")));
        chat.answer(Script.json(200, Answers.json("two")));
        String second = outputId(post("anna", refer(first)));
        id(post("anna", refer(first, second)));
        assertThat(ErrorCheck.tree(chat.last().body()).path("messages").findValuesAsText("content"))
                .containsExactly("one", "two", "again");
        id(post("anna", refer(second, first)));
        assertThat(ErrorCheck.tree(chat.last().body()).path("messages").findValuesAsText("content"))
                .containsExactly("two", "one", "again");
    }

    @Test
    void anIdThatAProviderGivesTwiceStaysWithItsFirstOwner() {
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_same", "anna's")));
        String ask = "{\"model\":\"gpt-4o\",\"input\":\"hi\"}";
        post("anna", ask);
        openai.answer(Script.json(200, ResponsesAnswers.json("resp_same", "bert's")));
        HttpResponse<String> second = post("bert", ask);
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.headers().firstValue("x-mehari-stored")).hasValue("false");
        assertThat(get("anna", "/resp_same").body()).contains("anna's");
        assertThat(get("bert", "/resp_same").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\n"})
    void anIdThatNobodyCanHaveMadeIsNotFoundAndHarmsNobody(String end) {
        HttpResponse<String> goesOn = post("anna", ask(",\"previous_response_id\":\"resp_" + end + "\""));
        assertThat(goesOn.statusCode()).as(goesOn.body()).isEqualTo(400);
        assertThat(ErrorCheck.tree(goesOn.body()).at("/error/code").asText()).isEqualTo("previous_response_not_found");
        HttpResponse<String> refers = post(
                "anna",
                "{\"model\":\"sambanova/m\",\"input\":[{\"type\":\"item_reference\",\"id\":\"msg_" + end + "\"}]}");
        assertThat(refers.statusCode()).as(refers.body()).isEqualTo(400);
        assertThat(ErrorCheck.tree(refers.body()).at("/error/param").asText()).isEqualTo("input");
        assertThat(get("anna", "/resp_%00").statusCode()).isIn(400, 404);
        chat.answer(Script.json(200, Answers.json("fine")));
        HttpResponse<String> sent = post(
                "anna",
                "{\"model\":\"sambanova/m\",\"input\":[{\"type\":\"message\",\"id\":\"msg_" + end
                        + "\",\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(get("anna", "/" + id(sent)).statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestTooLargeToKeepIsToldBeforeAnybodyIsAsked() {
        chat.reset();
        String large = "{\"model\":\"sambanova/m\",\"input\":\"" + "x".repeat(200_000) + "\"";
        assertThat(post("anna", large + "}").statusCode()).isEqualTo(413);
        assertThat(chat.requests()).isEmpty();
        chat.answer(Script.json(200, Answers.json("fine")));
        assertThat(post("anna", large + ",\"store\":false}").statusCode()).isEqualTo(200);
    }

    @Test
    void anAnswerTooLargeToKeepIsAnsweredAndSaysSo() {
        chat.answer(Script.json(200, Answers.json("y".repeat(200_000))));
        HttpResponse<String> answer = post("anna", ask(""));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-mehari-stored")).hasValue("false");
    }

    @Test
    void withTheDatabaseDownOnlyWhatNeedsItFails() {
        chat.answer(Script.json(200, Answers.json("first")));
        String id = id(post("anna", ask("")));
        postgres.kill();
        try {
            Eventually.holds(
                    Duration.ofSeconds(30),
                    "what is to be kept is refused",
                    () -> post("anna", ask("")).statusCode() == 503);
            HttpResponse<String> refused = post("anna", ask(""));
            assertThat(ErrorCheck.tree(refused.body()).at("/error/code").asText())
                    .isEqualTo("store_unavailable");
            assertThat(get("anna", "/" + id).statusCode()).isEqualTo(503);
            assertThat(post("anna", ask(",\"store\":false,\"previous_response_id\":\"" + id + "\""))
                            .statusCode())
                    .isEqualTo(503);
            assertThat(post("anna", ask(",\"store\":false")).statusCode()).isEqualTo(200);
        } finally {
            postgres.restart();
        }
        Eventually.holds(
                Duration.ofSeconds(30),
                "the database is used again",
                () -> get("anna", "/" + id).statusCode() == 200);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatAClientThatLeftHadGotIsKeptAsCancelled(boolean passed) {
        openai.answer(ResponsesAnswers.begin("resp_left", "Hel").hang());
        chat.answer(
                Script.stream().event(Answers.role()).event(Answers.text("Hel")).hang());
        String id;
        try (RawClient client = new RawClient(gateway)) {
            client.post(
                    PATH,
                    "{\"model\":\"" + (passed ? "gpt-4o" : "sambanova/m") + "\",\"input\":\"hi\",\"stream\":true}",
                    "authorization",
                    "Bearer anna");
            client.head();
            String stream = client.chunksUpTo("Hel");
            id = stream.replaceAll("(?s).*\"response\":\\{\"id\":\"([^\"]+)\".*", "$1");
            client.reset();
        }
        Eventually.holds(Duration.ofSeconds(20), "it is kept", () -> get("anna", "/" + id)
                .body()
                .contains("\"status\":\"cancelled\""));
        JsonNode kept = ErrorCheck.tree(get("anna", "/" + id).body());
        if (!passed) {
            assertThat(kept.at("/output/0/status").asText()).isEqualTo("incomplete");
            assertThat(kept.at("/output/0/content/0/text").asText()).isEqualTo("Hel");
        }
    }
}
