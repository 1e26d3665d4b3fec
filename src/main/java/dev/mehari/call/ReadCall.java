package dev.mehari.call;

import dev.mehari.access.Caller;
import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.RequestFacts;
import dev.mehari.config.LiveSettings;
import dev.mehari.dialect.Dialect;
import dev.mehari.dialect.JsonLimits;
import dev.mehari.dialect.RequestBody;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.ModelGroups;
import dev.mehari.transport.ClientExchange;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Step {@code readCall}: reads the request once, in the dialect that the door has named, and lays out the facts that
 * routes decide on as plain exchange properties.
 */
@Component
final class ReadCall implements Processor {
    private static final Pattern CHARSET = Pattern.compile(";\\s*charset\\s*=\\s*\"?([^\";\\s]*)");

    private final Map<String, Dialect> dialects;
    private final Providers providers;
    private final ModelGroups groups;
    private final LiveSettings settings;
    private final JsonLimits json;

    ReadCall(List<Dialect> dialects, Providers providers, ModelGroups groups, LiveSettings settings) {
        this.dialects = dialects.stream().collect(Collectors.toUnmodifiableMap(Dialect::name, Function.identity()));
        this.providers = providers;
        this.groups = groups;
        this.settings = settings;
        this.json = new JsonLimits(settings.get().limits().jsonDepth());
    }

    @Override
    public void process(Exchange exchange) {
        ClientExchange client = ClientExchange.of(exchange);
        requireJson(client.request().header("content-type"));
        Dialect dialect = dialects.get(exchange.getProperty("dialect", String.class));
        if (dialect == null) {
            throw new IllegalStateException("the door must set the property dialect to one of " + dialects.keySet());
        }
        boolean forceStream = Boolean.TRUE.equals(exchange.getProperty("forceStream", Boolean.class));
        RequestFacts request = dialect.read(new RequestBody(client.request().body(), json), forceStream);
        Call call = new Call(client, dialect, request);
        Caller caller = exchange.getProperty(AuthenticateCall.CALLER, Caller.ANYONE, Caller.class);
        call.from(caller, CallSession.of(client.request().header("x-session-id"), request.raw()));
        call.enter(exchange);
        layOut(exchange, request, client.request().header("x-provider"));
        if (request.stream()) {
            Duration interval = exchange.getProperty("keepAlive", Duration.class);
            client.keepAlive(interval == null ? settings.get().streaming().keepAlive() : interval, dialect.keepAlive());
        }
    }

    private static void requireJson(@Nullable String contentType) {
        if (contentType == null) {
            return;
        }
        String type = contentType.toLowerCase(Locale.ROOT);
        String mediaType = type.split(";", 2)[0].strip();
        boolean json = mediaType.equals("application/json") || mediaType.endsWith("+json");
        Matcher charset = CHARSET.matcher(type);
        boolean otherCharset = charset.find()
                && !charset.group(1).equals("utf-8")
                && !charset.group(1).equals("utf8");
        if (!json || otherCharset) {
            throw new HttpFault(
                    415,
                    "unsupported_content_type",
                    "content-type must be application/json in UTF-8, not " + shown(contentType));
        }
    }

    private void layOut(Exchange exchange, RequestFacts request, @Nullable String providerHeader) {
        String provider = providerHeader == null || providerHeader.isBlank() ? request.provider() : providerHeader;
        String model = request.model() == null || request.model().isBlank() ? null : request.model();
        if (provider != null && providers.find(provider) == null) {
            throw unknownProvider(provider);
        }
        if (model != null && !groups.has(model)) {
            int slash = model.indexOf('/');
            String prefix = slash < 0 ? null : model.substring(0, slash);
            Provider named = prefix == null ? null : providers.find(prefix);
            if (named != null && (provider == null || provider.equals(prefix))) {
                provider = prefix;
                // A name such as openrouter/auto is the provider's own, prefix and all.
                model = named.models().contains(model) ? model : model.substring(slash + 1);
            }
        }
        if (model == null && provider == null) {
            throw new InvalidRequest(
                    "missing_required_parameter", "model", "model is missing: name a model or a provider");
        }
        exchange.setProperty("operation", request.operation());
        exchange.setProperty("model", model);
        exchange.setProperty("provider", provider);
        exchange.setProperty("group", provider == null && model != null && groups.has(model) ? model : null);
        exchange.setProperty("available", providers.available());
        exchange.setProperty("stream", request.stream());
        exchange.setProperty("promptChars", request.promptChars());
        exchange.setProperty("hasTools", request.hasTools());
    }

    private InvalidRequest unknownProvider(String name) {
        String known = providers.all().stream().map(Provider::name).collect(Collectors.joining(", "));
        return new InvalidRequest(
                "unknown_provider", "provider", "provider " + shown(name) + " is not configured; known are: " + known);
    }

    private static String shown(String value) {
        return '"' + (value.length() > 60 ? value.substring(0, 60) + "…" : value) + '"';
    }
}
