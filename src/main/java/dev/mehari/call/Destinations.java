package dev.mehari.call;

import dev.mehari.access.Names;
import dev.mehari.access.Policy;
import dev.mehari.chat.GatewayException.Forbidden;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.ModelNotFound;
import dev.mehari.config.LiveSettings;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.Deployment;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.ModelGroups;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Finds out what a call's model stands for, from what the router has decided (the properties {@code provider},
 * {@code group} and {@code model}), and that its caller may use it: whoever plans a call comes by here.
 */
@Component
final class Destinations {
    private final Providers providers;
    private final ModelGroups groups;
    private final SuspendedProviders suspended;
    private final LiveSettings settings;

    Destinations(Providers providers, ModelGroups groups, SuspendedProviders suspended, LiveSettings settings) {
        this.providers = providers;
        this.groups = groups;
        this.suspended = suspended;
        this.settings = settings;
    }

    /**
     * @throws ModelNotFound nobody serves it
     * @throws InvalidRequest the request names a provider that needs a model, and none
     * @throws Forbidden the caller may not use it
     */
    Destination find(Exchange exchange) {
        Call call = Call.of(exchange);
        Policy policy = call.calledBy().policy();
        String model = exchange.getProperty("model", String.class);
        String provider = exchange.getProperty("provider", String.class);
        String name = exchange.getProperty("group", String.class);
        ModelGroup group = provider == null && name != null ? groups.find(name) : null;
        if (group != null) {
            return new Destination.OfGroup(allowed(policy, name, group, call));
        }
        Deployment only = only(model, provider == null ? settings.get().defaultProvider() : provider);
        boolean mayAsk = policy.models().areAll()
                || policy.models().allow(only.model())
                || policy.models().allow(Deployment.name(only.provider(), only.model()));
        if (!mayAsk || !policy.providers().allow(only.provider())) {
            throw notAllowed(call, only.model());
        }
        return new Destination.Only(only);
    }

    private ModelGroup allowed(Policy policy, String name, ModelGroup group, Call call) {
        Names models = policy.models();
        if (!models.areAll() && !models.allow(name) && !models.allow(group.name())) {
            throw notAllowed(call, name);
        }
        ModelGroup allowed = policy.providers().areAll()
                ? group
                : group.of(
                        member -> policy.providers().allow(member.deployment().provider()));
        if (allowed.members().isEmpty()) {
            throw notAllowed(call, name);
        }
        requireAvailable(allowed);
        return allowed;
    }

    /** It names the model, not what would be allowed. */
    private static Forbidden notAllowed(Call call, String model) {
        String asked = call.request().model();
        return new Forbidden(
                "model_not_allowed", "model \"" + (asked == null ? model : asked) + "\" is not allowed for this key");
    }

    private void requireAvailable(ModelGroup group) {
        String waiting = null;
        for (ModelGroup.Member member : group.members()) {
            String provider = member.deployment().provider();
            if (require(provider).isAvailable()) {
                if (!suspended.contains(provider)) {
                    return;
                }
                waiting = provider;
            }
        }
        if (waiting != null) {
            throw suspended.refusal(waiting);
        }
        throw unavailable(
                group.name(), require(group.members().getFirst().deployment().provider()));
    }

    private Deployment only(@Nullable String model, @Nullable String providerName) {
        if (providerName == null) {
            throw new ModelNotFound("model \"" + model + "\" is not known: no rule in routes/router.camel.yaml names a"
                    + " provider for it, and PROVIDER_NAME sets none for all others");
        }
        Provider provider = require(providerName);
        Provider instead = standIn(provider, model);
        if (instead != null) {
            return only(null, instead.name());
        }
        if (!provider.isAvailable()) {
            throw unavailable(model == null ? providerName : model, provider);
        }
        if (suspended.contains(providerName)) {
            throw suspended.refusal(providerName);
        }
        String fallback = provider.defaultModel();
        if (fallback != null && (model == null || !provider.mayServe(model))) {
            return Deployment.only(providerName, fallback);
        }
        if (model == null) {
            throw new InvalidRequest(
                    "missing_required_parameter",
                    "model",
                    "model is missing, and provider \"" + providerName + "\" has no default-model");
        }
        return Deployment.only(providerName, model);
    }

    /** The provider that answers in another's place when a request names none of that one's models; null: none does. */
    private @Nullable Provider standIn(Provider provider, @Nullable String model) {
        String name = provider.settings().standIn();
        if (name == null) {
            return null;
        }
        boolean needed = model == null ? provider.defaultModel() == null : !provider.mayServe(model);
        Provider other = needed ? providers.find(name) : null;
        return other != null && other.isAvailable() ? other : null;
    }

    private Provider require(String name) {
        Provider provider = providers.findEvenDeparted(name);
        if (provider == null) {
            throw new IllegalStateException("the routes chose provider \"" + name
                    + "\", which is not configured; add it under mehari.providers in application.yaml");
        }
        return provider;
    }

    private static ModelNotFound unavailable(String model, Provider provider) {
        return new ModelNotFound("model \"" + model + "\" belongs to provider \"" + provider.name()
                + "\", which has no key yet: " + provider.hint());
    }
}
