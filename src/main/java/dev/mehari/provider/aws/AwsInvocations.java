package dev.mehari.provider.aws;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.Internal;
import dev.mehari.chat.GatewayException.UpstreamTimeout;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Invocations;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;

/**
 * Bedrock's InvokeModel as Camel's {@code aws-bedrock:} takes it: a request of the SDK's, which carries the provider it is
 * for ({@link BedrockRuntime} finds its client), that provider's credentials and its headers.
 */
@Component
final class AwsInvocations implements Invocations {
    /** Those that the SDK writes itself. */
    private static final Set<String> OF_THE_SDK = Set.of("content-type", "accept-encoding", "user-agent");

    private final AwsCredentials credentials;

    AwsInvocations(AwsCredentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public String protocol() {
        return "bedrock";
    }

    @Override
    public Object invocation(Ask ask, UpstreamRequest request) {
        Provider provider = ask.provider();
        AwsRequestOverrideConfiguration.Builder own = AwsRequestOverrideConfiguration.builder()
                .credentialsProvider(credentials(provider))
                .putExecutionAttribute(BedrockRuntime.PROVIDER, provider);
        for (Map.Entry<String, String> header : request.headers()) {
            if (!OF_THE_SDK.contains(header.getKey())) {
                own.putHeader(header.getKey(), header.getValue());
            }
        }
        return InvokeModelRequest.builder()
                .modelId(ask.model())
                .contentType("application/json")
                .accept("application/json")
                .body(SdkBytes.fromByteArrayUnsafe(request.body()))
                .overrideConfiguration(own.build())
                .build();
    }

    /** None where an API key is among the headers, and where nobody asks for any. */
    private AwsCredentialsProvider credentials(Provider provider) {
        return provider.settings().apiKey() != null
                ? AnonymousCredentialsProvider.create()
                : credentials.provider(provider);
    }

    @Override
    public UpstreamResponse answer(Object body) {
        if (!(body instanceof InvokeModelResponse answer)) {
            throw new IllegalStateException("the route leaves no answer of aws-bedrock: with pojoRequest in its body");
        }
        return UpstreamResponse.whole(
                answer.sdkHttpResponse().statusCode(),
                answer.sdkHttpResponse().headers(),
                answer.body().asByteArrayUnsafe());
    }

    @Override
    public UpstreamResponse failure(Ask ask, Throwable cause) {
        if (cause instanceof AwsServiceException refused) {
            return answer(refused);
        }
        if (cause instanceof GatewayException known) {
            throw known;
        }
        if (cause instanceof SdkClientException broken) {
            throw unreachable("provider \"" + ask.provider().name() + "\" ", broken);
        }
        throw new Internal(cause);
    }

    private static UpstreamResponse answer(AwsServiceException refused) {
        AwsErrorDetails details = refused.awsErrorDetails();
        Map<String, List<String>> headers =
                details == null ? Map.of() : details.sdkHttpResponse().headers();
        boolean told = details != null && details.rawResponse() != null;
        return UpstreamResponse.whole(
                refused.statusCode(), headers, told ? details.rawResponse().asByteArrayUnsafe() : new byte[0]);
    }

    /** In the words of the gateway's own transport; what the SDK says tells of hosts and addresses. */
    private static GatewayException unreachable(String who, SdkClientException broken) {
        for (Throwable cause = broken; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return new UpstreamTimeout(who + "did not accept a connection, or did not answer, in time");
            }
            if (cause instanceof UnknownHostException) {
                return new UpstreamUnavailable(502, who + "cannot be reached: its host name is unknown", null);
            }
            if (cause instanceof SSLException) {
                return new UpstreamUnavailable(502, who + "cannot be reached: the TLS handshake failed", null);
            }
        }
        return new UpstreamUnavailable(502, who + "cannot be reached, or broke off before it had answered", null);
    }
}
