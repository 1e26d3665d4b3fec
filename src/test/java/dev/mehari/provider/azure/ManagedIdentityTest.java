package dev.mehari.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Azure without a key: tokens of the identity of the machine, from a service that stands beside it. */
@Timeout(60)
class ManagedIdentityTest {
    private static final String NEAR = "http://127.0.0.1:";

    private final ScriptedUpstream identity = new ScriptedUpstream();
    private final ScriptedUpstream azure = new ScriptedUpstream();
    private final AtomicInteger tokens = new AtomicInteger();
    private final List<Gateway> gateways = new ArrayList<>();

    @AfterEach
    void stop() {
        gateways.forEach(Gateway::close);
        identity.close();
        azure.close();
    }

    private Gateway gateway(String... more) {
        String[] settings = Stream.concat(
                        Stream.of(
                                "mehari.providers.azure.base-url=" + NEAR + azure.port(),
                                "mehari.providers.azure.api-version=2024-10-21",
                                "mehari.providers.azure.entra.managed-identity=true",
                                "mehari.providers.azure.entra.metadata-service=" + NEAR + identity.port() + "/"),
                        Stream.of(more))
                .toArray(String[]::new);
        Gateway started = Gateway.start(settings);
        gateways.add(started);
        return started;
    }

    private static HttpResponse<String> ask(Gateway gateway) {
        return gateway.chat(Answers.ask("azure/prod-4o", false));
    }

    private Script token(String life) {
        return Script.json(
                200,
                "{\"access_token\":\"token-" + tokens.incrementAndGet() + "\"," + life
                        + ",\"resource\":\"https://cognitiveservices.azure.com\",\"token_type\":\"Bearer\"}");
    }

    @Test
    void theMetadataServiceGivesATokenForManyCalls() {
        // As it writes them: numbers are texts.
        identity.answer(request -> token("\"expires_in\":\"86399\",\"expires_on\":\"1\""));
        Gateway gateway = gateway();
        assertThat(ask(gateway).statusCode()).isEqualTo(200);
        assertThat(ask(gateway).statusCode()).isEqualTo(200);
        assertThat(identity.requests()).hasSize(1);
        assertThat(identity.last().method()).isEqualTo("GET");
        assertThat(identity.last().path())
                .isEqualTo("/metadata/identity/oauth2/token?api-version=2018-02-01"
                        + "&resource=https%3A%2F%2Fcognitiveservices.azure.com");
        assertThat(identity.last().header("metadata")).isEqualTo("true");
        assertThat(azure.last().header("authorization")).isEqualTo("Bearer token-1");
        assertThat(azure.last().header("api-key")).isNull();
    }

    @Test
    void aUserAssignedIdentityIsNamedAndComesBeforeTheWorkloadIdentity() {
        identity.answer(request -> token("\"expires_in\":\"3600\""));
        Gateway gateway = gateway(
                "mehari.providers.azure.entra.tenant-id=the-tenant",
                "mehari.providers.azure.entra.client-id=the-client",
                "mehari.providers.azure.entra.federated-token-file=/nowhere",
                "mehari.providers.azure.entra.scope=https://ai.azure.com/.default");
        assertThat(ask(gateway).statusCode()).isEqualTo(200);
        assertThat(identity.last().path())
                .endsWith("?api-version=2018-02-01&resource=https%3A%2F%2Fai.azure.com&client_id=the-client");
    }

    @Test
    void appServiceHasAnEndpointOfItsOwn() {
        identity.answer(request -> token("\"expires_on\":\"" + (Instant.now().getEpochSecond() + 3600) + "\""));
        Gateway gateway = gateway(
                "mehari.providers.azure.entra.metadata-service=http://127.0.0.1:1",
                "mehari.providers.azure.entra.identity-endpoint=" + NEAR + identity.port() + "/msi/token",
                "mehari.providers.azure.entra.identity-header=the-header-secret");
        assertThat(ask(gateway).statusCode()).isEqualTo(200);
        assertThat(ask(gateway).statusCode()).isEqualTo(200);
        assertThat(identity.requests()).hasSize(1);
        assertThat(identity.last().path())
                .isEqualTo("/msi/token?api-version=2019-08-01" + "&resource=https%3A%2F%2Fcognitiveservices.azure.com");
        assertThat(identity.last().header("x-identity-header")).isEqualTo("the-header-secret");
        assertThat(identity.last().header("metadata")).isNull();
    }

    @Test
    void aTokenThatEndsIsFetchedAnew() {
        identity.answer(request -> token("\"expires_in\":\"0\",\"expires_on\":\"1\""));
        Gateway gateway = gateway();
        ask(gateway);
        ask(gateway);
        assertThat(identity.requests()).hasSize(2);
        assertThat(azure.last().header("authorization")).isEqualTo("Bearer token-2");
    }

    @Test
    void callsAtOnceWaitForOneToken() throws Exception {
        CountDownLatch all = new CountDownLatch(1);
        identity.answer(request -> new Script().await(all).then(token("\"expires_in\":\"3600\"")));
        Gateway gateway = gateway();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                answers.add(threads.submit(() -> ask(gateway)));
            }
            identity.awaitRequest();
            all.countDown();
            for (Future<HttpResponse<String>> answer : answers) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
        }
        assertThat(identity.requests()).hasSize(1);
    }

    @Test
    void aMachineWithoutAnIdentityIsToldWhatToDo() {
        identity.answer(Script.json(
                400, "{\"error\":\"invalid_request\",\"error_description\":\"Identity the-client not found\"}"));
        HttpResponse<String> answer = ask(gateway("mehari.providers.azure.entra.client-id=the-client"));
        assertThat(answer.statusCode()).isEqualTo(502);
        assertThat(answer.body())
                .contains("managed identity (invalid_request)", "AZURE_CLIENT_ID", "upstream_authentication")
                .doesNotContain("the-client", "not found", "127.0.0.1");
        assertThat(azure.requests()).isEmpty();
    }

    @Test
    void whatPassesIs503AndTheNextCallAsksAgain() {
        Gateway gateway = gateway();
        for (int status : new int[] {404, 410, 429, 500}) {
            identity.answer(Script.json(status, "<html>"));
            assertThat(ask(gateway).statusCode()).as("after %d", status).isEqualTo(503);
        }
        identity.answer(request -> token("\"expires_in\":\"3600\""));
        assertThat(ask(gateway).statusCode()).isEqualTo(200);
    }

    @Test
    void elsewhereThanOnAzureNobodyAnswers() {
        identity.close();
        HttpResponse<String> answer = ask(gateway());
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("on Azure only").doesNotContain("127.0.0.1", "169.254");
    }
}
