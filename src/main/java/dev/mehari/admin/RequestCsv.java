package dev.mehari.admin;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of the request log as CSV (RFC 4180), a header line first. */
final class RequestCsv {
    private RequestCsv() {}

    static String of(List<Map<String, @Nullable Object>> lines) {
        StringBuilder csv = new StringBuilder();
        // Of no row at all: a table of none has its header line too.
        row(csv, RequestView.line(Map.of()), true);
        csv.append("\r\n");
        for (Map<String, @Nullable Object> line : lines) {
            row(csv, line, false);
            csv.append("\r\n");
        }
        return csv.toString();
    }

    private static void row(StringBuilder csv, Map<String, @Nullable Object> line, boolean header) {
        boolean begun = false;
        for (Map.Entry<String, @Nullable Object> field : line.entrySet()) {
            if (begun) {
                csv.append(',');
            }
            begun = true;
            if (field.getKey().equals("usage")) {
                usage(csv, field.getValue(), header);
            } else if (field.getValue() instanceof Map<?, ?> inner) {
                times(csv, inner, header);
            } else {
                csv.append(header ? field.getKey() : cell(field.getValue()));
            }
        }
    }

    /** Absent as a whole when nothing was told, and then as many empty cells. */
    private static void usage(StringBuilder csv, @Nullable Object usage, boolean header) {
        List<String> names = RequestView.COUNTS;
        for (int i = 0; i < names.size(); i++) {
            csv.append(i == 0 ? "" : ",");
            Object value = usage instanceof Map<?, ?> known ? known.get(names.get(i)) : null;
            csv.append(header ? names.get(i) : cell(value));
        }
    }

    private static void times(StringBuilder csv, Map<?, ?> times, boolean header) {
        boolean begun = false;
        for (Map.Entry<?, ?> time : times.entrySet()) {
            csv.append(begun ? "," : "").append(header ? time.getKey() + "_ms" : cell(time.getValue()));
            begun = true;
        }
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        String text = value.toString();
        // A spreadsheet would take it for a formula, and clients choose these texts.
        if (value instanceof String && !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0) {
            text = '\'' + text;
        }
        boolean plain =
                text.indexOf(',') < 0 && text.indexOf('"') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
