package dev.mehari.usage.trace;

import static dev.mehari.testing.TraceReceiver.attributes;
import static dev.mehari.testing.TraceReceiver.hex;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.testing.Answers;
import dev.mehari.testing.Eventually;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.RawClient;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.TraceReceiver;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What tracing backends are told of calls that end in every way. */
@Timeout(60)
class TracesTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static ScriptedUpstream upstream;
    private static ScriptedUpstream failing;
    private static TraceReceiver receiver;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        failing = new ScriptedUpstream().answer(Script.json(500, Answers.error("down", "server_error", null)));
        receiver = new TraceReceiver();
        gateway = Gateway.before(
                upstream,
                "mehari.providers.groq.base-url=" + failing.url(),
                "mehari.providers.groq.api-key=groq-key",
                "mehari.providers.groq.pool.warm-up=0",
                "mehari.models[0].name=fast",
                "mehari.models[0].deployments[0].provider=groq",
                "mehari.models[0].deployments[0].model=llama",
                "mehari.models[0].deployments[1].provider=openai",
                "mehari.models[0].deployments[1].model=gpt-4o",
                "mehari.models[0].deployments[1].priority=2",
                "mehari.environment=Prod/EU",
                "mehari.content.capture=full",
                "mehari.cache.enabled=true",
                "mehari.tracing.endpoint=" + receiver.url() + "/otlp/",
                "mehari.tracing.headers=authorization=Bearer%20collector-key,x-tenant=a+b",
                "mehari.tracing.service-name=gw",
                "mehari.tracing.propagate-to=openai");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        receiver.close();
        failing.close();
        upstream.close();
    }

    @BeforeEach
    void forget() {
        receiver.reset();
    }

    private static Span root(List<Span> spans) {
        return spans.stream()
                .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_SERVER)
                .findFirst()
                .orElseThrow();
    }

    private static List<Span> attempts(List<Span> spans) {
        return spans.stream()
                .filter(span -> span.getKind() == Span.SpanKind.SPAN_KIND_CLIENT)
                .toList();
    }

    @Test
    void aWholeAnswerIsACallWithAnAttempt() {
        upstream.answer(Script.json(200, Answers.json("hello"), "x-request-id", "req_upstream"));
        gateway.chat(
                "{\"model\":\"gpt-4o\",\"user\":\"ann\",\"temperature\":0.5,\"max_tokens\":99,\"stop\":[\"a,b\"],"
                        + "\"metadata\":{\"trace_name\":\"support\",\"tags\":\"x, y\",\"session_id\":\"s-1\",\"order\":\"7\"},"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
                "x-request-id",
                "my-request");
        List<Span> spans = receiver.await(2);
        Span root = root(spans);
        Map<String, Object> told = attributes(root);
        assertThat(root.getName()).isEqualTo("chat gpt-4o");
        assertThat(root.getParentSpanId().isEmpty()).isTrue();
        assertThat(told)
                .containsEntry("langfuse.observation.type", "span")
                .containsEntry("gen_ai.operation.name", "chat")
                .containsEntry("gen_ai.request.model", "gpt-4o")
                .containsEntry("gen_ai.request.temperature", 0.5)
                .containsEntry("gen_ai.request.max_tokens", 99L)
                .containsEntry("gen_ai.request.stop_sequences", List.of("a,b"))
                .containsEntry("gen_ai.request.stream", false)
                .containsEntry("gen_ai.response.finish_reasons", List.of("stop"))
                .containsEntry("http.response.status_code", 200L)
                .containsEntry("mehari.dialect", "chat")
                .containsEntry("mehari.request.id", "my-request")
                .containsEntry("mehari.attempts", 1L)
                .containsEntry(
                        "langfuse.observation.input",
                        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hi\"}]}]")
                .containsEntry(
                        "langfuse.observation.output",
                        "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"hello\"}],\"finish_reason\":\"stop\"}]")
                .containsKey("mehari.overhead")
                .doesNotContainKeys("error.type", "gen_ai.usage.input_tokens");
        Span attempt = attempts(spans).getFirst();
        assertThat(attempt.getParentSpanId()).isEqualTo(root.getSpanId());
        assertThat(attempt.getStartTimeUnixNano()).isBetween(root.getStartTimeUnixNano(), root.getEndTimeUnixNano());
        assertThat(attempt.getEndTimeUnixNano()).isBetween(attempt.getStartTimeUnixNano(), root.getEndTimeUnixNano());
        assertThat(attributes(attempt))
                .containsEntry("langfuse.observation.type", "generation")
                .containsEntry("gen_ai.provider.name", "openai")
                .containsEntry("gen_ai.request.model", "gpt-4o")
                .containsEntry("langfuse.observation.model.name", "gpt-4o-mini")
                .containsKeys(
                        "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "langfuse.observation.cost_details")
                .containsEntry("langfuse.observation.usage_details", "{\"input\":9,\"output\":12}")
                .containsEntry("mehari.attempt", 1L)
                .containsEntry("server.address", "127.0.0.1")
                .containsEntry("server.port", (long) upstream.port())
                .doesNotContainKey("langfuse.observation.input");
        for (Span span : spans) {
            assertThat(attributes(span))
                    .containsEntry("gen_ai.response.id", "chatcmpl-up1")
                    .containsEntry("gen_ai.response.model", "gpt-4o-mini")
                    .containsEntry("mehari.provider_request_id", "req_upstream")
                    .containsEntry("user.id", "ann")
                    .containsEntry("langfuse.user.id", "ann")
                    .containsEntry("session.id", "s-1")
                    .containsEntry("langfuse.session.id", "s-1")
                    .containsEntry("langfuse.trace.name", "support")
                    .containsEntry("langfuse.trace.tags", List.of("x", "y"))
                    .containsEntry("langfuse.trace.metadata.order", "7")
                    .containsEntry("langfuse.environment", "prod-eu");
        }
        assertThat(receiver.resource())
                .containsEntry("service.name", "gw")
                .containsEntry("deployment.environment.name", "Prod/EU");
        assertThat(receiver.headers().getFirst())
                .containsEntry("authorization", "Bearer collector-key")
                .containsEntry("x-tenant", "a+b");
    }

    @Test
    void whomACallIsForMayBeToldInOpenAisNewerWay() {
        upstream.answer(Script.json(200, Answers.json("hello")));
        gateway.chat(Answers.ask("gpt-4o", false).replaceFirst("\\{", "{\"safety_identifier\":\"hash-of-ann\","));
        assertThat(attributes(root(receiver.await(2)))).containsEntry("user.id", "hash-of-ann");
    }

    @Test
    void aStreamTellsWhenItsFirstTokenCame() {
        upstream.answer(Script.events(Answers.stream("hel", "lo")));
        gateway.chat(Answers.ask("gpt-4o", true));
        List<Span> spans = receiver.await(2);
        Map<String, Object> attempt = attributes(attempts(spans).getFirst());
        assertThat(attempt)
                .containsKeys("langfuse.observation.completion_start_time", "gen_ai.response.time_to_first_chunk")
                .containsEntry("gen_ai.response.id", "chatcmpl-up1")
                .containsEntry("gen_ai.response.model", "gpt-4o-mini");
        assertThat(attributes(root(spans)).get("langfuse.observation.output"))
                .asString()
                .contains("\"content\":\"hello\"");
    }

    @Test
    void aTraceOfTheClientsGoesOnToTheProvider() {
        upstream.answer(Script.json(200, Answers.json("hello")));
        gateway.chat(Answers.ask("gpt-4o", false), "traceparent", PARENT);
        List<Span> spans = receiver.await(2);
        Span root = root(spans);
        assertThat(hex(root.getTraceId())).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(hex(root.getParentSpanId())).isEqualTo("b7ad6b7169203331");
        assertThat(attributes(root)).containsEntry("langfuse.internal.as_root", true);
        Span attempt = attempts(spans).getFirst();
        assertThat(upstream.last().header("traceparent"))
                .isEqualTo("00-" + hex(root.getTraceId()) + "-" + hex(attempt.getSpanId()) + "-01");
    }

    @Test
    void withoutOneTheProviderIsToldOfTheTraceWeBegin() {
        upstream.answer(Script.json(200, Answers.json("hello")));
        gateway.chat(Answers.ask("gpt-4o", false));
        List<Span> spans = receiver.await(2);
        assertThat(upstream.last().header("traceparent"))
                .isEqualTo("00-" + hex(root(spans).getTraceId()) + "-"
                        + hex(attempts(spans).getFirst().getSpanId()) + "-01");
    }

    @Test
    void aFailoverIsTwoAttempts() {
        upstream.answer(Script.json(200, Answers.json("hello")));
        gateway.chat(Answers.ask("fast", false));
        List<Span> spans = receiver.await(3);
        assertThat(attributes(root(spans))).containsEntry("mehari.attempts", 2L);
        List<Span> attempts = attempts(spans);
        Map<String, Object> failed = attributes(attempts.getFirst());
        assertThat(failed)
                .containsEntry("gen_ai.provider.name", "groq")
                .containsEntry("error.type", "provider_unavailable")
                .containsEntry("langfuse.observation.level", "ERROR")
                .containsKey("langfuse.observation.status_message")
                .doesNotContainKeys("gen_ai.response.id", "gen_ai.response.model");
        assertThat(attempts.getFirst().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(attributes(attempts.getLast()))
                .containsEntry("gen_ai.provider.name", "openai")
                .doesNotContainKey("error.type");
        assertThat(root(spans).getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
    }

    @Test
    void aRefusalBeforeAnyAttemptIsTold() {
        gateway.chat(Answers.ask("no-such-model", false));
        Span root = root(receiver.await(1));
        assertThat(attributes(root))
                .containsEntry("error.type", "caller_model_not_found")
                .containsEntry("http.response.status_code", 404L)
                .containsEntry("mehari.attempts", 0L);
    }

    @Test
    void aClientThatLeavesIsAWarning() {
        upstream.answer(Script.stream()
                .event(Answers.role())
                .event(Answers.text("half"))
                .hang());
        try (RawClient client = RawClient.chat(gateway, Answers.ask("gpt-4o", true))) {
            client.head();
            client.chunksUpTo("half");
        }
        Span root = root(receiver.await(2));
        assertThat(attributes(root))
                .containsEntry("mehari.client_gone", true)
                .containsEntry("gen_ai.response.finish_reasons", List.of("cancelled"))
                .containsEntry("langfuse.observation.level", "WARNING")
                .containsEntry("error.type", "caller_gone");
    }

    @Test
    void anAnswerFromTheCacheIsACallWithoutAttempts() {
        upstream.answer(Script.json(200, Answers.json("kept")));
        String ask =
                "{\"model\":\"gpt-4o\",\"temperature\":0,\"messages\":[{\"role\":\"user\",\"content\":\"cached?\"}]}";
        gateway.chat(ask);
        receiver.await(2);
        receiver.reset();
        gateway.chat(ask);
        Span root = root(receiver.await(1));
        assertThat(attributes(root))
                .containsEntry("mehari.cache", "hit")
                .containsEntry("mehari.attempts", 0L)
                .containsEntry("gen_ai.response.model", "gpt-4o-mini")
                .containsEntry("gen_ai.response.id", "chatcmpl-up1")
                .doesNotContainKey("server.address")
                .containsEntry("langfuse.observation.cost_details", "{\"total\":0}");
    }

    @Test
    void allThatWasCountedIsTold() {
        upstream.answer(Script.json(
                200,
                Answers.json("searched")
                        .replaceFirst(
                                "\"usage\":\\{",
                                "\"usage\":{\"prompt_tokens_details\":{\"cached_tokens\":2,\"audio_tokens\":3},"
                                        + "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"image_tokens\":10,"
                                        + "\"audio_tokens\":0},\"server_tool_use\":{\"web_search_requests\":5},")));
        gateway.chat(Answers.ask("gpt-4o", false));
        assertThat(attributes(attempts(receiver.await(2)).getFirst()))
                .containsEntry("gen_ai.usage.input_tokens", 9L)
                .containsEntry("gen_ai.usage.cache_read.input_tokens", 2L)
                .containsEntry("mehari.usage.prompt_audio_tokens", 3L)
                .containsEntry("mehari.usage.completion_image_tokens", 10L)
                .containsEntry("mehari.usage.completion_audio_tokens", 0L)
                .containsEntry("mehari.usage.web_searches", 5L)
                .containsEntry(
                        "langfuse.observation.usage_details",
                        "{\"input\":4,\"input_cached_tokens\":2,\"input_audio_tokens\":3,\"output\":2,"
                                + "\"output_image_tokens\":10,\"web_searches\":5,\"total\":21}")
                // Pictures of gpt-4o have no price.
                .doesNotContainKey("langfuse.observation.cost_details");
    }

    @Test
    void aBackendThatIsAwayHoldsUpNobody() {
        receiver.answer(503);
        upstream.answer(Script.json(200, Answers.json("hello")));
        assertThat(gateway.chat(Answers.ask("gpt-4o", false)).statusCode()).isEqualTo(200);
        receiver.answer(200);
        assertThat(receiver.await(2)).isNotEmpty();
    }

    @Test
    void langfuseGetsItsOwnHeaders() {
        try (TraceReceiver langfuse = new TraceReceiver();
                Gateway other = Gateway.start(
                        "mehari.demo.word-delay=0ms",
                        "mehari.tracing.langfuse.public-key=pk-lf-1",
                        "mehari.tracing.langfuse.secret-key=sk-lf-2",
                        "mehari.tracing.langfuse.base-url=" + langfuse.url())) {
            other.chat(Answers.ask("demo", false));
            langfuse.await(2);
            assertThat(langfuse.headers().getFirst())
                    .containsEntry("authorization", "Basic cGstbGYtMTpzay1sZi0y")
                    .containsEntry("x-langfuse-ingestion-version", "4");
        }
    }

    @Test
    void oldLangfuseServersGetBatches() {
        try (TraceReceiver langfuse = new TraceReceiver();
                Gateway other = Gateway.start(
                        "mehari.demo.word-delay=0ms",
                        "mehari.content.capture=full",
                        "mehari.tracing.langfuse.public-key=pk-lf-1",
                        "mehari.tracing.langfuse.secret-key=sk-lf-2",
                        "mehari.tracing.langfuse.legacy=true",
                        "mehari.tracing.langfuse.base-url=" + langfuse.url())) {
            other.chat(Answers.ask("demo", true));
            List<JsonNode> events = langfuse.awaitEvents(3);
            Set<String> types =
                    events.stream().map(event -> event.path("type").asText()).collect(Collectors.toSet());
            assertThat(types).containsExactlyInAnyOrder("trace-create", "span-create", "generation-create");
            JsonNode generation = events.stream()
                    .filter(event -> event.path("type").asText().equals("generation-create"))
                    .findFirst()
                    .orElseThrow()
                    .path("body");
            assertThat(generation.path("model").asText()).isEqualTo("demo");
            assertThat(generation.path("completionStartTime").asText()).isNotEmpty();
            assertThat(generation.at("/usageDetails/output").asLong()).isPositive();
            assertThat(generation.at("/modelParameters/stream").asBoolean()).isTrue();
        }
    }

    @Test
    void whatFindsTheQueueFullIsDroppedAndCounted() {
        try (TraceReceiver slow = new TraceReceiver();
                Gateway other = Gateway.start(
                        "mehari.demo.word-delay=0ms",
                        "mehari.tracing.queue=1",
                        "mehari.tracing.endpoint=" + slow.url())) {
            slow.answer(503);
            Eventually.holds(Duration.ofSeconds(30), "calls are dropped", () -> {
                assertThat(other.chat(Answers.ask("demo", false)).statusCode()).isEqualTo(200);
                return other.get("/stats").body().contains("\"dropped\":")
                        && !other.get("/stats").body().contains("\"dropped\":0,\"failed\"");
            });
        }
    }
}
