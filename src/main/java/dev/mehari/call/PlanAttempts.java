package dev.mehari.call;

import dev.mehari.chat.GatewayException.Internal;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.ModelNotFound;
import dev.mehari.config.LiveSettings;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.Deployment;
import dev.mehari.routing.Deployments;
import dev.mehari.routing.ModelGroup;
import dev.mehari.routing.ModelGroups;
import dev.mehari.routing.Planner;
import dev.mehari.routing.Rules;
import java.time.Duration;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Step {@code planAttempts}: from what the router has decided (the properties {@code provider}, {@code group} and
 * {@code model}) to the deployments to try, and sets the property {@code attempting} for the loop.
 */
@Component
final class PlanAttempts implements Processor {
    private final Providers providers;
    private final ModelGroups groups;
    private final Deployments deployments;
    private final Planner planner;
    private final SuspendedProviders suspended;
    private final LiveSettings settings;

    PlanAttempts(
            Providers providers,
            ModelGroups groups,
            Deployments deployments,
            Planner planner,
            SuspendedProviders suspended,
            LiveSettings settings) {
        this.providers = providers;
        this.groups = groups;
        this.deployments = deployments;
        this.planner = planner;
        this.suspended = suspended;
        this.settings = settings;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        String model = exchange.getProperty("model", String.class);
        String provider = exchange.getProperty("provider", String.class);
        String name = exchange.getProperty("group", String.class);
        ModelGroup group = provider == null && name != null ? groups.find(name) : null;
        if (group != null) {
            requireAvailable(group);
            plan(call, group, exchange.getProperty("session", String.class));
        } else {
            plan(call, only(model, provider == null ? settings.get().defaultProvider() : provider));
        }
        exchange.setProperty("attempting", true);
        exchange.getExchangeExtension().addOnCompletion(new GiveBack(call));
    }

    private void plan(Call call, ModelGroup group, @Nullable String session) {
        String asked = call.request().model();
        call.planned(
                asked == null ? group.name() : asked,
                planner.plan(group, CallNeeds.of(call, group, session)),
                group.rules(),
                deadline(call, group.rules()));
    }

    private void plan(Call call, Deployment only) {
        Rules rules = groups.rules();
        // The client sees the name it asked for; without one, the provider's own.
        String asked = call.request().model();
        call.planned(
                asked == null ? only.model() : asked,
                planner.only(only, deployments.of(only), CallNeeds.of(call)),
                rules,
                deadline(call, rules));
    }

    /** As an attempt's total time-out it grows with the length of the answer. */
    private static Duration deadline(Call call, Rules rules) {
        return rules.deadline()
                .multipliedBy(Provider.timesOfTotal(call.request().maxTokens()));
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

    /** A step of an operator's may throw between reserving and judging; what was reserved must not stay so. */
    private static final class GiveBack extends SynchronizationAdapter {
        private final Call call;

        GiveBack(Call call) {
            this.call = call;
        }

        @Override
        public void onDone(Exchange exchange) {
            call.over();
            for (Attempt attempt : call.attempts()) {
                if (attempt.answer() == null && attempt.failure() == null) {
                    attempt.fail(new Internal(new IllegalStateException("the route ended before its attempt did")));
                }
            }
        }
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
        boolean needed = model == null ? provider.defaultModel() == null : !provider.mayServe(model);
        Provider other = name == null || !needed ? null : providers.find(name);
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
