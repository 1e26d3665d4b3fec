package dev.mehari.admin;

import dev.mehari.usage.log.CallSeries;
import dev.mehari.usage.log.SeriesPoint;
import dev.mehari.usage.log.SeriesQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Step {@code showSeries}: numbers of calls over time, for charts. docs/observability.md explains the fields. */
@Component
final class ShowSeries implements Processor {
    private final CallSeries series;

    ShowSeries(CallSeries series) {
        this.series = series;
    }

    @Override
    public void process(Exchange exchange) {
        SeriesQuery query = SeriesQuery.of(AdminAnswer.query(exchange));
        List<Object> told = new ArrayList<>();
        series.points(query).forEach((names, points) -> {
            List<Object> list = new ArrayList<>();
            // Percentiles of the whole window cannot be had from those of its parts.
            SeriesPoint all = new SeriesPoint();
            points.forEach((second, point) -> {
                all.add(point);
                Map<String, @Nullable Object> at = new LinkedHashMap<>();
                at.put("at", Instant.ofEpochSecond(second).toString());
                at.putAll(point.told());
                list.add(at);
            });
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("name", named(query.by(), names));
            one.put("total", all.told());
            one.put("points", list);
            told.add(one);
        });
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("from", Instant.ofEpochSecond(query.fromSeconds()).toString());
        body.put("to", Instant.ofEpochSecond(query.toSeconds()).toString());
        body.put("step_seconds", query.stepSeconds());
        body.put("by", query.by());
        body.put("series", told);
        AdminAnswer.json(exchange, body);
    }

    private static Map<String, String> named(String by, List<String> names) {
        Map<String, String> named = new LinkedHashMap<>();
        if (names.size() == 2) {
            named.put("provider", names.get(0));
            named.put("model", names.get(1));
        } else if (names.size() == 1) {
            named.put(by, names.getFirst());
        }
        return named;
    }
}
