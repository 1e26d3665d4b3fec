package dev.mehari.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.spend.UsageBook;
import dev.mehari.testing.Answers;
import dev.mehari.testing.ErrorCheck;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.SeenCalls;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an issued key lets through, at the running gateway. */
class KeyLimitsTest {
    private static final String[] ADMIN = {"authorization", "Bearer admin-key"};
    private static final String ASK = Answers.ask("gpt-4o", false);
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.database.url=jdbc:sqlite:" + folder.resolve("keys.db"),
                "mehari.access.admin-key=admin-key",
                "mehari.keys.required=true",
                "mehari.content.capture=full",
                "mehari.keys.teams[0].name=poor",
                "mehari.keys.teams[0].budget=0.02",
                "mehari.providers.groq.base-url=" + upstream.url());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    /** The answer to making a key; {@code key} and {@code id} are in it. */
    private static JsonNode key(String fields) {
        HttpResponse<String> made = gateway.post("/admin/keys", fields, ADMIN);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return ErrorCheck.tree(made.body());
    }

    private static HttpResponse<String> ask(JsonNode key, String json) {
        return gateway.chat(json, "authorization", "Bearer " + key.path("key").asText());
    }

    /** Once so many of its calls are over and written down. */
    private static JsonNode usage(JsonNode key, int calls) {
        Eventually.holds(
                Duration.ofSeconds(20),
                calls + " calls are billed",
                () -> usage(key).path("requests").asInt() == calls);
        return usage(key);
    }

    private static JsonNode usage(JsonNode key) {
        HttpResponse<String> answer =
                gateway.get("/admin/usage?by=key&key=" + key.path("id").asText(), ADMIN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return ErrorCheck.tree(answer.body()).path("data").path(0);
    }

    /** An answer that took so many tokens. */
    private static Script answer(long prompt, long completion) {
        ObjectNode json = (ObjectNode) ErrorCheck.tree(Answers.json("Hello"));
        ObjectNode usage = json.putObject("usage");
        usage.put("prompt_tokens", prompt);
        usage.put("completion_tokens", completion);
        usage.put("total_tokens", prompt + completion);
        return Script.json(200, Json.text(json));
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("none");
    }

    @Test
    void withoutAKeyOrWithAWrongOneNobodyGetsIn() {
        JsonNode key = key("{}");
        String token = key.path("key").asText();
        JsonNode refusal = ErrorCheck.error(gateway.chat(ASK), 401);
        String otherSecret = token.substring(0, 20) + (token.charAt(20) == 'a' ? 'b' : 'a') + token.substring(21);
        for (String wrong : new String[] {
            otherSecret,
            token.substring(0, token.length() - 1),
            token + "x",
            token.toUpperCase(Locale.ROOT),
            "mh-",
            "mh-aaaaaaaaaaaa-" + token.substring(16),
            key.path("id").asText(),
            "mh-' or 1=1; drop table client_key; --"
        }) {
            assertThat(ErrorCheck.error(gateway.chat(ASK, "authorization", "Bearer " + wrong), 401))
                    .as(wrong)
                    .isEqualTo(refusal);
        }
        assertThat(ask(key, ASK).statusCode()).isEqualTo(200);
        assertThat(gateway.chat(ASK, "x-api-key", token).statusCode()).isEqualTo(200);
    }

    @Test
    void expiredDisabledAndRevokedKeysAreRefusedInTheSameWords() {
        JsonNode refusal = ErrorCheck.error(gateway.chat(ASK), 401);
        JsonNode expired = key("{\"expires_at\":\"2020-01-01T00:00:00Z\"}");
        JsonNode disabled = key("{\"disabled\":true}");
        JsonNode revoked = key("{}");
        assertThat(ask(revoked, ASK).statusCode()).isEqualTo(200);
        gateway.send(HttpRequest.newBuilder(URI.create(
                        gateway.url() + "/admin/keys/" + revoked.path("id").asText()))
                .header(ADMIN[0], ADMIN[1])
                .DELETE()
                .build());
        for (JsonNode key : new JsonNode[] {expired, disabled, revoked}) {
            assertThat(ErrorCheck.error(ask(key, ASK), 401)).isEqualTo(refusal);
        }
    }

    @Test
    void aRotatedKeysOldSecretOpensWithinItsGraceOnly() {
        JsonNode key = key("{}");
        String rotate = "/admin/keys/" + key.path("id").asText() + "/rotate";
        JsonNode second = ErrorCheck.tree(gateway.post(rotate, "{}", ADMIN).body());
        assertThat(ask(key, ASK).statusCode()).isEqualTo(200);
        assertThat(ask(second, ASK).statusCode()).isEqualTo(200);
        JsonNode third = ErrorCheck.tree(
                gateway.post(rotate, "{\"grace\":\"0s\"}", ADMIN).body());
        assertThat(ask(third, ASK).statusCode()).isEqualTo(200);
        ErrorCheck.error(ask(second, ASK), 401);
        ErrorCheck.error(ask(key, ASK), 401);
    }

    @Test
    void aModelThatIsNotAllowedIsNamedAndThePolicyIsNot() {
        JsonNode key = key("{\"models\":[\"gpt-4o*\",\"demo\"],\"providers\":[\"openai\"]}");
        assertThat(ask(key, ASK).statusCode()).isEqualTo(200);
        assertThat(ask(key, Answers.ask("openai/gpt-4o-mini", false)).statusCode())
                .isEqualTo(200);
        upstream.reset();
        for (String model : new String[] {"gpt-5", "demo", "groq/gpt-4o", "openai/o3"}) {
            JsonNode error = ErrorCheck.error(ask(key, Answers.ask(model, false)), 403);
            assertThat(error.path("code").asText()).isEqualTo("model_not_allowed");
            assertThat(error.path("message").asText()).contains(model).doesNotContain("gpt-4o*");
        }
        HttpResponse<String> header =
                gateway.chat(ASK, "authorization", "Bearer " + key.path("key").asText(), "x-provider", "groq");
        ErrorCheck.error(header, 403);
        ErrorCheck.error(
                gateway.post(
                        "/v1/embeddings",
                        "{\"model\":\"text-embedding-3-small\",\"input\":\"a\"}",
                        "authorization",
                        "Bearer " + key.path("key").asText()),
                403);
        assertThat(upstream.requests()).isEmpty();
    }

    @Test
    void theListOfModelsHoldsWhatTheKeyMayAskFor() {
        JsonNode key = key("{\"models\":[\"demo*\"]}");
        String[] bearer = {"authorization", "Bearer " + key.path("key").asText()};
        JsonNode list = ErrorCheck.tree(gateway.get("/v1/models", bearer).body());
        assertThat(list.path("data").findValuesAsText("id")).isNotEmpty().allMatch(id -> id.startsWith("demo"));
        assertThat(gateway.get("/v1/models/demo", bearer).statusCode()).isEqualTo(200);
        assertThat(gateway.get("/v1/models/gpt-4o", bearer).statusCode()).isEqualTo(404);
    }

    @Test
    void requestsAreLimitedAndEveryAnswerTellsHowTheyStand() {
        JsonNode key = key("{\"rpm\":2}");
        HttpResponse<String> first = ask(key, ASK);
        assertThat(header(first, "x-ratelimit-limit-requests")).isEqualTo("2");
        assertThat(header(first, "x-ratelimit-remaining-requests")).isEqualTo("1");
        assertThat(header(first, "x-ratelimit-reset-requests")).matches("(1m)?\\d+(\\.\\d)?s");
        assertThat(header(first, "x-ratelimit-limit-tokens")).isEqualTo("none");
        ask(key, ASK);
        HttpResponse<String> third = ask(key, ASK);
        JsonNode error = ErrorCheck.error(third, 429);
        assertThat(error.path("code").asText()).isEqualTo("rate_limit_exceeded");
        assertThat(error.path("type").asText()).isEqualTo("requests");
        assertThat(error.path("message").asText()).contains("Limit 2, Used 2, Requested 1");
        assertThat(header(third, "x-ratelimit-remaining-requests")).isEqualTo("0");
        assertThat(Integer.parseInt(header(third, "retry-after"))).isBetween(1, 61);
        assertThat(header(third, "x-should-retry")).isEqualTo("true");
    }

    @Test
    void tokensAreReservedBeforeTheCallAndBecomeWhatWasUsed() {
        JsonNode key = key("{\"tpm\":2000}");
        upstream.answer(answer(100, 50));
        String modest = ASK.replaceFirst("\\{", "{\"max_tokens\":1500,");
        assertThat(ask(key, modest).statusCode()).isEqualTo(200);
        // 1,500 and the prompt would not fit twice; 150 were used.
        Eventually.holds(
                Duration.ofSeconds(10),
                "the reservation is settled",
                () -> ask(key, modest).statusCode() == 200);
        upstream.reset();
        JsonNode error = ErrorCheck.error(ask(key, ASK.replaceFirst("\\{", "{\"max_tokens\":2000,")), 429);
        assertThat(error.path("type").asText()).isEqualTo("tokens");
        assertThat(error.path("message").asText()).startsWith("Request too large");
        assertThat(upstream.requests()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"max_tokens\":9223372036854775807,\"n\":128",
                "\"max_tokens\":9000000000000000000",
                "\"max_tokens\":99999999999999999999999,\"n\":18446744073709551616",
                "\"max_completion_tokens\":4611686018427387904,\"n\":2",
                "\"max_completion_tokens\":1,\"max_tokens\":50000"
            })
    void whatIsAskedForBeyondAllBoundsFitsNoLimitAndNoBudget(String asked) {
        JsonNode limited = key("{\"tpm\":20000}");
        JsonNode paid = key("{\"budget\":0.1}");
        String large = ASK.replaceFirst("\\{", "{" + asked + ",");
        upstream.reset();
        assertThat(ErrorCheck.error(ask(limited, large), 429).path("message").asText())
                .startsWith("Request too large");
        assertThat(ErrorCheck.error(ask(paid, large), 429).path("code").asText())
                .isEqualTo("insufficient_quota");
        assertThat(upstream.requests()).isEmpty();
        assertThat(ask(limited, ASK).statusCode()).isEqualTo(200);
        assertThat(ask(paid, ASK).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"max_tokens\":-1",
                "\"max_tokens\":0",
                "\"max_completion_tokens\":-9223372036854775808",
                "\"max_tokens\":0,\"max_completion_tokens\":-1"
            })
    void whoAsksForNoTokensReservesAsMuchAsWhoSetsNoLimit(String asked) {
        // 1,000 are reserved, and the prompt.
        JsonNode key = key("{\"tpm\":1000}");
        upstream.reset();
        ErrorCheck.error(ask(key, ASK.replaceFirst("\\{", "{" + asked + ",")), 429);
        assertThat(upstream.requests()).isEmpty();
        assertThat(ask(key, ASK.replaceFirst("\\{", "{\"max_tokens\":900,")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void callsAtOnceAreLimitedUntilTheyEnd() throws InterruptedException {
        JsonNode key = key("{\"concurrency\":1}");
        CountDownLatch goOn = new CountDownLatch(1);
        upstream.reset();
        upstream.answer(Script.stream()
                .event(Answers.role())
                .event(Answers.text("Hel"))
                .await(goOn)
                .then(Script.events(List.of(Answers.text("lo"), Answers.finish()))));
        try (RawClient first = RawClient.chat(
                gateway,
                Answers.ask("gpt-4o", true),
                "authorization",
                "Bearer " + key.path("key").asText())) {
            first.head();
            first.chunksUpTo("Hel");
            JsonNode error = ErrorCheck.error(ask(key, ASK), 429);
            assertThat(error.path("message").asText()).contains("concurrent requests: Limit 1");
            first.reset();
        } finally {
            goOn.countDown();
        }
        upstream.answer(answer(1, 1));
        Eventually.holds(
                Duration.ofSeconds(10), "its place is free", () -> ask(key, ASK).statusCode() == 200);
    }

    @Test
    void whatWasUsedIsBilledToTheCentAndABudgetEnds() {
        // gpt-4o: 2.50 in, 10.00 out: 1,000 and 200 tokens are 0.0045.
        JsonNode key = key("{\"name\":\"voice\",\"budget\":0.01}");
        upstream.answer(answer(1000, 200));
        String small = ASK.replaceFirst("\\{", "{\"max_tokens\":200,");
        assertThat(ask(key, small).statusCode()).isEqualTo(200);
        usage(key, 1);
        assertThat(ask(key, small).statusCode()).isEqualTo(200);
        JsonNode used = usage(key, 2);
        assertThat(used.path("cost_usd").decimalValue()).isEqualByComparingTo("0.009");
        assertThat(used.path("prompt_tokens").asLong()).isEqualTo(2000);
        assertThat(used.path("requests").asLong()).isEqualTo(2);
        // 0.001 is left, and 200 tokens may cost 0.002.
        JsonNode error = ErrorCheck.error(ask(key, small), 429);
        assertThat(error.path("code").asText()).isEqualTo("insufficient_quota");
        assertThat(error.path("type").asText()).isEqualTo("insufficient_quota");
        HttpResponse<String> shown = gateway.get("/admin/keys/" + key.path("id").asText(), ADMIN);
        assertThat(ErrorCheck.tree(shown.body()).path("spent").decimalValue()).isEqualByComparingTo("0.009");
    }

    @Test
    void aTeamsKeysShareItsBudget() {
        JsonNode one = key("{\"team\":\"poor\"}");
        JsonNode other = key("{\"team\":\"poor\"}");
        upstream.answer(answer(4000, 800));
        String small = ASK.replaceFirst("\\{", "{\"max_tokens\":800,");
        assertThat(ask(one, small).statusCode()).isEqualTo(200);
        usage(one, 1);
        // 0.018 of 0.02 are spent.
        ErrorCheck.error(ask(other, small), 429);
    }

    @Test
    void aStreamThatItsClientLeavesIsBilledForWhatWasDelivered() {
        JsonNode key = key("{\"budget\":1}");
        upstream.reset();
        Script script = Script.stream().event(Answers.role());
        for (int i = 0; i < 40; i++) {
            script = script.event(Answers.text("word "));
        }
        upstream.answer(script.event(Answers.text("END")).hang());
        try (RawClient client = RawClient.chat(
                gateway,
                Answers.ask("gpt-4o", true),
                "authorization",
                "Bearer " + key.path("key").asText())) {
            client.head();
            client.chunksUpTo("END");
            client.reset();
        }
        JsonNode used = usage(key, 1);
        assertThat(used.path("estimated_requests").asLong()).isEqualTo(1);
        // A chunk is a token; of the prompt, "Hi", there are few.
        assertThat(used.path("completion_tokens").asLong()).isBetween(41L, 45L);
        assertThat(used.path("cost_usd").decimalValue()).isBetween(new BigDecimal("0.0004"), new BigDecimal("0.001"));
        upstream.answer(answer(1, 1));
    }

    @Test
    void aFailedCallCostsNothing() {
        JsonNode key = key("{\"budget\":1}");
        upstream.answer(Script.json(400, Answers.error("no", "invalid_request_error", "x")));
        ErrorCheck.error(ask(key, ASK), 400);
        upstream.answer(answer(1, 1));
        JsonNode used = usage(key, 1);
        assertThat(used.path("failed_requests").asLong()).isEqualTo(1);
        assertThat(used.path("cost_usd").decimalValue()).isZero();
        assertThat(used.path("prompt_tokens").asLong()).isZero();
    }

    @Test
    void aModelOfUnknownPriceIsRefusedToABudgetAndCountedAsUnknownWithoutOne() {
        JsonNode paid = key("{\"budget\":1}");
        JsonNode free = key("{}");
        JsonNode error = ErrorCheck.error(ask(paid, Answers.ask("groq/gpt-4o", false)), 403);
        assertThat(error.path("code").asText()).isEqualTo("model_not_priced");
        assertThat(ask(free, Answers.ask("groq/gpt-4o", false)).statusCode()).isEqualTo(200);
        JsonNode used = usage(free, 1);
        assertThat(used.path("cost_usd").isNull()).isTrue();
        assertThat(used.path("unpriced_requests").asLong()).isEqualTo(1);
    }

    @Test
    void whatHasNoPriceIsCountedAndDoesNotSpareABudgetTheRest() {
        JsonNode key = key("{\"budget\":1}");
        // gpt-4o: 2.5 in, 10 out; nobody knows what it costs in sound.
        upstream.answer(Script.json(
                200,
                Answers.json("spoken")
                        .replaceFirst(
                                "\"usage\":\\{[^}]*}",
                                "\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":100,\"total_tokens\":1100,"
                                        + "\"completion_tokens_details\":{\"audio_tokens\":90}}")));
        assertThat(ask(key, ASK).statusCode()).isEqualTo(200);
        JsonNode used = usage(key, 1);
        assertThat(used.path("unpriced_requests").asLong()).isEqualTo(1);
        assertThat(used.path("cost_usd").decimalValue()).isEqualByComparingTo("0.0035");
    }

    @Test
    void embeddingsAreLimitedAndBilledToo() {
        JsonNode key = key("{\"rpm\":1,\"budget\":1}");
        upstream.answer(Script.json(
                200,
                "{\"object\":\"list\",\"model\":\"text-embedding-3-small\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
                        + "\"embedding\":[0.5]}],\"usage\":{\"prompt_tokens\":1000000,\"total_tokens\":1000000}}"));
        String json = "{\"model\":\"text-embedding-3-small\",\"input\":\"a\"}";
        String token = "Bearer " + key.path("key").asText();
        assertThat(gateway.post("/v1/embeddings", json, "authorization", token).statusCode())
                .isEqualTo(200);
        ErrorCheck.error(gateway.post("/v1/embeddings", json, "authorization", token), 429);
        assertThat(usage(key, 1).path("cost_usd").decimalValue()).isEqualByComparingTo("0.02");
        upstream.answer(answer(1, 1));
    }

    @Test
    void nothingOfASilentKeysRequestReachesThoseWhoObserve() {
        JsonNode silent = key("{\"no_log\":true}");
        String[] id = {
            "x-request-id",
            "silent-call",
            "authorization",
            "Bearer " + silent.path("key").asText()
        };
        assertThat(gateway.chat(ASK, id).statusCode()).isEqualTo(200);
        assertThat(gateway.bean(SeenCalls.class).await("silent-call").content()).isNull();
        String[] other = {
            "x-request-id",
            "other-call",
            "authorization",
            "Bearer " + key("{}").path("key").asText()
        };
        assertThat(gateway.chat(ASK, other).statusCode()).isEqualTo(200);
        assertThat(gateway.bean(SeenCalls.class).await("other-call").content()).isNotNull();
        assertThat(gateway.bean(SeenCalls.class).await("other-call").costNanoUsd())
                .isNotNull();
    }

    @Test
    void usageIsWrittenThoughNobodyAsksForIt() {
        JsonNode key = key("{}");
        ask(key, ASK);
        assertThat(gateway.bean(UsageBook.class).flush(Duration.ofSeconds(20))).isTrue();
        assertThat(gateway.bean(UsageBook.class).lost()).isZero();
    }
}
