package dev.mehari.usage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.Json;
import dev.mehari.usage.Redaction.Hit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Server-sent events without what should not be kept. An address that a model says comes in pieces, one an event: pieces of
 * the same text are looked at together, and what stands for it stands in the first of them. One instance a stream.
 */
final class RedactedEvents {
    private static final String DATA = "data:";

    /** Fields of all the clients' APIs whose strings are pieces of a longer one. */
    private static final Set<String> GROWING = Set.of(
            "content",
            "text",
            "delta",
            "partial_json",
            "thinking",
            "reasoning_content",
            "reasoning",
            "refusal",
            "arguments");

    private final Map<String, Growing> texts = new HashMap<>();
    private final Deque<Growing> order = new ArrayDeque<>();

    private RedactedEvents() {}

    /** Whether it begins as such a stream does. */
    static boolean isLike(String text) {
        return text.startsWith(DATA) || text.startsWith("event:") || text.startsWith(":");
    }

    static String of(String text) {
        RedactedEvents events = new RedactedEvents();
        String[] lines = text.split("\n", -1);
        for (String line : lines) {
            if (line.startsWith(DATA)) {
                events.gather(line.substring(DATA.length()));
            }
        }
        events.texts.values().forEach(Growing::look);
        StringJoiner kept = new StringJoiner("\n");
        for (String line : lines) {
            kept.add(line.startsWith(DATA) ? events.kept(line) : Redaction.plain(line));
        }
        return kept.toString();
    }

    /** Reads an event as {@link #kept} will, so that pieces come in the same order. */
    private void gather(String json) {
        if (!RedactedJson.isLike(json)) {
            return;
        }
        String which = which(json);
        new RedactedJson((at, text) -> {
                    if (GROWING.contains(String.valueOf(at.currentName()))) {
                        String key = which + at.getParsingContext().pathAsPointer();
                        Growing growing = texts.computeIfAbsent(key, fresh -> new Growing());
                        growing.add(text);
                        order.add(growing);
                    }
                    return text;
                })
                .of(json);
    }

    /** Which of several texts an event goes on with. */
    private static String which(String json) {
        JsonNode event;
        try {
            event = Json.MAPPER.readTree(json);
        } catch (JsonProcessingException cut) {
            return "";
        }
        StringJoiner which = new StringJoiner(" ");
        for (String name : List.of("type", "index", "output_index", "content_index", "summary_index")) {
            which.add(event.path(name).asText());
        }
        for (JsonNode choice : event.path("choices")) {
            which.add(choice.path("index").asText());
            for (JsonNode call : choice.at("/delta/tool_calls")) {
                which.add(call.path("index").asText());
            }
        }
        return which.toString();
    }

    private String kept(String line) {
        int start = line.startsWith(DATA + ' ') ? DATA.length() + 1 : DATA.length();
        String json = line.substring(start);
        if (!RedactedJson.isLike(json)) {
            return Redaction.plain(line);
        }
        return line.substring(0, start)
                + new RedactedJson((at, text) -> GROWING.contains(String.valueOf(at.currentName()))
                                ? order.remove().next()
                                : RedactedJson.ALONE.kept(at, text))
                        .of(json);
    }

    /** A text that has come in pieces. */
    private static final class Growing {
        private final StringBuilder text = new StringBuilder();
        private final Deque<Integer> ends = new ArrayDeque<>();
        private RedactedPieces pieces = new RedactedPieces(text, List.of());

        void add(String piece) {
            text.append(piece);
            ends.add(text.length());
        }

        /** All of it has come. Arguments of calls are JSON, and are to be it still. */
        void look() {
            List<Hit> found = Redaction.hits(text);
            pieces = new RedactedPieces(text, RedactedJson.isLike(text.toString()) ? withinJson(found) : found);
        }

        private List<Hit> withinJson(List<Hit> found) {
            List<Hit> fit = new ArrayList<>(found.size());
            boolean quoted = false;
            int at = 0;
            for (Hit hit : found) {
                int start = hit.start();
                for (; at < start; at++) {
                    char c = text.charAt(at);
                    if (c == '\\' && quoted) {
                        at++;
                    } else if (c == '"') {
                        quoted = !quoted;
                    }
                }
                // The n of a line break is no part of the word after it; the sign of a number is one of the number.
                boolean signed = !quoted && start > 0 && text.charAt(start - 1) == '-';
                fit.add(new Hit(
                        signed ? start - 1 : at, hit.end(), quoted ? hit.instead() : Json.quoted(hit.instead())));
            }
            return fit;
        }

        String next() {
            return pieces.upTo(ends.remove());
        }
    }
}
