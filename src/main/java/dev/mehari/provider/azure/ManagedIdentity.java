package dev.mehari.provider.azure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.GatewayException.UpstreamRefusedUs;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.chat.Json;
import dev.mehari.config.EntraSettings;
import dev.mehari.provider.HeldToken;
import dev.mehari.provider.Provider;
import dev.mehari.transport.TokenRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Access tokens of the identity that Azure gives the machine or the app the gateway runs on: of App Service, Functions and
 * Container Apps by the endpoint that their environment names, else of the instance metadata service, which virtual
 * machines and AKS nodes have. Stateless. Sources: "How to use managed identities for Azure resources on an Azure VM to
 * acquire an access token", "Managed identities for App Service", read 2026-11-21.
 */
final class ManagedIdentity {
    private static final String METADATA_PATH = "/metadata/identity/oauth2/token";
    private static final String METADATA_VERSION = "2018-02-01";
    private static final String APP_VERSION = "2019-08-01";

    /** Nobody far away is asked; where there is no such service a connection only times out. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** These go by; a new instance's identity takes a while to be known. Microsoft, "Error handling". */
    private static final Set<Integer> PASSING = Set.of(404, 410, 429);

    private static final Pattern CODE = Pattern.compile("[A-Za-z_]{1,40}");

    private ManagedIdentity() {}

    /**
     * A new token; blocks.
     *
     * @throws UpstreamRefusedUs there is no such identity
     * @throws UpstreamUnavailable nobody gave one, this time
     */
    static HeldToken.Token fetch(Provider provider, String scope) {
        try {
            return read(ask(provider.settings().entra(), scope), provider);
        } catch (IOException nobody) {
            throw unavailable(provider, "no managed identity service answered; there is one on Azure only");
        }
    }

    private static TokenRequest.Answer ask(EntraSettings entra, String scope) throws IOException {
        URI endpoint = entra.identityEndpoint();
        String secret = entra.identityHeader();
        return endpoint != null && secret != null
                ? TokenRequest.getNearby(
                        endpoint, query(entra, scope, APP_VERSION), Map.of("X-IDENTITY-HEADER", secret), TIMEOUT)
                : TokenRequest.getNearby(
                        metadata(entra), query(entra, scope, METADATA_VERSION), Map.of("Metadata", "true"), TIMEOUT);
    }

    private static Map<String, String> query(EntraSettings entra, String scope, String version) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("api-version", version);
        query.put("resource", resource(scope));
        if (entra.clientId() != null) {
            query.put("client_id", entra.clientId());
        }
        return query;
    }

    private static URI metadata(EntraSettings entra) {
        String service = entra.metadataService().toString();
        return URI.create(
                (service.endsWith("/") ? service.substring(0, service.length() - 1) : service) + METADATA_PATH);
    }

    /** These endpoints are of the older kind, which knows resources only. */
    private static String resource(String scope) {
        String all = "/.default";
        return scope.endsWith(all) ? scope.substring(0, scope.length() - all.length()) : scope;
    }

    /** @throws IOException it is no JSON */
    private static HeldToken.Token read(TokenRequest.Answer answer, Provider provider) throws IOException {
        int status = answer.status();
        if (status / 100 == 4 && !PASSING.contains(status)) {
            throw new UpstreamRefusedUs(
                    provider.name(),
                    "cannot be asked: Azure has no token for the gateway's managed identity" + reason(answer)
                            + "; one must be assigned to this machine or app, and AZURE_CLIENT_ID must name it when it is"
                            + " user-assigned");
        }
        JsonNode token = Json.MAPPER.readTree(answer.body());
        if (status != 200 || !token.path("access_token").isTextual()) {
            throw unavailable(provider, "the managed identity service gave no token (status " + status + ")");
        }
        return new HeldToken.Token(token.path("access_token").textValue(), life(token));
    }

    /** Numbers in texts: seconds from now, which App Service leaves out, and the Unix second of its end. */
    private static Duration life(JsonNode token) {
        long seconds = token.path("expires_in").asLong(0);
        if (seconds <= 0) {
            seconds = token.path("expires_on").asLong(0) - Instant.now().getEpochSecond();
        }
        return Duration.ofSeconds(Math.max(0, seconds));
    }

    /** Only the word: what is written beside it names the identity. */
    private static String reason(TokenRequest.Answer answer) {
        try {
            String code = Json.MAPPER.readTree(answer.body()).path("error").asText();
            return CODE.matcher(code).matches() ? " (" + code + ")" : "";
        } catch (IOException notJson) {
            return "";
        }
    }

    private static UpstreamUnavailable unavailable(Provider provider, String why) {
        return new UpstreamUnavailable(503, "provider \"" + provider.name() + "\" cannot be asked: " + why, null);
    }
}
