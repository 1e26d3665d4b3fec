package dev.mehari.provider.gemini;

import com.google.api.client.http.HttpResponseException;
import com.google.auth.oauth2.GoogleCredentials;
import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamRefusedUs;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import dev.mehari.config.ProviderSettings;
import dev.mehari.provider.Credentials;
import dev.mehari.provider.Provider;
import dev.mehari.transport.UpstreamRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Access tokens for Vertex AI: of a service account, an authorized user or a workload identity, from the file in the
 * settings or from where Google's own tools look (application default credentials). Google's library keeps a token until
 * minutes before its end, and has one caller fetch the next.
 */
@Component
final class VertexCredentials implements Credentials {
    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";

    /** By provider. */
    private final Map<String, FutureTask<GoogleCredentials>> held = new ConcurrentHashMap<>();

    @Override
    public Set<String> protocols() {
        return Set.of("vertex");
    }

    @Override
    public UpstreamRequest sign(UpstreamRequest request, Provider provider) {
        ProviderSettings settings = provider.settings();
        if (settings.apiKey() != null || needsNone(request.target().baseUri(), settings)) {
            return request;
        }
        GoogleCredentials credentials = credentials(provider);
        UpstreamRequest signed = request;
        for (Map.Entry<String, List<String>> header :
                headers(credentials, provider).entrySet()) {
            signed = signed.with(
                    header.getKey().toLowerCase(Locale.ROOT), header.getValue().getFirst());
        }
        return signed;
    }

    @Override
    public void refused(Provider provider) {
        held.remove(provider.name());
    }

    /** No token that the operator did not ask for goes over a line that everyone can read: such a host is a fake's. */
    private static boolean needsNone(URI base, ProviderSettings settings) {
        return settings.google().credentials() == null && "http".equalsIgnoreCase(base.getScheme());
    }

    /** {@code authorization}, and {@code x-goog-user-project} where the credentials name who pays. */
    private static Map<String, List<String>> headers(GoogleCredentials credentials, Provider provider) {
        try {
            return credentials.getRequestMetadata();
        } catch (IOException failure) {
            throw failed(failure, provider);
        }
    }

    private static GatewayException failed(IOException failure, Provider provider) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpResponseException answer && answer.getStatusCode() / 100 == 4) {
                return new UpstreamRefusedUs(
                        provider.name(), "cannot be asked: Google refused the gateway's credentials an access token");
            }
        }
        return new UpstreamUnavailable(
                503, "provider \"" + provider.name() + "\" cannot be asked: no access token could be fetched", null);
    }

    private GoogleCredentials credentials(Provider provider) {
        FutureTask<GoogleCredentials> mine = new FutureTask<>(
                () -> load(provider.settings().google().credentials()).createScoped(SCOPE));
        FutureTask<GoogleCredentials> known = held.putIfAbsent(provider.name(), mine);
        FutureTask<GoogleCredentials> one = known == null ? mine : known;
        if (one == mine) {
            mine.run();
        }
        try {
            return one.get();
        } catch (ExecutionException failure) {
            held.remove(provider.name(), one);
            throw new UpstreamRefusedUs(
                    provider.name(),
                    "cannot be asked: no Google credentials could be read; set GOOGLE_APPLICATION_CREDENTIALS to the file of a service"
                            + " account, or run where Google provides them");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new GatewayException.Internal(stop);
        }
    }

    private static GoogleCredentials load(@Nullable String file) throws IOException {
        if (file == null) {
            return GoogleCredentials.getApplicationDefault();
        }
        try (InputStream content = Files.newInputStream(Path.of(file))) {
            return GoogleCredentials.fromStream(content);
        }
    }
}
