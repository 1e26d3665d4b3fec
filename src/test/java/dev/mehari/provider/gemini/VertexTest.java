package dev.mehari.provider.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GeminiAnswers;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Vertex AI: paths, access tokens, and who is asked for gemini-*. One scripted server is Vertex and Google's tokens. */
@Timeout(60)
class VertexTest {
    private static final String OK = GeminiAnswers.response("STOP", GeminiAnswers.text("hello"));

    @TempDir
    private Path folder;

    private ScriptedUpstream google;
    private final AtomicInteger tokens = new AtomicInteger();

    @BeforeEach
    void start() {
        google = new ScriptedUpstream();
        google.answer(request -> request.path().equals("/token") ? token() : Script.json(200, OK));
    }

    @AfterEach
    void stop() {
        google.close();
    }

    private Script token() {
        return Script.json(
                200,
                "{\"access_token\":\"token-" + tokens.incrementAndGet()
                        + "\",\"expires_in\":3599,\"token_type\":\"Bearer\"}");
    }

    private Gateway gateway(String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "mehari.providers.vertex.base-url=http://127.0.0.1:" + google.port(),
                "mehari.providers.vertex.pool.warm-up=0"));
        all.addAll(List.of(settings));
        return Gateway.start(all.toArray(String[]::new));
    }

    private Gateway withProject(String... settings) {
        return gateway(
                Stream.concat(Stream.of("mehari.providers.vertex.google.project=my-project"), Stream.of(settings))
                        .toArray(String[]::new));
    }

    private String serviceAccount() throws IOException, NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        String key = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
        Path file = folder.resolve("account.json");
        Files.writeString(file, """
                {"type":"service_account","project_id":"my-project","private_key_id":"k1",
                 "private_key":"-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
                 "client_email":"gateway@my-project.iam.gserviceaccount.com","client_id":"1",
                 "token_uri":"http://127.0.0.1:%d/token"}
                """.formatted(key.replace("\n", "\\n"), google.port()));
        return "mehari.providers.vertex.google.credentials=" + file;
    }

    private List<Request> asked() {
        return google.requests().stream()
                .filter(request -> !request.path().equals("/token"))
                .toList();
    }

    @Test
    void geminisModelsComeHereWhenNothingElseIsConfigured() {
        try (Gateway gateway = withProject("mehari.providers.vertex.google.location=europe-west4")) {
            HttpResponse<String> answer = gateway.chat(Answers.ask("gemini-2.5-flash", false));
            assertThat(answer.body()).contains("hello");
            assertThat(answer.headers().firstValue("x-mehari-provider")).contains("vertex");
            assertThat(google.last().path())
                    .isEqualTo("/v1/projects/my-project/locations/europe-west4/publishers/google/models/"
                            + "gemini-2.5-flash:generateContent");
            // On loopback, without credentials: none are sent, and nobody is asked for any.
            assertThat(google.last().headers()).doesNotContainKey("authorization");
        }
    }

    @Test
    void aKeyIsTheExpressMode() {
        try (Gateway gateway = gateway("mehari.providers.vertex.api-key=express")) {
            gateway.chat(Answers.ask("vertex/gemini-2.5-flash", true));
            assertThat(google.last().path())
                    .isEqualTo("/v1/publishers/google/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
            assertThat(google.last().header("x-goog-api-key")).isEqualTo("express");
            assertThat(google.last().headers()).doesNotContainKey("authorization");
        }
    }

    @Test
    void manyCallsShareOneTokenOfTheServiceAccount() throws Exception {
        try (Gateway gateway = withProject(serviceAccount());
                ExecutorService clients = Executors.newFixedThreadPool(8)) {
            Callable<Integer> call =
                    () -> gateway.chat(Answers.ask("gemini-2.5-flash", false)).statusCode();
            for (Future<Integer> status : clients.invokeAll(java.util.Collections.nCopies(8, call))) {
                assertThat(status.get()).isEqualTo(200);
            }
            assertThat(asked()).hasSize(8).allMatch(request -> "Bearer token-1"
                    .equals(request.header("authorization")));
            Request token = google.requests().stream()
                    .filter(request -> request.path().equals("/token"))
                    .findFirst()
                    .orElseThrow();
            assertThat(tokens).hasValue(1);
            assertThat(token.body()).startsWith("grant_type=urn").contains("assertion=");
            String assertion = token.body().substring(token.body().indexOf("assertion=") + "assertion=".length());
            assertThat(new String(Base64.getUrlDecoder().decode(assertion.split("\\.")[1]), StandardCharsets.UTF_8))
                    .contains("https://www.googleapis.com/auth/cloud-platform", "gateway@my-project");
        }
    }

    @Test
    void aRefusedTokenIsRenewedOnce() throws Exception {
        google.answer(request -> {
            if (request.path().equals("/token")) {
                return token();
            }
            return "Bearer token-1".equals(request.header("authorization"))
                    ? Script.json(401, GeminiAnswers.error(401, "UNAUTHENTICATED", "expired"))
                    : Script.json(200, OK);
        });
        try (Gateway gateway = withProject(serviceAccount())) {
            assertThat(gateway.chat(Answers.ask("gemini-2.5-flash", false)).statusCode())
                    .isEqualTo(200);
            assertThat(asked())
                    .extracting(request -> request.header("authorization"))
                    .containsExactly("Bearer token-1", "Bearer token-2");
        }
    }

    @Test
    void aTokenThatIsRefusedAgainIsOursToMend() throws Exception {
        google.answer(request -> request.path().equals("/token")
                ? token()
                : Script.json(401, GeminiAnswers.error(401, "UNAUTHENTICATED", "no")));
        try (Gateway gateway = withProject(serviceAccount())) {
            HttpResponse<String> answer = gateway.chat(Answers.ask("gemini-2.5-flash", false));
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("upstream_authentication");
            assertThat(asked()).hasSize(2);
        }
    }

    @Test
    void whoeverGivesOutTokensMayRefuseUs() throws Exception {
        google.answer(request -> Script.json(400, "{\"error\":\"invalid_grant\",\"error_description\":\"no\"}"));
        try (Gateway gateway = withProject(serviceAccount())) {
            HttpResponse<String> answer = gateway.chat(Answers.ask("gemini-2.5-flash", false));
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("Google refused the gateway's credentials an access token");
            assertThat(asked()).isEmpty();
        }
    }

    @Test
    void aFileThatIsNotThereIsNamedByItsVariable() {
        try (Gateway gateway =
                withProject("mehari.providers.vertex.google.credentials=" + folder.resolve("missing.json"))) {
            HttpResponse<String> answer = gateway.chat(Answers.ask("gemini-2.5-flash", false));
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("GOOGLE_APPLICATION_CREDENTIALS").doesNotContain("missing.json");
        }
    }

    @Test
    void tiersAreToldInHeaders() {
        try (Gateway gateway = withProject()) {
            gateway.chat("{\"model\":\"gemini-2.5-flash\",\"service_tier\":\"flex\","
                    + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
            assertThat(google.last().header("x-vertex-ai-llm-shared-request-type"))
                    .isEqualTo("flex");
        }
    }
}
