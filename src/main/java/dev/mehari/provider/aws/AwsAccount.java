package dev.mehari.provider.aws;

import dev.mehari.chat.GatewayException.UpstreamRefusedUs;
import dev.mehari.config.AwsSettings;
import dev.mehari.provider.Provider;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;

/** As whom a provider at AWS is asked, and in which region. */
public final class AwsAccount {
    private static final List<String> AMAZON = List.of(".amazonaws.com", ".amazonaws.com.cn", ".api.aws");

    private AwsAccount() {}

    /** Whether it is AWS itself, or a private endpoint into it; else a fake or a proxy, which may want nothing of all this. */
    public static boolean isAmazon(Provider provider) {
        URI base = provider.settings().baseUrl();
        String host =
                base == null || base.getHost() == null ? "" : base.getHost().toLowerCase(Locale.ROOT);
        return AMAZON.stream().anyMatch(host::endsWith);
    }

    /**
     * The region to sign for.
     *
     * @throws UpstreamRefusedUs AWS itself is to be asked, and nobody has said in which region
     */
    public static String region(Provider provider) {
        String region = provider.settings().aws().region();
        if (region == null && isAmazon(provider)) {
            throw new UpstreamRefusedUs(
                    provider.name(), "has no region yet: set AWS_REGION in the environment or in .env");
        }
        return region == null ? "us-east-1" : region;
    }

    /**
     * Where its credentials come from: the settings, a named profile, or where the SDK looks by default. For an address
     * that is not AWS's the metadata service of EC2 is not asked, which off EC2 would only cost time.
     */
    static AwsCredentialsProvider credentials(Provider provider) {
        AwsSettings aws = provider.settings().aws();
        String id = aws.accessKeyId();
        String secret = aws.secretAccessKey();
        if (id != null && secret != null) {
            return fixed(id, secret, aws.sessionToken());
        }
        if (aws.profile() != null) {
            return ProfileCredentialsProvider.create(aws.profile());
        }
        return isAmazon(provider) ? DefaultCredentialsProvider.create() : withoutMetadataService();
    }

    private static AwsCredentialsProvider fixed(String id, String secret, @Nullable String sessionToken) {
        return StaticCredentialsProvider.create(
                sessionToken == null
                        ? AwsBasicCredentials.create(id, secret)
                        : AwsSessionCredentials.create(id, secret, sessionToken));
    }

    private static AwsCredentialsProvider withoutMetadataService() {
        return AwsCredentialsProviderChain.of(
                SystemPropertyCredentialsProvider.create(),
                EnvironmentVariableCredentialsProvider.create(),
                WebIdentityTokenFileCredentialsProvider.create(),
                ProfileCredentialsProvider.create(),
                ContainerCredentialsProvider.create());
    }
}
