package dev.mehari.call;

import dev.mehari.chat.GatewayException.Internal;
import dev.mehari.provider.Provider;
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
    private final Destinations destinations;
    private final Deployments deployments;
    private final Planner planner;
    private final ModelGroups groups;

    PlanAttempts(Destinations destinations, Deployments deployments, Planner planner, ModelGroups groups) {
        this.destinations = destinations;
        this.deployments = deployments;
        this.planner = planner;
        this.groups = groups;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        switch (destinations.find(exchange)) {
            case Destination.OfGroup of -> plan(call, of.group(), exchange.getProperty("session", String.class));
            case Destination.Only only -> plan(call, only.deployment());
        }
        exchange.setProperty("attempting", true);
        exchange.getExchangeExtension().addOnCompletion(new GiveBack(call));
    }

    private void plan(Call call, ModelGroup group, @Nullable String session) {
        String asked = call.request().model();
        call.attempts()
                .planned(
                        planner.plan(group, CallNeeds.of(call, group, session)),
                        group.rules(),
                        deadline(call, group.rules()));
        call.alias(asked == null ? group.name() : asked);
    }

    private void plan(Call call, Deployment only) {
        Rules rules = groups.rules();
        call.attempts()
                .planned(planner.only(only, deployments.of(only), CallNeeds.of(call)), rules, deadline(call, rules));
        // The client sees the name it asked for; without one, the provider's own.
        String asked = call.request().model();
        call.alias(asked == null ? only.model() : asked);
    }

    /** As an attempt's total time-out it grows with the length of the answer. */
    private static Duration deadline(Call call, Rules rules) {
        return rules.deadline()
                .multipliedBy(Provider.timesOfTotal(call.request().maxTokens()));
    }

    /** A step of an operator's may throw between reserving and judging; what was reserved must not stay so. */
    private static final class GiveBack extends SynchronizationAdapter {
        private final Call call;

        GiveBack(Call call) {
            this.call = call;
        }

        @Override
        public void onDone(Exchange exchange) {
            call.attempts().over();
            for (Attempt attempt : call.attempts().tried()) {
                if (attempt.answer() == null && attempt.failure() == null) {
                    attempt.fail(new Internal(new IllegalStateException("the route ended before its attempt did")));
                }
            }
        }
    }
}
