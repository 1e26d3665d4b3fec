package dev.mehari.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What would steer or re-credential an upstream: whatever a client sends of it, through any API to any provider. */
class NeverSentTest {
    private static final String FORBIDDEN = "forbidden-value";

    private static final List<String> HEADERS = List.of(
            "api-key",
            "x-goog-api-key",
            "x-goog-user-project",
            "x-amz-security-token",
            "openai-organization",
            "openai-project",
            "cookie",
            "proxy-authorization",
            "forwarded",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-real-ip",
            "x-original-url",
            "x-http-method-override",
            "traceparent",
            "te",
            "referer",
            "origin",
            "x-anything");

    private static final List<String> FIELDS = List.of(
            "api_key",
            "api_base",
            "api_version",
            "api_type",
            "base_url",
            "endpoint",
            "extra_headers",
            "extra_body",
            "extra_query",
            "headers",
            "organization",
            "credentials",
            "custom_llm_provider",
            "aws_access_key_id",
            "aws_secret_access_key",
            "aws_session_token",
            "aws_region_name",
            "aws_bedrock_runtime_endpoint",
            "vertex_project",
            "vertex_location",
            "vertex_credentials",
            "azure_ad_token",
            "litellm_params");

    private static ScriptedUpstream upstream;
    private static ScriptedUpstream elsewhere;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        elsewhere = new ScriptedUpstream();
        gateway = Gateway.before(
                upstream,
                "mehari.providers.sambanova.base-url=" + upstream.url(),
                "mehari.providers.sambanova.api-key=k",
                "mehari.providers.openrouter.base-url=" + upstream.url(),
                "mehari.providers.openrouter.api-key=k",
                "mehari.providers.mistral.base-url=" + upstream.url(),
                "mehari.providers.mistral.api-key=k",
                "mehari.providers.anthropic.base-url=" + upstream.address(),
                "mehari.providers.anthropic.api-key=k",
                "mehari.providers.azure.base-url=" + upstream.address(),
                "mehari.providers.azure.api-key=k",
                "mehari.providers.gemini.base-url=" + upstream.address(),
                "mehari.providers.gemini.api-key=k",
                "mehari.providers.vertex.base-url=" + upstream.address(),
                "mehari.providers.vertex.api-key=k",
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock.api-key=k",
                "mehari.providers.bedrock-agent.base-url=" + upstream.address(),
                "mehari.providers.bedrock-agent.aws.region=us-east-1",
                "mehari.providers.bedrock-agent.aws.agent-id=AGENT",
                "mehari.providers.bedrock-agent.aws.access-key-id=k",
                "mehari.providers.bedrock-agent.aws.secret-access-key=k");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
        elsewhere.close();
    }

    @BeforeEach
    void forget() {
        upstream.reset();
        upstream.answer(Script.json(400, "{\"error\":{\"message\":\"no\"}}"));
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-4o-mini",
        "sambanova/m",
        "openrouter/m",
        "mistral/m",
        "azure/gpt-4o",
        "anthropic/claude-haiku-4-5",
        "gemini/gemini-2.5-flash",
        "vertex/gemini-2.5-flash",
        "bedrock/us.amazon.nova-pro-v1:0",
        "bedrock-agent/AGENT/ALIAS"
    })
    void nothingThatSteersGoesOn(String model) {
        String end = ",\"model\":\"" + model + "\",\"max_tokens\":50," + fields() + "}";
        String messages = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
        sent("/v1/chat/completions", "{" + messages + end);
        sent("/v1/chat/completions", "{\"stream\":true," + messages + end);
        sent("/v1/messages", "{" + messages + end);
        sent("/v1/responses", "{\"input\":\"hi\",\"store\":false" + end.replace("max_tokens", "max_output_tokens"));
    }

    @ParameterizedTest
    @CsvSource({
        "openai/text-embedding-3-small",
        "azure/text-embedding-3-small",
        "gemini/gemini-embedding-001",
        "bedrock/amazon.titan-embed-text-v2:0"
    })
    void norWithEmbeddings(String model) {
        sent("/v1/embeddings", "{\"input\":\"hi\",\"model\":\"" + model + "\"," + fields() + "}");
    }

    /** The same answer from each provider's address: go elsewhere, and take the credentials along. */
    @ParameterizedTest
    @CsvSource({
        "openai/gpt-4o-mini,302",
        "azure/gpt-4o,307",
        "anthropic/claude-haiku-4-5,308",
        "gemini/gemini-2.5-flash,301",
        "vertex/gemini-2.5-flash,303",
        "bedrock/us.amazon.nova-pro-v1:0,307",
        "bedrock-agent/AGENT/ALIAS,307"
    })
    void noRedirectIsFollowed(String model, int status) {
        upstream.answer(Script.json(status, "", "location", elsewhere.address() + "/v1/chat/completions"));
        for (boolean stream : new boolean[] {false, true}) {
            int answered = gateway.chat("{\"model\":\"" + model + "\",\"stream\":" + stream
                            + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                    .statusCode();
            assertThat(answered).isEqualTo(502);
        }
        assertThat(upstream.requests()).isNotEmpty();
        assertThat(elsewhere.requests()).isEmpty();
    }

    @Test
    void norWhenModelsAreListed() {
        upstream.answer(Script.json(302, "", "location", elsewhere.address() + "/v1/models"));
        assertThat(gateway.get("/v1/models?upstream=true").statusCode()).isEqualTo(200);
        assertThat(upstream.requests()).isNotEmpty();
        assertThat(elsewhere.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"gzip", "br", "deflate"})
    void anAnswerInACompressionThatNobodyAskedForIsNotUnpacked(String coding) {
        upstream.answer(Script.json(200, "whatever", "content-encoding", coding));
        assertThat(gateway.chat("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                        .body())
                .contains("upstream_protocol_error", "compression");
        assertThat(upstream.last().header("accept-encoding")).isIn(null, "identity");
    }

    private static String fields() {
        StringBuilder fields = new StringBuilder();
        for (String field : FIELDS) {
            fields.append(fields.isEmpty() ? "" : ",").append("\"" + field + "\":\"" + FORBIDDEN + "\"");
        }
        return fields.toString();
    }

    private static void sent(String path, String body) {
        upstream.reset();
        String[] headers = Stream.concat(
                        HEADERS.stream().flatMap(name -> Stream.of(name, FORBIDDEN)),
                        Stream.of("authorization", "Bearer " + FORBIDDEN, "x-api-key", FORBIDDEN))
                .toArray(String[]::new);
        String answer = gateway.post(path, body, headers).body();
        assertThat(upstream.requests()).as(path + ": " + answer).isNotEmpty();
        upstream.requests().forEach(request -> {
            assertThat(request.headers().toString()).doesNotContain(FORBIDDEN);
            assertThat(request.path()).doesNotContain(FORBIDDEN);
            assertThat(request.body()).doesNotContain(FORBIDDEN);
        });
    }
}
