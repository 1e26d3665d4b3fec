package dev.mehari.admin;

import dev.mehari.usage.log.RequestFilter;
import dev.mehari.usage.log.RequestLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Step {@code listRequests}: some rows of the request log, newest first, as JSON or CSV. */
@Component
final class ListRequests implements Processor {
    private final RequestLog log;

    ListRequests(RequestLog log) {
        this.log = log;
    }

    @Override
    public void process(Exchange exchange) {
        Map<String, String> query = AdminAnswer.query(exchange);
        RequestLog.Page page = log.page(RequestFilter.of(query));
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        page.rows().forEach(row -> lines.add(RequestView.line(row)));
        Long next = page.next();
        if ("csv".equals(query.get("format"))) {
            exchange.getMessage().setHeader("content-disposition", "attachment; filename=\"requests.csv\"");
            exchange.getMessage().setHeader("x-mehari-next", next == null ? null : Long.toString(next));
            AdminAnswer.set(exchange, "text/csv; charset=utf-8", RequestCsv.of(lines));
            return;
        }
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("data", lines);
        // As text: JavaScript's numbers do not hold it.
        body.put("next", next == null ? null : Long.toString(next));
        AdminAnswer.json(exchange, body);
    }
}
