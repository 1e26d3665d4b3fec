package dev.mehari.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mehari.chat.Json;
import dev.mehari.price.Dollars;
import dev.mehari.spend.UsageBook;
import dev.mehari.spend.UsageReport;
import dev.mehari.spend.UsageReport.Part;
import dev.mehari.spend.UsageReport.Question;
import dev.mehari.spend.UsageReport.Sum;
import dev.mehari.transport.ClientRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Step {@code reportUsage}: who has used how much of what, at what cost; as JSON or CSV. */
@Component
final class ReportUsage implements Processor {
    /** A question is answered with what has happened before it, if the database keeps up. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final int DAYS = 30;
    private static final Set<String> PARAMETERS =
            Set.of("from", "to", "by", "format", "key", "team", "provider", "model", "day");
    private static final List<String> NUMBERS = List.of(
            "requests",
            "failed_requests",
            "recalled_requests",
            "prompt_tokens",
            "completion_tokens",
            "cached_tokens",
            "cache_write_tokens",
            "reasoning_tokens",
            "cost_usd",
            "unpriced_requests",
            "estimated_requests");

    private final UsageReport report;
    private final UsageBook book;
    private final InstantSource clock;

    ReportUsage(UsageReport report, UsageBook book, InstantSource clock) {
        this.report = report;
        this.book = book;
        this.clock = clock;
    }

    @Override
    public void process(Exchange exchange) {
        Map<String, String> query = AdminJson.query(exchange, PARAMETERS);
        Map<String, String> faults = new LinkedHashMap<>();
        Question question = question(query, faults);
        boolean csv = format(query, ClientRequest.of(exchange).header("accept"), faults);
        if (!faults.isEmpty()) {
            throw AdminJson.refusal(faults);
        }
        book.flush(PATIENCE);
        List<Sum> sums = report.ask(question);
        if (csv) {
            AdminJson.answer(exchange, "text/csv; charset=utf-8", csv(question, sums));
        } else {
            AdminJson.answer(exchange, 200, json(question, sums));
        }
    }

    private static boolean format(Map<String, String> query, @Nullable String accept, Map<String, String> faults) {
        String format = query.get("format");
        if (format == null) {
            return accept != null && accept.contains("text/csv");
        }
        if (!format.equals("csv") && !format.equals("json")) {
            faults.put("format", "must be json or csv");
        }
        return format.equals("csv");
    }

    private Question question(Map<String, String> query, Map<String, String> faults) {
        LocalDate today = clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
        LocalDate to = day(query, "to", today, faults);
        LocalDate from = day(query, "from", to.minusDays(DAYS - 1), faults);
        if (from.isAfter(to)) {
            faults.put("from", "must not be after to");
        }
        Set<Part> by = EnumSet.noneOf(Part.class);
        for (String name :
                query.getOrDefault("by", "day,key,team,provider,model").split(",")) {
            Part part = part(name.strip());
            if (part == null) {
                faults.put("by", "must be a list of day, key, team, provider and model");
            } else {
                by.add(part);
            }
        }
        Map<Part, String> only = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            String value = query.get(name(part));
            if (value != null) {
                only.put(part, value);
            }
        }
        return new Question(from, to, by, only);
    }

    private static LocalDate day(
            Map<String, String> query, String name, LocalDate otherwise, Map<String, String> faults) {
        String text = query.get(name);
        try {
            return text == null ? otherwise : LocalDate.parse(text);
        } catch (DateTimeParseException unreadable) {
            faults.put(name, "must be a day as 2026-11-21");
            return otherwise;
        }
    }

    private static @Nullable Part part(String name) {
        for (Part part : Part.values()) {
            if (name(part).equals(name)) {
                return part;
            }
        }
        return null;
    }

    private static String name(Part part) {
        return part.name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(Question question, List<Sum> sums) {
        ArrayNode data = Json.MAPPER.createArrayNode();
        for (Sum sum : sums) {
            ObjectNode row = data.addObject();
            sum.parts().forEach((part, value) -> row.put(name(part), value));
            numbers(row, sum);
        }
        ObjectNode answer = AdminJson.list(data);
        answer.put("from", question.from().toString());
        answer.put("to", question.to().toString());
        return answer;
    }

    private static void numbers(ObjectNode row, Sum sum) {
        row.put("requests", sum.requests());
        row.put("failed_requests", sum.failed());
        row.put("recalled_requests", sum.recalled());
        row.put("prompt_tokens", sum.promptTokens());
        row.put("completion_tokens", sum.completionTokens());
        row.put("cached_tokens", sum.cachedTokens());
        row.put("cache_write_tokens", sum.cacheWriteTokens());
        row.put("reasoning_tokens", sum.reasoningTokens());
        // Where nothing of it is known it is not nothing.
        boolean unknown = sum.costNanos() == 0 && sum.unpriced() > 0;
        row.put("cost_usd", unknown ? null : Dollars.of(sum.costNanos()));
        row.put("unpriced_requests", sum.unpriced());
        row.put("estimated_requests", sum.estimated());
    }

    private static String csv(Question question, List<Sum> sums) {
        StringBuilder text = new StringBuilder();
        question.by().forEach(part -> text.append(name(part)).append(','));
        text.append(String.join(",", NUMBERS)).append("\r\n");
        for (Sum sum : sums) {
            ObjectNode row = Json.MAPPER.createObjectNode();
            numbers(row, sum);
            sum.parts().values().forEach(value -> text.append(cell(value)).append(','));
            text.append(NUMBERS.stream()
                            .map(number -> row.get(number).isNull()
                                    ? ""
                                    : row.get(number).asText())
                            .collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return text.toString();
    }

    /** RFC 4180; and a text that a spreadsheet would take for a formula is kept from being one. */
    private static String cell(String value) {
        String safe = !value.isEmpty() && "=+-@\t\r".indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
        boolean plain = safe.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
