package dev.mehari.call;

import dev.mehari.access.CallGate;
import dev.mehari.transport.ClientExchange;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code admitCall}: refuses the call when too many are in flight, after a short wait if there is room to wait; the
 * place is free again when its answer ends.
 */
@Component
final class AdmitCall implements Processor {
    private final CallGate gate;

    AdmitCall(CallGate gate) {
        this.gate = gate;
    }

    @Override
    public void process(Exchange exchange) {
        ClientExchange client = ClientExchange.of(exchange);
        gate.enter(client::onGone);
        client.onDone(gate::leave);
        CallNotes notes = CallNotes.of(exchange);
        if (notes != null) {
            notes.admitted();
        }
    }
}
