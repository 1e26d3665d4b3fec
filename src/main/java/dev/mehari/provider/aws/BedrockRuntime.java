package dev.mehari.provider.aws;

import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamTarget;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.auth.scheme.BedrockRuntimeAuthSchemeProvider;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;

/**
 * Bean {@code bedrockRuntime}, the client of Camel's {@code aws-bedrock:} endpoints: one for all providers, which passes
 * each request on to a client of the SDK's that knows its provider's address, region and time-outs. Those are made when
 * they are first needed. Thread-safe; blocks, and ends when its thread is interrupted.
 */
@Lazy
@Component("bedrockRuntime")
final class BedrockRuntime implements BedrockRuntimeClient {
    /** On each request: for whom it is. */
    static final ExecutionAttribute<Provider> PROVIDER = new ExecutionAttribute<>("mehari.provider");

    private final Map<UpstreamTarget, BedrockRuntimeClient> clients = new ConcurrentHashMap<>();

    @Override
    public InvokeModelResponse invokeModel(InvokeModelRequest request) {
        Provider provider = request.overrideConfiguration()
                .map(own -> own.executionAttributes().getAttribute(PROVIDER))
                .orElseThrow(() -> new IllegalStateException("the request does not say which provider it is for"));
        UpstreamTarget target = provider.target();
        if (target == null) {
            throw new IllegalStateException("provider \"" + provider.name() + "\" has no base-url");
        }
        return clients.computeIfAbsent(target, key -> client(provider, key)).invokeModel(request);
    }

    private static BedrockRuntimeClient client(Provider provider, UpstreamTarget target) {
        return BedrockRuntimeClient.builder()
                .endpointOverride(target.baseUri())
                .region(Region.of(AwsAccount.region(provider)))
                // Each request brings its own.
                .credentialsProvider(AnonymousCredentialsProvider.create())
                // Else AWS_BEARER_TOKEN_BEDROCK would go to providers with keys of their own too.
                .authSchemeProvider(BedrockRuntimeAuthSchemeProvider.defaultProvider(List.of("aws.auth#sigv4")))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(target.connectTimeout())
                        .socketTimeout(provider.timeouts(null).total()))
                // Whether to ask again is for the route's loop to decide.
                .overrideConfiguration(own -> own.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        clients.values().forEach(BedrockRuntimeClient::close);
    }
}
