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
 * @param protocol the wire protocol it speaks: one a {@code routes/protocol-NAME.camel.yaml}
 * @param baseUrl with the path its endpoints begin with; a full chat path is cut back to that, and so is a query. Left
 *     out it is the vendor's own
 * @param publicUrl the vendor's own address, which needs a key; another base URL is available without one. Vertex AI's
 *     follows from its location
 * @param apiKey our credential there, always {@code ${VARIABLE:}}
 * @param auth how the credential is sent
 * @param apiVersion the version of its API, where it wants one named: {@code anthropic-version}; for Azure {@code v1},
 *     {@code preview} or a date, and one in the query of {@code base-url} is taken when there is none here
 * @param google the project it is asked for at Vertex AI, and as whom
 * @param aws where it is at Amazon Bedrock, and as whom
 * @param entra as whom Azure is asked, when not by key
 * @param deployments of Azure: models and what the account calls them, such as {@code {gpt-4o: prod-4o}}; keys with
 *     {@code /} or {@code :} stand in brackets, {@code "[ft:gpt-4o]"}. Other models go by their own name
 * @param httpVersion {@code 1.1} or {@code 2}: as TLS agrees on it, or, without TLS, at once
 *     (docs/operations.md#http2-to-providers)
 * @param chatPath of the chat endpoint below the base; it may carry a query
 * @param embeddings how embeddings are asked for
 * @param responses how the Responses API is asked for, where it is spoken
 * @param headers sent with every request
 * @param defaultModel used when a request names this provider but no model, or, with {@code own-models}, none of its
 * @param standIn the provider that answers when a request names this one but none of its models, where that provider is
 *     available
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
        @Nullable String apiVersion,
        @DefaultValue GoogleSettings google,
        @DefaultValue AwsSettings aws,
        @DefaultValue EntraSettings entra,
        Map<String, String> deployments,
        @DefaultValue("1.1") String httpVersion,
        @DefaultValue("/chat/completions") String chatPath,
        @DefaultValue Embeddings embeddings,
        @DefaultValue Responses responses,
        Map<String, String> headers,
        @Nullable String defaultModel,
        @Nullable String standIn,
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
        /** {@code x-api-key: KEY}. */
        X_API_KEY,
        /** {@code x-goog-api-key: KEY}. */
        X_GOOG_API_KEY,
        /** Not at all: the provider needs none. */
        NONE
    }

    public ProviderSettings {
        apiVersion = MehariSettings.blankToNull(apiVersion);
        if (apiVersion == null) {
            apiVersion = versionIn(baseUrl);
        }
        publicUrl = publicUrl == null || publicUrl.toString().isBlank() ? null : trimmed(publicUrl, chatPath);
        publicUrl = publicUrl == null && "vertex".equals(protocol) ? google.address() : publicUrl;
        baseUrl = baseUrl == null || baseUrl.toString().isBlank() ? publicUrl : trimmed(baseUrl, chatPath);
        apiKey = MehariSettings.blankToNull(apiKey);
        deployments = deployments == null ? Map.of() : Map.copyOf(deployments);
        headers = headers == null ? Map.of() : Map.copyOf(headers);
        defaultModel = MehariSettings.blankToNull(defaultModel);
        standIn = MehariSettings.blankToNull(standIn);
        ownModels = ownModels == null ? List.of() : List.copyOf(ownModels);
        models = models == null ? List.of() : List.copyOf(models);
    }

    /**
     * Whether calls can be sent there: it has an address, and a key or what stands for one, needs none, or stands at an
     * address of the operator's own.
     */
    public boolean isAvailable() {
        if ("bedrock-agent".equals(protocol) && aws.agentId() == null) {
            return false;
        }
        return auth == Auth.NONE
                || (apiKey != null && baseUrl != null)
                || google.isSet()
                || aws.isSet()
                || (entra.isSet() && baseUrl != null)
                || (baseUrl != null && !baseUrl.equals(publicUrl));
    }

    /**
     * Embeddings at a provider that speaks OpenAI's API.
     *
     * @param path of the endpoint below the base; empty: it has none, and a request for them is 404
     * @param dropParams request fields it does not take. With {@code encoding_format} among them it is asked for numbers,
     *     and base64 is written here
     * @param renameParams request fields it knows by another name
     */
    public record Embeddings(
            @DefaultValue("/embeddings") String path, List<String> dropParams, Map<String, String> renameParams) {
        public Embeddings {
            dropParams = dropParams == null ? List.of() : List.copyOf(dropParams);
            renameParams = renameParams == null ? Map.of() : Map.copyOf(renameParams);
        }
    }

    /**
     * The Responses API at a provider that speaks it itself. Requests of its clients pass as bytes then.
     *
     * @param path of the endpoint below the base; empty: it has none, and is asked by chat completions. Left out: Azure
     *     has one, a host of OpenAI's API has none
     * @param state whether it keeps responses and goes on from them by {@code previous_response_id}; else the gateway
     *     sends the conversation itself
     * @param dropParams request fields it does not take
     */
    public record Responses(
            @Nullable String path, @DefaultValue("true") boolean state, List<String> dropParams) {
        public Responses {
            dropParams = dropParams == null ? List.of() : List.copyOf(dropParams);
        }
    }

    /**
     * How long an attempt may take.
     *
     * @param connect for TCP and TLS; of HTTP/2 also until there is a stream
     * @param firstToken of a stream, from sending to the first meaningful event
     * @param idle between two reads of a stream that has begun
     * @param total of a whole attempt, for answers of up to 32,000 tokens; for a larger {@code max_tokens} multiplied by
     *     {@code ⌈max_tokens ÷ 32,000⌉}
     */
    public record Timeouts(
            @DefaultValue("5s") Duration connect,
            @DefaultValue("60s") Duration firstToken,
            @DefaultValue("60s") Duration idle,
            @DefaultValue("600s") Duration total) {

        /** These, but for what a deployment has of its own. */
        public Timeouts with(ModelGroupSettings.OwnTimeouts own) {
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
     * Connections kept to it.
     *
     * @param maxConnections open at once, shared by the event loops in equal parts, rounded up; further calls wait. With
     *     HTTP/2 calls open at once, which share connections
     * @param maxStreams calls at once on one HTTP/2 connection; fewer when the provider says so
     * @param keepAlive of an idle connection
     * @param warmUp connections a loop opened at start, when there is a key
     * @param connectRetries of a connection that could not be made, as nothing was sent on it; of HTTP/2 also of a request
     *     that was refused unread
     */
    public record Pool(
            @DefaultValue("16384") int maxConnections,
            @DefaultValue("100") int maxStreams,
            @DefaultValue("50s") Duration keepAlive,
            @DefaultValue("1") int warmUp,
            @DefaultValue("1") int connectRetries) {}

    /** Azure shows the address of a deployment with the version in its query. */
    private static @Nullable String versionIn(@Nullable URI url) {
        String query = url == null ? null : url.getQuery();
        if (query != null) {
            for (String parameter : query.split("&")) {
                if (parameter.startsWith("api-version=")) {
                    return MehariSettings.blankToNull(parameter.substring("api-version=".length()));
                }
            }
        }
        return null;
    }

    /** The base of an address that may name an endpoint: without query and chat path. */
    private static URI trimmed(URI url, String chatPath) {
        String text = url.toString().strip().split("[?#]", 2)[0];
        while (text.endsWith("/")) {
            text = text.substring(0, text.length() - 1);
        }
        for (String path : List.of("/chat/completions", chatPath)) {
            text = text.endsWith(path) ? text.substring(0, text.length() - path.length()) : text;
        }
        return URI.create(text);
    }
}
