package dev.mehari.provider.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.chat.Json;
import dev.mehari.provider.openai.OpenAiProtocol;
import dev.mehari.testing.DecodedStream;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.GoldenPlay;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.Shipped;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plays every {@link GoldenCase} of Azure through the running gateway, with deployments by other names. */
@Timeout(30)
class AzureGoldenTest {
    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        gateway = Gateway.start(
                "mehari.providers.azure.base-url=http://127.0.0.1:" + upstream.port(),
                "mehari.providers.azure.api-key=azure-key",
                "mehari.providers.azure.pool.warm-up=0",
                "mehari.providers.azure.deployments.gpt-4o=prod-4o",
                "mehari.providers.azure.deployments.o4-mini=prod-think");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    static List<GoldenCase> cases() {
        return GoldenCase.all("azure");
    }

    static List<GoldenCase> streams() {
        return cases().stream().filter(GoldenCase::isStream).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theClientSeesWhatItShould(GoldenCase golden) throws Exception {
        new GoldenPlay(gateway, upstream, "/v1/chat/completions").play(golden);
    }

    @Test
    void aClientOfTheMessagesApiIsServedToo() throws Exception {
        byte[] body = new GoldenCase(Path.of("src/test/resources/azure/basic")).upstreamAnswer();
        upstream.answer(Script.json(200, new String(body, StandardCharsets.UTF_8)));
        HttpResponse<String> answer = gateway.post(
                "/v1/messages",
                "{\"model\":\"azure/gpt-4o\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(Json.MAPPER.readTree(answer.body()).at("/content/0/text").textValue())
                .isEqualTo("Hello!");
        assertThat(upstream.last().path()).isEqualTo("/openai/v1/chat/completions");
        assertThat(upstream.last().body()).contains("\"model\":\"prod-4o\"");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void aCutAtAnyByteChangesNothing(GoldenCase golden) {
        DecodedStream.sameHoweverCut(
                new AzureProtocol(new OpenAiProtocol()),
                Shipped.ask(Shipped.providers().find("azure"), "prod-4o", golden.clientRequest()),
                golden.upstreamAnswer());
    }
}
