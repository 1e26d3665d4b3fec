package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.conformance.ChatStream.Chunk;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What every stream of chat chunks is held to, whatever was asked. */
final class StreamOrder {
    /** All values of {@code finish_reason}. */
    static final Set<String> REASONS = Set.of("stop", "length", "tool_calls", "content_filter", "function_call");

    private final Sheet sheet;
    private final String which;

    /** @param which request it was, for the report */
    StreamOrder(Sheet sheet, String which) {
        this.sheet = sheet;
        this.which = which;
    }

    void judge(ChatStream stream) {
        Answer answer = stream.answer();
        String error = stream.error();
        sheet.judge(
                StreamDemands.ANSWERS,
                stream.began() && answer.failure() == null && error == null,
                () -> which + ": " + (error == null ? answer.excerpt() : error));
        if (!stream.began()) {
            return;
        }
        sheet.judge(
                StreamDemands.TYPE,
                answer.type().equals("text/event-stream"),
                () -> which + ": content-type: " + answer.header("content-type"));
        sheet.judge(
                StreamDemands.FIELDS,
                named(stream.events().fields().stream()
                        .filter(Set.of("id", "retry")::contains)
                        .map(field -> field + ": …")
                        .collect(Collectors.joining(", "))));
        sheet.judge(StreamDemands.JSON, shown(stream.notJson()));
        sheet.judge(StreamDemands.UTF8, shown(brokenText(stream)));
        List<Chunk> chunks = stream.chunks().stream()
                .filter(chunk -> !chunk.json().hasNonNull("error"))
                .toList();
        if (!chunks.isEmpty()) {
            eachChunk(chunks);
            order(chunks);
        }
        // After an error there is none.
        if (error == null) {
            ends(stream);
        }
    }

    private void eachChunk(List<Chunk> chunks) {
        sheet.judge(
                StreamDemands.OBJECT,
                first(chunks, chunk -> !chunk.json().path("object").asText().equals("chat.completion.chunk")));
        sheet.judge(StreamDemands.ID, odd(chunks, "id", JsonNode::isTextual));
        sheet.judge(StreamDemands.CREATED, odd(chunks, "created", StreamOrder::seconds));
        sheet.judge(StreamDemands.MODEL, odd(chunks, "model", JsonNode::isTextual));
        sheet.judge(
                StreamDemands.CHOICES,
                first(chunks, chunk -> !chunk.json().path("choices").isArray()));
        sheet.judge(StreamDemands.CONTENT, first(chunks, StreamOrder::oddContent));
        sheet.judge(
                StreamDemands.FINISH_KEY,
                first(
                        chunks,
                        chunk -> chunk.choice().isObject() && !chunk.choice().has("finish_reason")));
    }

    private void order(List<Chunk> chunks) {
        List<Chunk> withChoice =
                chunks.stream().filter(chunk -> chunk.choice().isObject()).toList();
        sheet.judge(StreamDemands.ROLE, first(withChoice.stream().limit(1).toList(), chunk -> !chunk.delta()
                .path("role")
                .asText()
                .equals("assistant")));
        List<Chunk> ends = withChoice.stream().filter(Chunk::finishes).toList();
        sheet.judge(StreamDemands.FINISH, finish(ends, withChoice));
        sheet.judge(
                StreamDemands.FINISH_ONCE,
                ends.size() > 1 ? which + ": " + Answer.cut(ends.get(1).data()) : null);
        if (!ends.isEmpty()) {
            List<Chunk> rest = withChoice.subList(withChoice.indexOf(ends.getFirst()) + 1, withChoice.size());
            sheet.judge(StreamDemands.AFTER_FINISH, first(rest, Chunk::speaks));
        }
    }

    private void ends(ChatStream stream) {
        String last = stream.chunks().getLast().data();
        sheet.judge(StreamDemands.DONE, stream.done() == 0 ? which + ": the last record is " + Answer.cut(last) : null);
        sheet.judge(
                StreamDemands.DONE_ONCE, stream.done() > 1 ? which + ": it came " + stream.done() + " times" : null);
        sheet.judge(StreamDemands.DONE_LAST, shown(stream.afterDone()));
    }

    private @Nullable String finish(List<Chunk> ends, List<Chunk> chunks) {
        if (ends.isEmpty()) {
            return which + ": no chunk has one; the last is "
                    + (chunks.isEmpty()
                            ? "none with a choice"
                            : Answer.cut(chunks.getLast().data()));
        }
        return first(
                ends,
                chunk -> !REASONS.contains(chunk.choice().path("finish_reason").asText()));
    }

    /** The first chunk in which the field is of the wrong kind, or another than in the first chunk. */
    private @Nullable String odd(List<Chunk> chunks, String field, Predicate<JsonNode> kind) {
        JsonNode expected = chunks.getFirst().json().path(field);
        return first(
                chunks,
                chunk -> !kind.test(chunk.json().path(field))
                        || !chunk.json().path(field).equals(expected));
    }

    /** Whole seconds since 1970: a number in milliseconds would be beyond the year 5000. */
    static boolean seconds(JsonNode created) {
        return created.isIntegralNumber() && created.asLong() >= 0 && created.asLong() < 100_000_000_000L;
    }

    private static boolean oddContent(Chunk chunk) {
        JsonNode content = chunk.delta().path("content");
        return chunk.choice().isObject() && !chunk.delta().isObject()
                || !content.isMissingNode() && !content.isNull() && !content.isTextual();
    }

    private static @Nullable String brokenText(ChatStream stream) {
        if (stream.events().badText() != null) {
            return stream.events().badText();
        }
        // Halves of a pair of surrogates may stand in two chunks, escaped; only the joined text tells.
        return stream.chunks().stream()
                .map(Chunk::data)
                .filter(data -> data.indexOf(Characters.REPLACEMENT) >= 0)
                .findFirst()
                .orElse(Characters.broken(stream.text()) ? stream.text() : null);
    }

    private @Nullable String first(List<Chunk> chunks, Predicate<Chunk> wrong) {
        return chunks.stream()
                .filter(wrong)
                .findFirst()
                .map(chunk -> which + ": " + Answer.cut(chunk.data()))
                .orElse(null);
    }

    private @Nullable String shown(@Nullable String text) {
        return text == null ? null : named(text.isEmpty() ? "an event without data" : Answer.cut(text));
    }

    private @Nullable String named(String text) {
        return text.isEmpty() ? null : which + ": " + text;
    }
}
