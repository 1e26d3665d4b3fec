package dev.mehari.provider.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What holds of every provider holds of embeddings by {@code aws-bedrock:} too, which brings a client of its own. */
class BedrockInvokeTest {
    private static final String MODEL = "amazon.titan-embed-text-v2:0";
    private static final String VECTOR = "{\"embedding\":[1],\"inputTextTokenCount\":1}";

    private ScriptedUpstream upstream;

    @BeforeEach
    void start() {
        upstream = new ScriptedUpstream();
    }

    @AfterEach
    void stop() {
        upstream.close();
    }

    private Gateway gateway(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock.aws.access-key-id=AKID",
                "mehari.providers.bedrock.aws.secret-access-key=secret",
                "mehari.providers.bedrock.aws.region=eu-west-1"));
        all.addAll(List.of(settings));
        return Gateway.start(all.toArray(String[]::new));
    }

    private static String request(int texts) {
        return "{\"model\":\"" + MODEL + "\",\"input\":"
                + IntStream.range(0, texts).mapToObj(i -> "\"t" + i + "\"").collect(Collectors.joining(",", "[", "]}"));
    }

    private static HttpResponse<String> embed(Gateway gateway) {
        return gateway.post("/v1/embeddings", request(1));
    }

    @Test
    void severalAreUnderWayAtOnceAndComeBackInOrder() {
        CountDownLatch four = new CountDownLatch(4);
        upstream.answer(request -> new Script()
                .run(four::countDown)
                .await(four)
                .then(Script.json(
                        200, VECTOR.replace("[1]", "[" + request.body().replaceAll("\\D", "") + "]"))));
        try (Gateway gateway = gateway()) {
            HttpResponse<String> answer = gateway.post("/v1/embeddings", request(12));
            assertThat(answer.statusCode()).isEqualTo(200);
            for (int i = 0; i < 12; i++) {
                assertThat(answer.body()).contains("\"index\":" + i + ",\"embedding\":[" + i + ".0]");
            }
        }
    }

    @Test
    void theSettingsOfTheProviderDecideWhoAsksWhere() {
        upstream.answer(Script.json(200, VECTOR));
        try (Gateway gateway = gateway("mehari.providers.bedrock.headers.x-team=camels")) {
            assertThat(embed(gateway).statusCode()).isEqualTo(200);
            assertThat(upstream.last().header("authorization"))
                    .startsWith("AWS4-HMAC-SHA256 Credential=AKID/")
                    .contains("/eu-west-1/bedrock/aws4_request");
            assertThat(upstream.last().header("x-team")).isEqualTo("camels");
        }
    }

    @Test
    void anApiKeyGoesAsABearerToken() {
        upstream.answer(Script.json(200, VECTOR));
        try (Gateway gateway = gateway("mehari.providers.bedrock.api-key=ABSK-1")) {
            assertThat(embed(gateway).statusCode()).isEqualTo(200);
            assertThat(upstream.last().header("authorization")).isEqualTo("Bearer ABSK-1");
        }
    }

    @Test
    void anotherAccountsApiKeyInTheEnvironmentIsNotSent() {
        upstream.answer(Script.json(200, VECTOR));
        System.setProperty("aws.bearerTokenBedrock", "ABSK-of-another");
        try (Gateway gateway = gateway("mehari.providers.bedrock.api-key=")) {
            assertThat(embed(gateway).statusCode()).isEqualTo(200);
            assertThat(upstream.last().header("authorization")).startsWith("AWS4-HMAC-SHA256 Credential=AKID/");
        } finally {
            System.clearProperty("aws.bearerTokenBedrock");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, ValidationException, 400, too long",
        "403, AccessDeniedException, 502, denied the gateway access",
        "403, ExpiredTokenException, 502, refused the gateway's credentials",
        "404, ResourceNotFoundException, 404, told so",
        "408, ModelTimeoutException, 504, told so",
        "424, ModelErrorException, 502, told so",
        "429, ThrottlingException, 429, told so",
        "500, InternalServerException, 502, told so",
        "503, ServiceUnavailableException, 503, told so",
    })
    void errorsAreReadAsThoseOfChats(int status, String type, int expected, String words) {
        String message = status == 400 ? "Input is too long" : "told so";
        upstream.answer(
                Script.json(status, "{\"message\":\"" + message + "\"}", "x-amzn-errortype", type + ":http://x"));
        try (Gateway gateway = gateway()) {
            HttpResponse<String> answer = embed(gateway);
            assertThat(answer.statusCode()).isEqualTo(expected);
            assertThat(answer.body()).contains(words);
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void aClosedConnectionIsNotTriedAgain() {
        upstream.answer(new Script().reset());
        try (Gateway gateway = gateway()) {
            HttpResponse<String> answer = embed(gateway);
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("upstream_unavailable").doesNotContain("127.0.0.1");
            assertThat(upstream.requests()).hasSize(1);
        }
    }

    @Test
    void nobodyThereIsToldAsOfEveryProvider() {
        upstream.close();
        try (Gateway gateway = gateway()) {
            HttpResponse<String> answer = embed(gateway);
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("provider \\\"bedrock\\\" cannot be reached");
        }
    }

    @Test
    void theTotalTimeOutEndsIt() throws Exception {
        upstream.answer(Script.silence());
        try (Gateway gateway = gateway("mehari.providers.bedrock.timeouts.total=1s")) {
            HttpResponse<String> answer = embed(gateway);
            assertThat(answer.statusCode()).isEqualTo(504);
            assertThat(answer.body()).contains("did not finish within 1000 ms");
            upstream.awaitRequest().closed().await(Duration.ofSeconds(10));
        }
    }

    @Test
    void aClientThatLeavesEndsWhatIsUnderWay() throws Exception {
        upstream.answer(Script.silence());
        try (Gateway gateway = gateway();
                RawClient client = new RawClient(gateway).post("/v1/embeddings", request(2))) {
            Request first = upstream.awaitRequest();
            Request second = upstream.awaitRequest();
            client.reset();
            first.closed().await(Duration.ofSeconds(10));
            second.closed().await(Duration.ofSeconds(10));
        }
    }

    @Test
    void theBreakerCountsIllnessAndNothingElse() {
        try (Gateway gateway = gateway()) {
            upstream.answer(Script.json(429, "{\"message\":\"slow\"}", "x-amzn-errortype", "ThrottlingException"));
            repeat(30, () -> embed(gateway));
            assertThat(upstream.requests()).hasSize(30);
            upstream.answer(Script.json(503, "{\"message\":\"ill\"}"));
            repeat(60, () -> embed(gateway));
            assertThat(embed(gateway).body()).contains("is left out for a while");
            assertThat(upstream.requests()).hasSizeLessThan(90);
        }
    }

    @Test
    void nothingOfItIsMadeBeforeTheFirstRequest() {
        upstream.answer(Script.json(200, VECTOR));
        try (Gateway gateway = gateway()) {
            CamelContext camel = gateway.bean(CamelContext.class);
            assertThat(camel.getComponentNames()).doesNotContain("aws-bedrock");
            embed(gateway);
            assertThat(camel.getComponentNames()).contains("aws-bedrock");
        }
    }

    private static void repeat(int times, Runnable task) {
        for (int i = 0; i < times; i++) {
            task.run();
        }
    }
}
