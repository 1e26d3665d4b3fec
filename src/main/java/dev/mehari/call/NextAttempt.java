package dev.mehari.call;

import dev.mehari.chat.Ids;
import dev.mehari.provider.Ask;
import dev.mehari.provider.Provider;
import dev.mehari.provider.Providers;
import dev.mehari.routing.Deployment;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code nextAttempt}: takes the next deployment of the plan and sets the property {@code provider} for it. */
@Component
final class NextAttempt implements Processor {
    private final Providers providers;

    NextAttempt(Providers providers) {
        this.providers = providers;
    }

    @Override
    public void process(Exchange exchange) {
        Call call = Call.of(exchange);
        Deployment deployment = call.nextDeployment();
        Provider provider = deployment == null ? null : providers.find(deployment.provider());
        if (deployment == null || provider == null) {
            throw new IllegalStateException("the plan has no further deployment");
        }
        Ask ask = new Ask(
                provider,
                deployment.model(),
                call.alias(),
                call.dialect().name(),
                call.request(),
                Ids.random("chatcmpl-", 26),
                call.passedHeaders());
        call.begin(new Attempt(ask));
        exchange.setProperty("provider", provider.name());
    }
}
