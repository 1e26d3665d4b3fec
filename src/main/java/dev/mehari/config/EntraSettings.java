package dev.mehari.config;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Microsoft Entra ID: client credentials, which are a secret or a token that the platform vouches with, or the managed
 * identity of the machine.
 *
 * @param tenantId of the directory
 * @param clientId of the application, or of a user-assigned managed identity
 * @param clientSecret of the application; null: a federated token
 * @param federatedTokenFile of a workload identity, as Kubernetes mounts and renews it
 * @param scope null: what the API version at hand wants
 * @param authority where tokens are made
 * @param managedIdentity whether tokens are those of the machine's or app's own identity, whatever else is set
 * @param identityEndpoint where App Service, Functions and Container Apps give tokens; set there by Azure
 * @param identityHeader the secret that this wants
 * @param metadataService where tokens come from elsewhere on Azure: the instance metadata service
 */
public record EntraSettings(
        @Nullable String tenantId,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @Nullable String federatedTokenFile,
        @Nullable String scope,

        @DefaultValue(PUBLIC_CLOUD) URI authority,

        @DefaultValue("false") boolean managedIdentity,

        @Nullable URI identityEndpoint,
        @Nullable String identityHeader,

        @DefaultValue(METADATA_SERVICE) URI metadataService) {
    private static final String PUBLIC_CLOUD = "https://login.microsoftonline.com";
    private static final String METADATA_SERVICE = "http://169.254.169.254";

    public EntraSettings {
        tenantId = MehariSettings.blankToNull(tenantId);
        clientId = MehariSettings.blankToNull(clientId);
        clientSecret = MehariSettings.blankToNull(clientSecret);
        federatedTokenFile = MehariSettings.blankToNull(federatedTokenFile);
        scope = MehariSettings.blankToNull(scope);
        authority = orElse(authority, PUBLIC_CLOUD);
        boolean named = identityEndpoint != null && !identityEndpoint.toString().isBlank();
        identityEndpoint = named ? identityEndpoint : null;
        identityHeader = MehariSettings.blankToNull(identityHeader);
        metadataService = orElse(metadataService, METADATA_SERVICE);
    }

    /** A variable may be set to nothing. */
    private static URI orElse(@Nullable URI address, String fallback) {
        return address == null || address.toString().isBlank() ? URI.create(fallback) : address;
    }

    /** Whether tokens can be asked for. */
    public boolean isSet() {
        boolean credentials = clientSecret != null || federatedTokenFile != null;
        return managedIdentity || (tenantId != null && clientId != null && credentials);
    }
}
