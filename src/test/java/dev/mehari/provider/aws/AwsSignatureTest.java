package dev.mehari.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mehari.testing.Answers;
import dev.mehari.testing.Gateway;
import dev.mehari.testing.Script;
import dev.mehari.testing.ScriptedUpstream;
import dev.mehari.testing.ScriptedUpstream.Request;
import dev.mehari.testing.SignedRequest;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;

/** What goes to AWS is signed, path and all, as its own client signs it. */
class AwsSignatureTest {
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String ANSWER =
            "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"hi\"}]}},"
                    + "\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":1,\"outputTokens\":1,\"totalTokens\":2},"
                    + "\"metrics\":{\"latencyMs\":1}}";

    private static ScriptedUpstream upstream;
    private static Gateway gateway;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        upstream.answer(Script.json(200, ANSWER));
        gateway = Gateway.start(
                "mehari.providers.bedrock.base-url=" + upstream.address(),
                "mehari.providers.bedrock.aws.region=eu-west-3",
                "mehari.providers.bedrock.aws.access-key-id=AKIDEXAMPLE",
                "mehari.providers.bedrock.aws.secret-access-key=" + SECRET,
                "mehari.providers.bedrock.aws.session-token=the+token==");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.close();
    }

    private static Request sdk(String model) {
        try (BedrockRuntimeClient client = BedrockRuntimeClient.builder()
                .endpointOverride(URI.create(upstream.address()))
                .region(Region.EU_WEST_3)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIDEXAMPLE", SECRET)))
                .build()) {
            client.converse(ask -> ask.modelId(model)
                    .messages(message -> message.role(ConversationRole.USER).content(ContentBlock.fromText("Grüße"))));
        }
        return upstream.last();
    }

    private static Request ours(String model) {
        assertThat(gateway.chat(Answers.ask(model, false), "x-provider", "bedrock")
                        .statusCode())
                .isEqualTo(200);
        return upstream.last();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
                "arn:aws:bedrock:eu-west-3:123456789012:application-inference-profile/a1b2",
                "amazon.model with blanks+and~marks*",
            })
    void thePathAndItsSignatureAreThoseOfTheSdk(String model) {
        Request theirs = sdk(model);
        Request mine = ours(model);
        assertThat(new SignedRequest(theirs).isValid(SECRET))
                .as("this test's own check knows the SDK's signature")
                .isTrue();
        SignedRequest signed = new SignedRequest(mine);
        assertThat(mine.path()).isEqualTo(theirs.path());
        assertThat(signed.isValid(SECRET)).isTrue();
        assertThat(signed.accessKeyId()).isEqualTo("AKIDEXAMPLE");
        assertThat(signed.region()).isEqualTo("eu-west-3");
        assertThat(signed.service()).isEqualTo("bedrock");
        assertThat(signed.signedHeaders()).contains("host", "x-amz-date", "x-amz-security-token");
        assertThat(mine.header("x-amz-security-token")).isEqualTo("the+token==");
    }

    @Test
    void aSignatureWithAnotherKeyWouldBeFound() {
        assertThat(new SignedRequest(ours("amazon.nova-pro-v1:0")).isValid("another"))
                .isFalse();
    }

    @Test
    void aModelThatIsAPathOfItsOwnIsNotSent() {
        upstream.reset();
        assertThat(gateway.chat(Answers.ask("..", false), "x-provider", "bedrock")
                        .statusCode())
                .isEqualTo(404);
        assertThat(upstream.requests()).isEmpty();
    }
}
