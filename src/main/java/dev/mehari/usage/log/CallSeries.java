package dev.mehari.usage.log;

import dev.mehari.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Numbers of calls over time, for charts: made of the sums a minute and an hour. Blocks. Thread-safe. */
public final class CallSeries {
    /** The busiest; the rest are one series. */
    private static final int MOST_SERIES = 20;

    /** The name of that one. */
    public static final String REST = "(others)";

    private final Database database;

    public CallSeries(Database database) {
        this.database = database;
    }

    /** Points by the names of their series, and then by the second since 1970 that they begin at. */
    public Map<List<String>, TreeMap<Long, SeriesPoint>> points(SeriesQuery query) {
        List<Sum> sums = database.work(sql -> ask(sql, query));
        Map<List<String>, Long> counts = new HashMap<>();
        sums.forEach(sum -> counts.merge(sum.names(), sum.point().requests(), Long::sum));
        Set<List<String>> busiest = counts.entrySet().stream()
                .sorted(Map.Entry.<List<String>, Long>comparingByValue().reversed())
                .limit(MOST_SERIES)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        Map<List<String>, TreeMap<Long, SeriesPoint>> series = new LinkedHashMap<>();
        for (Sum sum : sums) {
            series.computeIfAbsent(busiest.contains(sum.names()) ? sum.names() : List.of(REST), name -> new TreeMap<>())
                    .merge(sum.at(), sum.point(), SeriesPoint::plus);
        }
        return series;
    }

    /** One step of one series. */
    private record Sum(List<String> names, long at, SeriesPoint point) {}

    /** Added up by the database, as far as it can: a day of many models has a hundred thousand sums of a minute. */
    private static List<Sum> ask(JdbcClient sql, SeriesQuery query) {
        String names = columns(query.by()).stream().map(name -> name + ", ").collect(Collectors.joining());
        StringBuilder select = new StringBuilder("select ")
                .append(names)
                .append("start_at - start_at % ")
                .append(query.stepSeconds())
                .append(" as step_at");
        for (String number : SeriesPoint.NUMBERS) {
            select.append(", sum(").append(number).append(") as ").append(number);
        }
        for (String times : SeriesPoint.TIMES) {
            select.append(", string_agg(nullif(")
                    .append(times)
                    .append(", ''), ',') as ")
                    .append(times);
        }
        select.append(" from request_rollup where span = :span and start_at >= :from and start_at < :to");
        query.names()
                .keySet()
                .forEach(name ->
                        select.append(" and ").append(name).append(" = :").append(name));
        return sql.sql(select.append(" group by ")
                        .append(names)
                        .append("step_at")
                        .toString())
                .param("span", query.span())
                .param("from", query.fromSeconds())
                .param("to", query.toSeconds())
                .params(query.names())
                .query((row, number) -> sum(row, query.by()))
                .list();
    }

    private static List<String> columns(String by) {
        return switch (by) {
            case "provider", "key" -> List.of("first_name");
            case "model" -> List.of("first_name", "second_name");
            case "team" -> List.of("second_name");
            default -> List.of();
        };
    }

    private static Sum sum(ResultSet row, String by) throws SQLException {
        List<String> names = new ArrayList<>();
        for (String column : columns(by)) {
            names.add(row.getString(column));
        }
        return new Sum(names, row.getLong("step_at"), SeriesPoint.read(row));
    }
}
