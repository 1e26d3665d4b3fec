package dev.mehari.config;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Amazon Bedrock. Without keys and profile the SDK's own chain looks for credentials.
 *
 * @param region for example {@code us-east-1}
 * @param profile in the files of the AWS command line; also one that assumes a role
 * @param accessKeyId of a key; null: the profile's, else where the SDK looks
 * @param secretAccessKey of that key
 * @param sessionToken of that key, when it is a temporary one
 * @param agentId of a Bedrock agent. Others are asked for as model {@code bedrock-agent/AGENT/ALIAS}
 * @param agentAliasId of that agent
 * @param guardrailId of the guardrail that every model call goes through, or its ARN
 * @param guardrailVersion of that guardrail, a number or {@code DRAFT}
 */
public record AwsSettings(
        @Nullable String region,
        @Nullable String profile,
        @Nullable String accessKeyId,
        @Nullable String secretAccessKey,
        @Nullable String sessionToken,
        @Nullable String agentId,
        @Nullable String agentAliasId,
        @Nullable String guardrailId,
        @DefaultValue("DRAFT") String guardrailVersion) {
    public AwsSettings {
        region = MehariSettings.blankToNull(region);
        profile = MehariSettings.blankToNull(profile);
        accessKeyId = MehariSettings.blankToNull(accessKeyId);
        secretAccessKey = MehariSettings.blankToNull(secretAccessKey);
        sessionToken = MehariSettings.blankToNull(sessionToken);
        agentId = MehariSettings.blankToNull(agentId);
        agentAliasId = MehariSettings.blankToNull(agentAliasId);
        guardrailId = MehariSettings.blankToNull(guardrailId);
    }

    boolean isSet() {
        return region != null || profile != null || accessKeyId != null;
    }
}
