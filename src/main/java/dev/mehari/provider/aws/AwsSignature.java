package dev.mehari.provider.aws;

import dev.mehari.transport.UpstreamRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signature version 4, by the SDK's own signer. The path is signed as it is sent, encoded once more: a model id's colon is
 * {@code %3A} on the wire and {@code %253A} in what is signed.
 *
 * <p>Source: AWS IAM User Guide, "Create a signed AWS API request", read 2026-11-21. Thread-safe.
 */
final class AwsSignature {
    /** Of both, bedrock-runtime and bedrock-agent-runtime. */
    private static final String SIGNING_NAME = "bedrock";

    private static final AwsV4HttpSigner SIGNER = AwsV4HttpSigner.create();

    private AwsSignature() {}

    /** The request with {@code authorization} and the {@code x-amz-*} headers that belong to it. */
    static UpstreamRequest sign(UpstreamRequest request, AwsCredentialsIdentity identity, String region) {
        SdkHttpRequest unsigned = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create(request.target().baseUri() + request.path()))
                .putHeader("content-type", "application/json")
                .build();
        SignedRequest signed = SIGNER.sign(sign -> sign.identity(identity)
                .request(unsigned)
                .payload(ContentStreamProvider.fromByteArrayUnsafe(request.body()))
                .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, SIGNING_NAME)
                .putProperty(AwsV4HttpSigner.REGION_NAME, region));
        UpstreamRequest ready = request;
        for (Map.Entry<String, List<String>> header : signed.request().headers().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("authorization") || name.startsWith("x-amz-")) {
                ready = ready.with(name, header.getValue().getFirst());
            }
        }
        return ready;
    }
}
