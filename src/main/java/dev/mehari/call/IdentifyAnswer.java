package dev.mehari.call;

import dev.mehari.access.Policy;
import dev.mehari.cache.AnswerCache;
import dev.mehari.cache.CacheControl;
import dev.mehari.cache.CacheKey;
import dev.mehari.cache.CacheRules;
import dev.mehari.cache.CacheUse;
import dev.mehari.cache.CanonicalChat;
import dev.mehari.cache.CanonicalEmbeddings;
import dev.mehari.chat.EmbeddingsRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import dev.mehari.config.CacheSettings.Mode;
import dev.mehari.config.MehariSettings;
import dev.mehari.provider.NeverSent;
import dev.mehari.provider.Protocol;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.ModelGroups;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Step {@code identifyAnswer}: whether the answer may be one that was given before, and under which key it is kept. Sets
 * the property {@code recallable}, and the header {@code CamelCaffeineKeys} for the look that follows.
 */
@Component
final class IdentifyAnswer implements Processor {
    /** Extra fields that change no answer: the gateway's and a conversation's own. */
    private static final Set<String> OWN = Set.of("cache", "metadata", "previous_response_id", "stream_options");

    private final CacheRules rules;
    private final AnswerCache cache;
    private final Providers providers;
    private final ModelGroups groups;
    private final Set<String> remembering;
    private final @Nullable String defaultProvider;
    private final long largestRequest;

    IdentifyAnswer(
            CacheRules rules,
            AnswerCache cache,
            Providers providers,
            ModelGroups groups,
            List<Protocol> protocols,
            MehariSettings settings) {
        this.rules = rules;
        this.cache = cache;
        this.providers = providers;
        this.groups = groups;
        this.remembering = protocols.stream()
                .filter(Protocol::remembers)
                .map(Protocol::name)
                .collect(Collectors.toUnmodifiableSet());
        this.defaultProvider = settings.defaultProvider();
        this.largestRequest = settings.cache().maxRequestSize().toBytes();
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        // Also where nothing is kept: a mistake should not wait until something is.
        CacheControl control = control(call);
        if (rules.isOff()) {
            return;
        }
        Target target = target(exchange);
        CacheRules.Terms terms = rules.of(call.request().model(), target.name());
        if (terms == null) {
            return;
        }
        List<CacheKey> keys =
                control.isBypass() || !isCandidate(call, terms, target) ? List.of() : keys(call, target.name());
        CacheUse verdict = control.noCache() ? CacheUse.BYPASS : keys.isEmpty() ? CacheUse.SKIP : CacheUse.MISS;
        Duration asked = control.ttl();
        Duration ttl = asked == null ? terms.ttl() : asked;
        call.recall(new Recall(keys, control, control.noStore() ? null : ttl, verdict));
        if (verdict == CacheUse.MISS) {
            exchange.setProperty("recallable", true);
            exchange.getMessage().setHeader("CamelCaffeineKeys", new LinkedHashSet<>(keys));
        } else {
            note(exchange, verdict);
        }
    }

    private void note(Exchange exchange, CacheUse use) {
        cache.stats().count(use);
        CallNotes notes = CallNotes.of(exchange);
        if (notes != null) {
            notes.cache(use);
        }
    }

    private static CacheControl control(Call call) {
        JsonObject raw = call.request().raw();
        JsonObject.Field field = raw.field("cache");
        List<String> headers = call.client().request().headers().getAll("cache-control");
        CacheControl wish = field == null && headers.isEmpty()
                ? CacheControl.NONE
                : CacheControl.of(field == null ? null : raw.tree(field), headers);
        // The key's policy has the last word.
        Policy policy = call.calledBy().policy();
        boolean may = policy.cache() != Policy.CacheUse.OFF && !policy.noLog();
        return wish.within(may, may && policy.cache() != Policy.CacheUse.READ);
    }

    /**
     * Who will be asked, as far as it matters here.
     *
     * @param name as {@link CacheKey#model()}
     * @param remembers whether one of those who may answer remembers what it was asked before
     */
    private record Target(String name, boolean remembers) {}

    private Target target(Exchange exchange) {
        String model = exchange.getProperty("model", String.class);
        String named = exchange.getProperty("provider", String.class);
        String groupName = exchange.getProperty("group", String.class);
        ModelGroup group = named == null && groupName != null ? groups.find(groupName) : null;
        if (group != null) {
            boolean remembers = group.members().stream()
                    .anyMatch(member -> remembers(
                            member.deployment().provider(), member.deployment().model()));
            return new Target(group.name(), remembers);
        }
        String provider = named == null ? defaultProvider : named;
        String name = (provider == null ? "" : provider) + "/" + (model == null ? "" : model);
        return new Target(name, provider != null && remembers(provider, model));
    }

    private boolean remembers(String name, @Nullable String model) {
        Provider provider = providers.find(name);
        if (provider == null) {
            return false;
        }
        String standIn = provider.settings().standIn();
        Provider other =
                standIn == null || (model != null && provider.mayServe(model)) ? null : providers.find(standIn);
        return remembering.contains(provider.protocol()) || (other != null && remembering.contains(other.protocol()));
    }

    /** What only one provider understands is not part of the key: a prompt kept there, say, may change by itself. */
    private boolean isCandidate(Call call, CacheRules.Terms terms, Target target) {
        RequestFacts request = call.request();
        return !target.remembers()
                && call.dialect().ownOnly(request).isEmpty()
                && request.raw().bytes().length <= largestRequest
                && (terms.mode() == Mode.ALL || request.embeddings() != null || isDeterministic(request.raw()));
    }

    /** Whether the client asks for the same answer each time. Vectors are the same anyway. */
    private static boolean isDeterministic(JsonObject raw) {
        JsonObject.Field temperature = raw.field("temperature");
        return raw.has("seed") || (temperature != null && raw.tree(temperature).asDouble(1) == 0);
    }

    private static List<CacheKey> keys(Call call, String model) {
        RequestFacts request = call.request();
        Supplier<EmbeddingsRequest> embeddings = request.embeddings();
        try {
            return embeddings == null
                    ? List.of(CanonicalChat.key(
                            call.caller(),
                            model,
                            asking(call),
                            request.request().get(),
                            IdentifyAnswer::isIgnored))
                    : CanonicalEmbeddings.keys(call.caller(), model, embeddings.get(), IdentifyAnswer::isIgnored);
        } catch (InvalidRequest notOfTheHub) {
            // It passes as bytes, for the provider to judge.
            return List.of();
        }
    }

    private static boolean isIgnored(String field) {
        return OWN.contains(field) || NeverSent.isOne(field);
    }

    /** What changes the answer beside the request itself. */
    private static List<String> asking(Call call) {
        List<String> asking = new ArrayList<>(0);
        for (String header : call.dialect().askingHeaders()) {
            List<String> values = call.client().request().headers().getAll(header);
            if (!values.isEmpty()) {
                asking.add(header);
                asking.addAll(values.stream().sorted().toList());
            }
        }
        JsonObject raw = call.request().raw();
        JsonObject.Field include = raw.field("include");
        if (include != null && !raw.tree(include).isEmpty()) {
            // Of the Responses API: what more its answer should hold, which the hub does not ask for.
            asking.add("include");
            raw.tree(include).forEach(more -> asking.add(more.asText()));
        }
        JsonObject.Field before = raw.field("previous_response_id");
        if (before != null) {
            // The provider may keep what was said, so that it is not part of the request here.
            asking.add("previous_response_id");
            asking.add(raw.text(before));
        }
        return asking;
    }
}
