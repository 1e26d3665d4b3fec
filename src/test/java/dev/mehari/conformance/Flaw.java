package dev.mehari.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What is wrong with a server, and which demands it breaks by it: these and no others. */
enum Flaw {
    NONE(reply -> {}),
    COMMENTS_AND_CRLF_ARE_NO_FLAW(reply -> {
        reply.lineEnd = "\r\n";
        reply.before = ": still here\r\n";
    }),
    NO_DONE(stream(reply -> reply.ends.clear()), "stream.done"),
    DONE_TWICE(stream(reply -> reply.ends.add("[DONE]")), "stream.done-once"),
    CHUNK_BEHIND_DONE(stream(reply -> reply.ends.add(reply.chunks.getFirst().toString())), "stream.done-last"),
    NO_ROLE(stream(reply -> delta(reply.chunks.getFirst()).remove("role")), "stream.role-first"),
    NO_FINISH_REASON(stream(reply -> end(reply).putNull("finish_reason")), "stream.finish"),
    FINISH_REASON_OF_ANOTHER_API(
            stream(reply -> {
                if (!reply.calls()) {
                    end(reply).put("finish_reason", "end_turn");
                }
            }),
            "stream.finish"),
    FINISH_REASON_TWICE(
            stream(reply -> reply.chunks.add(
                    last(reply) + 1, reply.chunks.get(last(reply)).deepCopy())),
            "stream.finish-once"),
    TEXT_BEHIND_THE_END(
            stream(reply -> {
                ObjectNode more = reply.chunks.getFirst().deepCopy();
                delta(more).put("content", "and one more thing").remove("role");
                reply.chunks.add(last(reply) + 1, more);
            }),
            "stream.nothing-after-finish"),
    FINISH_KEY_LEFT_OUT(
            stream(reply -> reply.chunks.stream()
                    .filter(chunk -> chunk.at("/choices/0/finish_reason").isNull())
                    .forEach(chunk -> choice(chunk).remove("finish_reason"))),
            "stream.finish-key"),
    USAGE_IN_EVERY_CHUNK(
            stream(reply -> reply.chunks.forEach(chunk -> chunk.set("usage", SoundReply.usage()))),
            "usage.once",
            "stream.no-usage-unasked"),
    USAGE_NEVER(stream(reply -> reply.chunks.removeIf(chunk -> chunk.hasNonNull("usage"))), "usage.chunk"),
    USAGE_BESIDE_A_CHOICE(
            stream(reply -> {
                if (reply.chunks.removeIf(chunk -> chunk.hasNonNull("usage"))) {
                    reply.chunks.getLast().set("usage", SoundReply.usage());
                }
            }),
            "usage.choices-empty"),
    USAGE_BEFORE_THE_END(
            stream(reply -> {
                if (reply.chunks.getLast().hasNonNull("usage")) {
                    reply.chunks.add(1, reply.chunks.removeLast());
                }
            }),
            "usage.after-finish"),
    USAGE_BELOW_ZERO(
            stream(reply -> reply.chunks.stream()
                    .filter(chunk -> chunk.hasNonNull("usage"))
                    .forEach(chunk -> ((ObjectNode) chunk.path("usage")).put("prompt_tokens", -1))),
            "usage.counts"),
    TOOL_INDEX_MISSING(pieces(call -> call.remove("index")), "tool-stream.index"),
    TOOL_INDEX_ALWAYS_ZERO(pieces(call -> call.put("index", 0)), "tool-stream.id-once", "tool-stream.arguments"),
    TOOL_ID_IN_EVERY_PIECE_ANEW(pieces(call -> call.put("id", "call_" + System.nanoTime())), "tool-stream.id-once"),
    TOOL_NAME_LEFT_OUT(
            pieces(call -> {
                if (call.has("id")) {
                    function(call).remove("name");
                }
            }),
            "tool-stream.header"),
    TOOL_ARGUMENTS_BEGIN_WITH_BRACES(
            pieces(call -> {
                if (call.has("id")) {
                    function(call).put("arguments", "{}");
                }
            }),
            "tool-stream.arguments"),
    TOOLS_END_WITH_STOP(
            stream(reply -> {
                if (reply.calls()) {
                    end(reply).put("finish_reason", "stop");
                }
            }),
            "tool-stream.finish"),
    TOOLS_SHARE_AN_ID(
            pieces(call -> {
                if (call.has("id")) {
                    call.put("id", "call");
                }
            }),
            "tool-stream.parallel"),
    NO_CALL_WHERE_ONE_IS_DEMANDED(
            stream(reply -> {
                if (reply.calls()) {
                    reply.chunks.removeIf(chunk -> chunk.at("/choices/0/delta").has("tool_calls"));
                    end(reply).put("finish_reason", "stop");
                }
            }),
            "tool-stream.called"),
    WHOLE_ARGUMENTS_AS_OBJECT(
            calls(call -> function(call).putObject("arguments").put("city", "Zürich")), "tools.arguments"),
    WHOLE_ARGUMENTS_EMPTY(calls(call -> function(call).put("arguments", "")), "tools.arguments"),
    WHOLE_TOOLS_SHARE_AN_ID(calls(call -> call.put("id", "call")), "tools.parallel-ids"),
    WHOLE_TOOLS_END_WITH_STOP(
            whole(body -> {
                if (choice(body).path("message").has("tool_calls")) {
                    choice(body).put("finish_reason", "stop");
                }
            }),
            "tools.finish"),
    EMPTY_TOOL_CALLS(
            whole(body -> {
                if (!choice(body).path("message").has("tool_calls")) {
                    message(body).putArray("tool_calls");
                }
            }),
            "plain.no-empty-calls"),
    CONTENT_LEFT_OUT(
            whole(body -> {
                if (message(body).path("content").isNull()) {
                    message(body).remove("content");
                }
            }),
            "tools.content"),
    NO_INDEX_OF_A_CHOICE(whole(body -> choice(body).remove("index")), "plain.choices"),
    TOTAL_IS_NO_SUM(whole(body -> ((ObjectNode) body.path("usage")).put("total_tokens", 1)), "plain.usage"),
    NO_REQUEST_ID(reply -> reply.headers.remove("x-request-id"), "plain.request-id"),
    CHARACTERS_CUT_IN_STREAMS(reply -> {}, "stream.utf8", "text.stream") {
        @Override
        byte[] bytes(String record) {
            // What a server does that decodes each half of the record by itself.
            byte[] whole = super.bytes(record);
            int cut = 0;
            while (cut < whole.length - 1 && whole[cut] >= 0) {
                cut++;
            }
            String first = new String(whole, 0, cut + 1, StandardCharsets.UTF_8);
            String second = new String(whole, cut + 1, whole.length - cut - 1, StandardCharsets.UTF_8);
            return super.bytes(first + second);
        }
    },
    LATIN_1_IN_STREAMS(reply -> {}, "stream.utf8", "text.stream") {
        @Override
        byte[] bytes(String record) {
            return record.getBytes(StandardCharsets.ISO_8859_1);
        }
    },
    ERRORS_AS_A_PAGE(
            error(reply -> {
                reply.type = "text/html";
                reply.body = "<html><body><h1>Bad Request</h1></body></html>";
            }),
            "errors.json"),
    ERRORS_WITH_STATUS_200(error(reply -> reply.status = 200), "errors.status", "models.unknown"),
    ERRORS_OF_ANOTHER_SHAPE(error(reply -> reply.body = "{\"detail\":\"it was refused\"}"), "errors.shape"),
    ERRORS_WITHOUT_CODE(
            error(reply -> reply.body(body -> ((ObjectNode) body.path("error")).remove("code"))), "errors.keys"),
    ERRORS_AS_TEXT(error(reply -> reply.type = "text/plain"), "errors.content-type"),
    BAD_REQUESTS_AS_DEFECTS(
            error(reply -> {
                if (reply.status == 400) {
                    reply.status = 500;
                }
            }),
            "errors.bad-json",
            "errors.no-messages"),
    ANY_MODEL_WILL_DO(
            error(reply -> {
                if (reply.request.path("model").asText().startsWith("mehari-conformance")) {
                    reply.status = 200;
                    reply.chat(List.of("Hello"), List.of());
                }
            }),
            "errors.unknown-model",
            "errors.before-a-stream"),
    STREAMS_AS_JSON(stream(reply -> reply.type = "application/json"), "stream.content-type"),
    STREAMS_THAT_MAY_BE_KEPT(stream(reply -> reply.headers.remove("cache-control")), "stream.cache-control"),
    STREAMS_COMPRESSED(
            stream(reply -> {
                if (reply.takesGzip) {
                    reply.headers.put("content-encoding", "gzip");
                }
            }),
            "stream.uncompressed"),
    ANSWERS_AS_TEXT(
            reply -> {
                if (reply.plain()) {
                    reply.type = "text/plain";
                }
            },
            "plain.content-type"),
    ID_CHANGES_IN_A_STREAM(
            stream(reply -> reply.chunks.forEach(chunk -> chunk.put("id", "chatcmpl-" + System.nanoTime()))),
            "stream.id"),
    CHOICES_NULL(
            stream(reply -> reply.chunks.stream()
                    .filter(chunk -> chunk.path("choices").isEmpty())
                    .forEach(chunk -> chunk.putNull("choices"))),
            "stream.choices"),
    CONTENT_AS_PARTS(stream(reply -> delta(reply.chunks.getFirst()).putArray("content")), "stream.content"),
    KEEP_ALIVE_AS_DATA(stream(reply -> reply.before = "data: ping\n\n"), "stream.json"),
    EVENTS_WITH_IDS(stream(reply -> reply.before = "id: 1\n"), "stream.fields"),
    ALL_AT_ONCE(stream(reply -> reply.held = reply.chunks.size() > 20), "stream.flushed"),
    OBJECT_OF_A_WHOLE_ANSWER(
            stream(reply -> reply.chunks.forEach(chunk -> chunk.put("object", "chat.completion"))), "stream.object"),
    CREATED_IN_MILLISECONDS(
            stream(reply -> reply.chunks.forEach(chunk -> chunk.put("created", 1_764_000_000_000L))), "stream.created"),
    CREATED_WITH_A_FRACTION(whole(body -> body.put("created", 1_764_000_000.5)), "plain.created"),
    MODEL_CHANGES_IN_A_STREAM(stream(reply -> reply.chunks.getLast().put("model", "another")), "stream.model"),
    A_STREAM_SAYS_THAT_IT_FAILED(
            stream(reply -> {
                if (reply.chunks.size() > 20) {
                    reply.ends.clear();
                    reply.ends.add("{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}");
                }
            }),
            "stream.answers"),
    JSON_IN_A_CODE_FENCE(
            reply -> {
                if (reply.plain() && reply.request.has("response_format")) {
                    reply.body(body -> message(body)
                            .put(
                                    "content",
                                    "```json\n" + message(body).path("content").asText() + "\n```"));
                }
            },
            "structured.json"),
    SCHEMA_IGNORED(
            reply -> {
                if (reply.plain() && reply.request.has("response_format")) {
                    reply.body(body -> message(body).put("content", "{\"town\":\"Zürich\"}"));
                }
            },
            "structured.schema"),
    LARGE_BODIES_REFUSED(
            reply -> {
                if (reply.length > 1_000_000) {
                    reply.fail(413, "request_too_large");
                }
            },
            "plain.large-body"),
    UNKNOWN_FIELDS_REFUSED(
            reply -> {
                if (reply.request.has("x_conformance")) {
                    reply.fail(400, "unknown_parameter");
                }
            },
            "plain.unknown-fields"),
    CALLS_GO_ON_WITHOUT_CLIENTS(reply -> {}, "gateway.cancel"),
    NO_HEADERS_OF_THE_GATEWAY(reply -> reply.headers.remove("x-mehari-attempts"), "gateway.headers");

