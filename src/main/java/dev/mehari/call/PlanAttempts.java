package dev.mehari.call;

import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.GatewayException.ModelNotFound;
import dev.mehari.config.MehariSettings;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.Deployment;
import dev.mehari.routing.ModelGroups;
import dev.mehari.routing.Planner;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
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
    private final Planner planner;
    private final @Nullable String defaultProvider;

    PlanAttempts(Providers providers, ModelGroups groups, Planner planner, MehariSettings settings) {
        this.providers = providers;
        this.groups = groups;
        this.planner = planner;
        this.defaultProvider = settings.defaultProvider();
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        String model = exchange.getProperty("model", String.class);
        String provider = exchange.getProperty("provider", String.class);
        String group = exchange.getProperty("group", String.class);
        String alias = call.request().model();
        if (provider == null && group != null && groups.has(group)) {
            List<Deployment> available = groups.deployments(group).stream()
                    .filter(deployment -> require(deployment.provider()).isAvailable())
                    .toList();
            if (available.isEmpty()) {
                throw unavailable(
                        group,
                        require(groups.deployments(group).iterator().next().provider()));
            }
            call.planned(alias == null ? group : alias, planner.plan(available));
        } else {
            Deployment only = only(model, provider == null ? defaultProvider : provider);
            // The client sees the name it asked for; without one, the provider's own.
            call.planned(alias == null ? only.model() : alias, List.of(only));
        }
        exchange.setProperty("attempting", true);
    }

    private Deployment only(@Nullable String model, @Nullable String providerName) {
        if (providerName == null) {
            throw new ModelNotFound("model \"" + model + "\" is not known: no rule in routes/router.camel.yaml names a"
                    + " provider for it, and PROVIDER_NAME sets none for all others");
        }
        Provider provider = require(providerName);
        if (!provider.isAvailable()) {
            throw unavailable(model == null ? providerName : model, provider);
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

    private Provider require(String name) {
        Provider provider = providers.find(name);
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
