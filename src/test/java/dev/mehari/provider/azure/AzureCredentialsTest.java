package dev.mehari.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Azure without a key: tokens of an Entra ID that stands beside it. */
@Timeout(30)
class AzureCredentialsTest {
    private final ScriptedUpstream entra = new ScriptedUpstream();
    private final ScriptedUpstream azure = new ScriptedUpstream();
    private final AtomicInteger tokens = new AtomicInteger();
    private Gateway gateway;

    @BeforeEach
    void start() {
        entra.answer(request -> Script.json(
                200,
                "{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"token-" + tokens.incrementAndGet()
                        + "\"}"));
        gateway = Gateway.start(
                "mehari.providers.azure.base-url=http://127.0.0.1:" + azure.port(),
                "mehari.providers.azure.api-version=2024-10-21",
                "mehari.providers.azure.entra.authority=http://127.0.0.1:" + entra.port() + "/",
                "mehari.providers.azure.entra.tenant-id=the-tenant",
                "mehari.providers.azure.entra.client-id=the-client",
                "mehari.providers.azure.entra.client-secret=s&cret");
    }

    @AfterEach
    void stop() {
        gateway.close();
        entra.close();
        azure.close();
    }

    private HttpResponse<String> ask() {
        return gateway.chat(Answers.ask("azure/prod-4o", false));
    }

    @Test
    void oneTokenServesManyCalls() {
        assertThat(ask().statusCode()).isEqualTo(200);
        assertThat(ask().statusCode()).isEqualTo(200);
        assertThat(entra.requests()).hasSize(1);
        assertThat(entra.last().path()).isEqualTo("/the-tenant/oauth2/v2.0/token");
        assertThat(entra.last().body())
                .isEqualTo("grant_type=client_credentials&client_id=the-client&client_secret=s%26cret"
                        + "&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default");
        assertThat(azure.last().header("authorization")).isEqualTo("Bearer token-1");
        assertThat(azure.last().header("api-key")).isNull();
        assertThat(azure.last().path())
                .isEqualTo("/openai/deployments/prod-4o/chat/completions?api-version=2024-10-21");
    }

    @Test
    void aWorkloadIdentityVouchesWithItsFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "the-jwt\n");
        try (Gateway other = Gateway.start(
                "mehari.providers.azure.base-url=http://127.0.0.1:" + azure.port(),
                "mehari.providers.azure.entra.authority=http://127.0.0.1:" + entra.port() + "/",
                "mehari.providers.azure.entra.tenant-id=the-tenant",
                "mehari.providers.azure.entra.client-id=the-client",
                "mehari.providers.azure.entra.federated-token-file=" + file)) {
            assertThat(other.chat(Answers.ask("azure/prod-4o", false)).statusCode())
                    .isEqualTo(200);
            assertThat(entra.last().body())
                    .contains(
                            "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
                            "client_assertion=the-jwt&")
                    .doesNotContain("client_secret");
            assertThat(azure.last().header("authorization")).isEqualTo("Bearer token-1");
        }
        Files.delete(file);
        try (Gateway other = Gateway.start(
                "mehari.providers.azure.base-url=http://127.0.0.1:" + azure.port(),
                "mehari.providers.azure.entra.tenant-id=the-tenant",
                "mehari.providers.azure.entra.client-id=the-client",
                "mehari.providers.azure.entra.federated-token-file=" + file)) {
            HttpResponse<String> answer = other.chat(Answers.ask("azure/prod-4o", false));
            assertThat(answer.statusCode()).isEqualTo(502);
            assertThat(answer.body()).contains("AZURE_FEDERATED_TOKEN_FILE").doesNotContain(folder.toString());
        }
    }

    @Test
    void aRefusedTokenIsReplacedAndTheRequestSentOnceMore() {
        // By then the token is old enough to be doubted.
        azure.answer(request -> request.header("authorization").equals("Bearer token-1")
                ? new Script()
                        .pause(Duration.ofMillis(1100))
                        .then(Script.json(401, "{\"error\":{\"code\":\"401\",\"message\":\"expired\"}}"))
                : Script.json(200, Answers.json("hello")));
        HttpResponse<String> answer = ask();
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-mehari-attempts")).hasValue("1");
        assertThat(azure.requests()).hasSize(2);
        assertThat(entra.requests()).hasSize(2);
    }

    @Test
    void embeddingsAreSignedToo() {
        azure.answer(Script.json(200, "{\"object\":\"list\",\"data\":[],\"model\":\"m\"}"));
        String ask = "{\"model\":\"azure/vectors\",\"input\":\"hi\"}";
        assertThat(gateway.post("/v1/embeddings", ask).statusCode()).isEqualTo(200);
        assertThat(azure.last().header("authorization")).isEqualTo("Bearer token-1");
        assertThat(azure.last().path()).isEqualTo("/openai/deployments/vectors/embeddings?api-version=2024-10-21");
    }

    @Test
    void refusedCredentialsAreTheGatewaysAffair() {
        entra.answer(Script.json(
                401,
                "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: Invalid client secret provided"
                        + " for app 'the-client'.\"}"));
        HttpResponse<String> answer = ask();
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body()).contains("Entra ID refused", "AADSTS7000215", "upstream_authentication");
        assertThat(answer.body()).doesNotContain("the-client", "cret");
        assertThat(azure.requests()).isEmpty();
    }

    @Test
    void anEntraIdThatIsDownIs503() {
        entra.answer(Script.json(500, "<html>"));
        assertThat(ask().statusCode()).isEqualTo(503);
        entra.answer(Script.json(200, "no json"));
        assertThat(ask().statusCode()).isEqualTo(503);
        entra.close();
        assertThat(ask().statusCode()).isEqualTo(503);
        assertThat(azure.requests()).isEmpty();
    }
}
