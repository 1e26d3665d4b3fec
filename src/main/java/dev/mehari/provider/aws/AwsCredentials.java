package dev.mehari.provider.aws;

import dev.mehari.chat.GatewayException.UpstreamRefusedUs;
import dev.mehari.provider.Credentials;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Signs what goes to Bedrock. Keys that expire are renewed ahead of their end by the SDK's providers, which let one caller
 * fetch. A provider with an API key needs no signature: the key is a bearer token in its headers. One at an address that
 * is not AWS's is asked without a signature when no credentials are found; that is remembered.
 */
@Component
final class AwsCredentials implements Credentials {
    private final Map<String, AwsCredentialsProvider> sources = new ConcurrentHashMap<>();
    private final Set<String> withoutAny = ConcurrentHashMap.newKeySet();

    @Override
    public Set<String> protocols() {
        return Set.of("bedrock", "bedrock-agent");
    }

    @Override
    public UpstreamRequest sign(UpstreamRequest request, Provider provider) {
        String region = AwsAccount.region(provider);
        if (provider.settings().apiKey() != null) {
            return request;
        }
        return identity(provider)
                .map(identity -> AwsSignature.sign(request, identity, region))
                .orElse(request);
    }

    /** For the SDK's own clients: what {@link #sign} would use now, or none. */
    AwsCredentialsProvider provider(Provider provider) {
        return identity(provider)
                .<AwsCredentialsProvider>map(StaticCredentialsProvider::create)
                .orElseGet(AnonymousCredentialsProvider::create);
    }

    private Optional<software.amazon.awssdk.auth.credentials.AwsCredentials> identity(Provider provider) {
        if (withoutAny.contains(provider.name())) {
            return Optional.empty();
        }
        try {
            return Optional.of(sources.computeIfAbsent(provider.name(), name -> AwsAccount.credentials(provider))
                    .resolveCredentials());
        } catch (SdkException none) {
            if (!AwsAccount.isAmazon(provider) && none instanceof SdkClientException) {
                withoutAny.add(provider.name());
                return Optional.empty();
            }
            // What the SDK says tells of files and accounts: not for the client.
            throw new UpstreamRefusedUs(
                    provider.name(),
                    "cannot be asked: no AWS credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
                            + " AWS_PROFILE or AWS_BEARER_TOKEN_BEDROCK, or run where AWS provides them");
        }
    }

    @Override
    public void refused(Provider provider) {
        sources.remove(provider.name());
        withoutAny.remove(provider.name());
    }
}
