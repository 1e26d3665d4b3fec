package dev.mehari.admin;

import dev.mehari.chat.GatewayException.HttpFault;
import dev.mehari.usage.log.RequestLog;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Step {@code showRequest}: the whole story of one call, by its request id or the id of its row. */
@Component
final class ShowRequest implements Processor {
    private final RequestLog log;

    ShowRequest(RequestLog log) {
        this.log = log;
    }

    @Override
    public void process(Exchange exchange) {
        Map<String, Object> row = log.find(AdminAnswer.path(exchange, "id"));
        if (row == null) {
            throw new HttpFault(404, "not_found", "The request log has no such call (any more).");
        }
        AdminAnswer.json(exchange, RequestView.whole(row));
    }
}
