package dev.mehari.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.GoldenCase;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockagentruntime.BedrockAgentRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockagentruntime.model.InvokeAgentResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;

/** AWS's own clients read our fixtures, so that these cannot drift from what the service says. */
@Timeout(30)
class VendorSdkTest {
    private static ScriptedUpstream upstream;
    private static BedrockRuntimeAsyncClient runtime;
    private static BedrockAgentRuntimeAsyncClient agents;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        runtime = BedrockRuntimeAsyncClient.builder()
                .endpointOverride(URI.create(upstream.address()))
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
        agents = BedrockAgentRuntimeAsyncClient.builder()
                .endpointOverride(URI.create(upstream.address()))
                .region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .overrideConfiguration(settings -> settings.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterAll
    static void stop() {
        runtime.close();
        agents.close();
        upstream.close();
    }

    private static List<GoldenCase> cases(String protocol, boolean streams) {
        return GoldenCase.all(protocol).stream()
                .filter(golden -> golden.isStream() == streams && golden.status() == 200)
                .filter(golden -> !golden.toString().equals("error-not-json"))
                .toList();
    }

    static List<GoldenCase> answers() {
        return cases("bedrock", false);
    }

    static List<GoldenCase> streams() {
        return cases("bedrock", true);
    }

    static List<GoldenCase> agentStreams() {
        return cases("bedrock-agent", true);
    }

    private static boolean fails(GoldenCase golden) {
        String frames = GoldenCase.text(golden.folder().resolve("frames.txt"));
        return frames.contains("exception ") || frames.contains("error ");
    }

    private static void play(GoldenCase golden) {
        upstream.answer(Script.stream("application/vnd.amazon.eventstream")
                .chunk(golden.upstreamAnswer())
                .endChunks());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("answers")
    void converse(GoldenCase golden) {
        upstream.answer(Script.json(200, new String(golden.upstreamAnswer(), java.nio.charset.StandardCharsets.UTF_8)));
        ConverseResponse answer = runtime.converse(ask -> ask.modelId("m")).join();
        assertThat(answer.stopReasonAsString()).isNotEmpty();
        assertThat(answer.output().message().content()).allMatch(block -> block.type() != null);
        assertThat(answer.usage().totalTokens()).isPositive();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("streams")
    void converseStream(GoldenCase golden) {
        play(golden);
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        ConverseStreamResponseHandler.Visitor visitor = ConverseStreamResponseHandler.Visitor.builder()
                .onContentBlockDelta(delta -> seen.add("delta"))
                .onContentBlockStart(start -> seen.add("start"))
                .onMessageStop(stop -> seen.add("stop " + stop.stopReasonAsString()))
                .onMetadata(metadata -> seen.add("usage " + metadata.usage().totalTokens()))
                .onDefault(other -> seen.add("other"))
                .build();
        Throwable failure = failure(() -> runtime.converseStream(
                        ask -> ask.modelId("m"),
                        ConverseStreamResponseHandler.builder()
                                .subscriber(visitor)
                                .build())
                .join());
        assertThat(failure != null).isEqualTo(fails(golden));
        assertThat(seen).isNotEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("agentStreams")
    void invokeAgent(GoldenCase golden) {
        play(golden);
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        InvokeAgentResponseHandler.Visitor visitor = InvokeAgentResponseHandler.Visitor.builder()
                .onChunk(chunk -> seen.add("chunk " + chunk.bytes().asByteArray().length))
                .onReturnControl(control -> seen.add("control " + control.invocationId()))
                .onFiles(files -> seen.add("files " + files.files().size()))
                .onTrace(trace -> seen.add("trace"))
                .build();
        Throwable failure = failure(() -> agents.invokeAgent(
                        ask -> ask.agentId("A")
                                .agentAliasId("B")
                                .sessionId("ss")
                                .inputText("hi"),
                        InvokeAgentResponseHandler.builder().subscriber(visitor).build())
                .join());
        assertThat(failure != null).isEqualTo(fails(golden));
        assertThat(seen).isNotEmpty();
    }

    private static Throwable failure(Runnable call) {
        try {
            call.run();
            return null;
        } catch (CompletionException failure) {
            return failure.getCause();
        }
    }
}
