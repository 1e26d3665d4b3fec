package dev.mehari.provider;

import dev.mehari.chat.NamePattern;
import dev.mehari.config.ModelGroupSettings;
import dev.mehari.config.ProviderSettings;
import dev.mehari.config.Quirks;
import dev.mehari.transport.Timeouts;
import dev.mehari.transport.UpstreamTarget;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One configured provider with everything a call needs made ready. Immutable. */
public final class Provider {
    private static final long TOKENS_OF_TOTAL = 32_000;
    private static final int SHORTEST_KEY = 8;
    private static final long MOST_TIMES_TOTAL = 100;

    private final String name;
    private final ProviderSettings settings;
    private final @Nullable String keyVariable;
    private final @Nullable UpstreamTarget target;
    private final Timeouts timeouts;
    private final List<Map.Entry<String, String>> headers;
    private final List<String> ownModels;

    /**
     * @param keyVariable the environment variable its key comes from, for hints
     */
    public Provider(String name, ProviderSettings settings, @Nullable String keyVariable) {
        this(name, settings, settings.timeouts(), keyVariable);
    }

    private Provider(
            String name, ProviderSettings settings, ProviderSettings.Timeouts timeouts, @Nullable String keyVariable) {
        this.name = name;
        this.settings = settings;
        this.keyVariable = keyVariable;
        this.target = settings.baseUrl() == null
                ? null
                : new UpstreamTarget(
                        name,
                        settings.baseUrl(),
                        timeouts.connect(),
                        settings.httpVersion().equals("2"),
                        settings.pool().maxConnections(),
                        settings.pool().maxStreams(),
                        settings.pool().keepAlive(),
                        settings.pool().connectRetries());
        this.timeouts = new Timeouts(timeouts.firstToken(), timeouts.idle(), timeouts.total());
        this.headers = headers(settings);
        this.ownModels = settings.ownModels().stream()
                .map(pattern -> pattern.toLowerCase(Locale.ROOT))
                .toList();
    }

    private static List<Map.Entry<String, String>> headers(ProviderSettings settings) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        headers.add(Map.entry("content-type", "application/json"));
        // Compressed answers would have to be taken apart to be read; asked for plainly they pass as they are.
        headers.add(Map.entry("accept-encoding", "identity"));
        headers.add(Map.entry("user-agent", "mehari"));
        String key = settings.apiKey();
        if (key != null) {
            switch (settings.auth()) {
                case BEARER -> headers.add(Map.entry("authorization", "Bearer " + key));
                case API_KEY -> headers.add(Map.entry("api-key", key));
                case TOKEN -> headers.add(Map.entry("authorization", "Token " + key));
                case X_API_KEY -> headers.add(Map.entry("x-api-key", key));
                case X_GOOG_API_KEY -> headers.add(Map.entry("x-goog-api-key", key));
                case NONE -> {}
            }
        }
        settings.headers().forEach((header, value) -> headers.add(Map.entry(header.toLowerCase(Locale.ROOT), value)));
        return List.copyOf(headers);
    }

    /**
     * The same provider with the time-outs of one of its deployments. Another time to connect means connections of its own.
     */
    public Provider with(ModelGroupSettings.OwnTimeouts own) {
        return new Provider(name, settings, settings.timeouts().with(own), keyVariable);
    }

    public String name() {
        return name;
    }

    public String protocol() {
        return settings.protocol();
    }

    public boolean isAvailable() {
        return settings.isAvailable();
    }

    public @Nullable String defaultModel() {
        return settings.defaultModel();
    }

    /** Whether a model of that name may be one of its. */
    public boolean mayServe(String model) {
        return ownModels.isEmpty()
                || settings.models().contains(model)
                || settings.deployments().containsKey(model)
                || NamePattern.anyMatches(ownModels, model.toLowerCase(Locale.ROOT));
    }

    /** The models it lists, its deployments and its default among them. */
    public List<String> models() {
        Set<String> all = new LinkedHashSet<>(settings.models());
        all.addAll(new TreeSet<>(settings.deployments().keySet()));
        if (settings.defaultModel() != null) {
            all.add(settings.defaultModel());
        }
        return List.copyOf(all);
    }

    /** Where it is; null for a provider that answers by itself. */
    public @Nullable UpstreamTarget target() {
        return target;
    }

    public String chatPath() {
        return settings.chatPath();
    }

    /**
     * How long an attempt may take. The total is meant for answers of up to 32,000 tokens; a request for more gets more,
     * in proportion.
     *
     * @param maxTokens the most output tokens asked for
     */
    public Timeouts timeouts(@Nullable Long maxTokens) {
        long times = timesOfTotal(maxTokens);
        return times == 1
                ? timeouts
                : new Timeouts(
                        timeouts.firstToken(), timeouts.idle(), timeouts.total().multipliedBy(times));
    }

    /** How often the time of an ordinary answer a request gets: once for every 32,000 tokens it asks for, at most 100. */
    public static long timesOfTotal(@Nullable Long maxTokens) {
        return maxTokens == null || maxTokens <= TOKENS_OF_TOTAL
                ? 1
                : Math.min(MOST_TIMES_TOTAL, Math.ceilDiv(maxTokens, TOKENS_OF_TOTAL));
    }

    /** What every request to it carries, its credentials included. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** An upstream's words for the client: without our key, should it have quoted that. */
    public ErrorBody withoutKey(ErrorBody error) {
        String key = settings.apiKey();
        // A key of few letters is none of a vendor's: it would be found in every other word.
        return key == null || key.length() < SHORTEST_KEY || !error.message().contains(key)
                ? error
                : new ErrorBody(error.message().replace(key, "[key]"), error.type(), error.code(), error.param());
    }

    public Quirks quirks() {
        return settings.quirks();
    }

    /** What its protocol needs to know of it beyond that. */
    public ProviderSettings settings() {
        return settings;
    }

    /** How many connections to open at start. */
    public int warmUp() {
        return settings.apiKey() == null ? 0 : settings.pool().warmUp();
    }

    /** What an operator has to do before it can be used. */
    public String hint() {
        return keyVariable == null
                ? "set mehari.providers." + name + ".api-key in application.yaml"
                : "set " + keyVariable + " in the environment or in .env";
    }
}