    private final Consumer<SoundReply> damage;
    private final Set<String> breaks;

    Flaw(Consumer<SoundReply> damage, String... breaks) {
        this.damage = damage;
        this.breaks = Set.of(breaks);
    }

    Set<String> breaks() {
        return breaks;
    }

    void apply(SoundReply reply) {
        damage.accept(reply);
    }

    /** A record of a stream as it is sent. */
    byte[] bytes(String record) {
        return record.getBytes(StandardCharsets.UTF_8);
    }

    /** Between two records; calls that are to be left in their middle take long enough for it. */
    Duration pace() {
        return Duration.ofMillis(this == CALLS_GO_ON_WITHOUT_CLIENTS ? 50 : 2);
    }

    private static Consumer<SoundReply> stream(Consumer<SoundReply> damage) {
        return reply -> {
            if (!reply.chunks.isEmpty()) {
                damage.accept(reply);
            }
        };
    }

    private static Consumer<SoundReply> whole(Consumer<ObjectNode> damage) {
        return reply -> {
            if (reply.plain()) {
                reply.body(damage);
            }
        };
    }

    private static Consumer<SoundReply> error(Consumer<SoundReply> damage) {
        return reply -> {
            if (reply.status >= 400) {
                damage.accept(reply);
            }
        };
    }

