package dev.mehari.call;

import dev.mehari.config.MehariSettings;
import dev.mehari.provider.LocalProtocol;
import dev.mehari.provider.Protocol;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.stereotype.Component;

/**
 * Gives every protocol bean its steps before routes are loaded: {@code openAi} becomes {@code openAiEncode} and
 * {@code openAiDecode}, the local {@code demo} becomes {@code demoAnswer}.
 */
@Component
final class ProtocolSteps implements CamelContextConfiguration {
    private final Map<String, Protocol> protocols;
    private final Map<String, LocalProtocol> locals;
    private final boolean strictParams;

    ProtocolSteps(Map<String, Protocol> protocols, Map<String, LocalProtocol> locals, MehariSettings settings) {
        this.protocols = protocols;
        this.locals = locals;
        this.strictParams = settings.strictParams();
    }

    @Override
    public void beforeApplicationStart(CamelContext camel) {
        protocols.forEach((name, protocol) -> {
            camel.getRegistry().bind(name + "Encode", new EncodeStep(protocol, strictParams));
            camel.getRegistry().bind(name + "Decode", new DecodeStep(protocol));
        });
        locals.forEach((name, local) -> camel.getRegistry().bind(name + "Answer", new LocalStep(local)));
    }

    @Override
    public void afterApplicationStart(CamelContext camel) {}
}
