package dev.mehari.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One provider: {@code mehari.providers.<name>}. Immutable.
 *
 * @param protocol the wire protocol it speaks, for example {@code openai}
 * @param baseUrl with the path its endpoints begin with; a full chat path is cut back to that
 * @param publicUrl the vendor's own address, which needs a key; another base URL is available without one
 * @param apiKey our credential there
 * @param auth how the credential is sent
 * @param httpVersion {@code 1.1} or {@code 2}
 * @param chatPath of the chat endpoint below the base
 * @param headers sent with every request
 * @param defaultModel used when a request names this provider but no model of its
 * @param ownModels glob patterns of its models; empty: any name may be one
 * @param models listed at {@code GET /v1/models}
 * @param timeouts how long an attempt may take
 * @param pool connections kept to it
 * @param quirks where it differs from OpenAI
 */
public record ProviderSettings(
        String protocol,
        @Nullable URI baseUrl,
        @Nullable URI publicUrl,
        @Nullable String apiKey,
        @DefaultValue("bearer") Auth auth,
        @DefaultValue("1.1") String httpVersion,
        @DefaultValue("/chat/completions") String chatPath,
        Map<String, String> headers,
        @Nullable String defaultModel,
        List<String> ownModels,
        List<String> models,
        @DefaultValue Timeouts timeouts,
        @DefaultValue Pool pool,
        @DefaultValue Quirks quirks) {

    /** How a credential travels. */
    public enum Auth {
        /** {@code Authorization: Bearer KEY}. */
        BEARER,
        /** {@code api-key: KEY}. */
        API_KEY,
        /** {@code Authorization: Token KEY}. */
        TOKEN,
        /** Not at all: the provider needs none. */
        NONE
    }

    public ProviderSettings {
        baseUrl = baseUrl == null || baseUrl.toString().isBlank() ? null : trimmed(baseUrl);
        publicUrl = publicUrl == null || publicUrl.toString().isBlank() ? null : trimmed(publicUrl);
        apiKey = MehariSettings.blankToNull(apiKey);
        headers = headers == null ? Map.of() : Map.copyOf(headers);
        defaultModel = MehariSettings.blankToNull(defaultModel);
        ownModels = ownModels == null ? List.of() : List.copyOf(ownModels);
        models = models == null ? List.of() : List.copyOf(models);
    }

    /** Whether calls can be sent there: it has a key, needs none, or stands at an address of the operator's own. */
    public boolean isAvailable() {
        return auth == Auth.NONE || apiKey != null || (baseUrl != null && !baseUrl.equals(publicUrl));
    }

    /**
     * @param connect for TCP and TLS
     * @param firstToken of a stream
     * @param idle between two reads of a stream
     * @param total of a whole attempt
     */
    public record Timeouts(
            @DefaultValue("5s") Duration connect,
            @DefaultValue("60s") Duration firstToken,
            @DefaultValue("60s") Duration idle,
            @DefaultValue("600s") Duration total) {

        /** These, but for what a deployment has of its own. */
        public Timeouts with(MehariSettings.OwnTimeouts own) {
            return new Timeouts(
                    own.connect() == null ? connect : own.connect(),
                    own.firstToken() == null ? firstToken : own.firstToken(),
                    own.idle() == null ? idle : own.idle(),
                    own.total() == null ? total : own.total());
        }

        /** Whether each leaves time for something to happen. */
        public boolean arePositive() {
            return connect.isPositive() && firstToken.isPositive() && idle.isPositive() && total.isPositive();
        }
    }

    /**
     * @param maxConnections open at once; with HTTP/2 calls open at once, which share connections
     * @param maxStreams calls at once on one HTTP/2 connection; fewer when the provider says so
     * @param keepAlive of an idle connection
     * @param warmUp connections opened at start, when there is a key
     * @param connectRetries of a connection that could not be made
     */
    public record Pool(
            @DefaultValue("16384") int maxConnections,
            @DefaultValue("100") int maxStreams,
            @DefaultValue("50s") Duration keepAlive,
            @DefaultValue("1") int warmUp,
            @DefaultValue("1") int connectRetries) {}

    private static URI trimmed(URI url) {
        String text = url.toString().strip();
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        if (text.endsWith("/chat/completions")) {
            text = text.substring(0, text.length() - "/chat/completions".length());
        }
        return URI.create(text);
    }
}