    /** Each piece of a call in a stream. */
    private static Consumer<SoundReply> pieces(Consumer<ObjectNode> damage) {
        return stream(reply -> reply.chunks.forEach(
                chunk -> chunk.at("/choices/0/delta/tool_calls").forEach(call -> damage.accept((ObjectNode) call))));
    }

    /** Each call in a whole answer. */
    private static Consumer<SoundReply> calls(Consumer<ObjectNode> damage) {
        return whole(body -> message(body).path("tool_calls").forEach(call -> damage.accept((ObjectNode) call)));
    }

    private static ObjectNode choice(JsonNode answer) {
        return (ObjectNode) answer.path("choices").path(0);
    }

    private static ObjectNode message(JsonNode answer) {
        return (ObjectNode) choice(answer).path("message");
    }

    private static ObjectNode delta(JsonNode chunk) {
        return (ObjectNode) choice(chunk).path("delta");
    }

    private static ObjectNode function(JsonNode call) {
        return (ObjectNode) call.path("function");
    }

    /** The choice that says how the stream ends. */
    private static ObjectNode end(SoundReply reply) {
        return choice(reply.chunks.get(last(reply)));
    }

    /** The place of the last chunk with a choice. */
    private static int last(SoundReply reply) {
        int place = reply.chunks.size() - 1;
        while (reply.chunks.get(place).path("choices").isEmpty()) {
            place--;
        }
        return place;
    }
}
