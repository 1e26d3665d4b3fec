package dev.mehari.call;

import dev.mehari.access.CallGate;
import dev.mehari.transport.ClientExchange;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code admitCall}: refuses the call when too many are in flight; the place is free again when its answer ends. */
@Component
final class AdmitCall implements Processor {
    private final CallGate gate;

    AdmitCall(CallGate gate) {
        this.gate = gate;
    }

    @Override
    public void process(Exchange exchange) {
        gate.enter();
        exchange.getProperty("client", ClientExchange.class).onDone(gate::leave);
    }
}
