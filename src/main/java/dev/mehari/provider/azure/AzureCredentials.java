package dev.mehari.provider.azure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException.UpstreamRefusedUs;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.chat.SteadyClock;
import dev.mehari.config.EntraSettings;
import dev.mehari.config.ProviderSettings;
import dev.mehari.provider.Credentials;
import dev.mehari.provider.HeldToken;
import dev.mehari.provider.Provider;
import dev.mehari.transport.TokenRequest;
import dev.mehari.transport.UpstreamRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * Access tokens of Microsoft Entra ID for Azure without a key: by client credentials, which are a secret or a workload
 * identity's token, or of the machine's managed identity. Source: Microsoft identity platform, OAuth 2.0 client credentials
 * flow, read 2026-11-21.
 */
@Component
final class AzureCredentials implements Credentials {
    private static final String DATED_SCOPE = "https://cognitiveservices.azure.com/.default";
    private static final String SCOPE = "https://ai.azure.com/.default";

    /** The number under which Microsoft documents what is wrong; the words around it name tenant and application. */
    private static final Pattern REASON = Pattern.compile("AADSTS\\d+");

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** By provider. */
    private final Map<String, HeldToken> held = new ConcurrentHashMap<>();

    @Override
    public Set<String> protocols() {
        return Set.of("azure");
    }

    @Override
    public UpstreamRequest sign(UpstreamRequest request, Provider provider) {
        ProviderSettings settings = provider.settings();
        if (settings.apiKey() != null || !settings.entra().isSet()) {
            return request;
        }
        return request.with("authorization", "Bearer " + held(provider).value());
    }

    @Override
    public void refused(Provider provider) {
        held(provider).drop();
    }

    private HeldToken held(Provider provider) {
        return held.computeIfAbsent(
                provider.name(), name -> new HeldToken(SteadyClock.OF_PROCESS, () -> fetch(provider)));
    }

    private static HeldToken.Token fetch(Provider provider) {
        EntraSettings entra = provider.settings().entra();
        if (entra.managedIdentity()) {
            return ManagedIdentity.fetch(provider, scope(provider));
        }
        String authority = entra.authority().toString();
        URI address =
                URI.create(authority + (authority.endsWith("/") ? "" : "/") + entra.tenantId() + "/oauth2/v2.0/token");
        try {
            return read(TokenRequest.post(address, form(provider), TIMEOUT), provider);
        } catch (IOException nobody) {
            throw unavailable(provider);
        }
    }

    private static Map<String, String> form(Provider provider) {
        EntraSettings entra = provider.settings().entra();
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", Objects.requireNonNull(entra.clientId()));
        if (entra.clientSecret() != null) {
            form.put("client_secret", entra.clientSecret());
        } else {
            form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            form.put("client_assertion", federatedToken(provider));
        }
        form.put("scope", scope(provider));
        return form;
    }

    private static String scope(Provider provider) {
        String scope = provider.settings().entra().scope();
        return scope != null ? scope : new AzureSite(provider.settings()).isDated() ? DATED_SCOPE : SCOPE;
    }

    /** Read anew each time: the platform renews it. */
    private static String federatedToken(Provider provider) {
        try {
            return Files.readString(Path.of(
                            Objects.requireNonNull(provider.settings().entra().federatedTokenFile())))
                    .strip();
        } catch (IOException unreadable) {
            throw new UpstreamRefusedUs(
                    provider.name(), "cannot be asked: the file that AZURE_FEDERATED_TOKEN_FILE names cannot be read");
        }
    }

    /** @throws IOException it is no JSON */
    private static HeldToken.Token read(TokenRequest.Answer answer, Provider provider) throws IOException {
        if (answer.status() / 100 == 4 && answer.status() != 429) {
            Matcher reason = REASON.matcher(new String(answer.body(), StandardCharsets.UTF_8));
            throw new UpstreamRefusedUs(
                    provider.name(),
                    "cannot be asked: Entra ID refused the gateway's client credentials a token"
                            + (reason.find() ? " (" + reason.group() + ")" : ""));
        }
        JsonNode token = Json.MAPPER.readTree(answer.body());
        if (answer.status() != 200 || !token.path("access_token").isTextual()) {
            throw unavailable(provider);
        }
        // An hour is what Entra ID gives where nothing else is agreed.
        Duration life = Duration.ofSeconds(token.path("expires_in").asLong(3600));
        return new HeldToken.Token(token.path("access_token").textValue(), life);
    }

    private static UpstreamUnavailable unavailable(Provider provider) {
        return new UpstreamUnavailable(
                503, "provider \"" + provider.name() + "\" cannot be asked: Entra ID gave no token", null);
    }
}
