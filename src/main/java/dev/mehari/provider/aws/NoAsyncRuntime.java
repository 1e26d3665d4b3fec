package dev.mehari.provider.aws;

import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;

/**
 * Bean {@code bedrockRuntimeAsync}: {@code aws-bedrock:} wants an asynchronous client too, for the streams that do not go
 * through it here, and would make one over Netty. This refuses all that is asked of it.
 */
@Lazy
@Component("bedrockRuntimeAsync")
final class NoAsyncRuntime implements BedrockRuntimeAsyncClient {
    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
