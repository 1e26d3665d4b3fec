package dev.mehari.call;

import dev.mehari.config.MehariSettings;
import dev.mehari.transport.ClientRequest;
import dev.mehari.usage.CallLog;
import dev.mehari.usage.ContentCollector;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/**
 * Step {@code observeCall}: from here on it is noted what becomes of the call; metrics, log and traces hear of it when it
 * is over. The first step of a call, so that those that are refused are known too.
 */
@Component
final class ObserveCall implements Processor {
    private final CallRecorder recorder;
    private final boolean captures;
    private final int mostContent;

    ObserveCall(CallRecorder recorder, MehariSettings settings) {
        this.recorder = recorder;
        this.captures = settings.content().isCaptured();
        this.mostContent = (int) settings.content().maxSize().toBytes();
    }

    @Override
    public void process(Exchange exchange) {
        ContentCollector content = captures || CallLog.wantsMessages()
                ? new ContentCollector(ClientRequest.of(exchange).body(), mostContent)
                : null;
        CallNotes.begin(exchange, recorder, content);
    }
}
