package dev.mehari.provider.bedrockagent;

import dev.mehari.chat.JsonWriter;
import dev.mehari.chat.Message;
import dev.mehari.chat.ToolCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The results that a client brings back for an agent's {@code returnControl}. Immutable once made. */
final class BedrockAgentResults {
    private final List<Result> results;
    private final Set<String> ids = new HashSet<>();

    private record Result(BedrockAgentCallId call, String actionGroup, String function, Message.ToolResult result) {}

    private BedrockAgentResults(List<Result> results) {
        this.results = results;
        results.forEach(result -> ids.add(result.result().callId()));
    }

    /**
     * @param before the conversation up to the assistant's last turn, which made the calls
     * @param news what came after it
     */
    static BedrockAgentResults of(List<Message> before, List<Message> news, BedrockAgentCalls calls) {
        Map<String, String> names = new HashMap<>();
        for (Message message : before) {
            if (message instanceof Message.Assistant said) {
                for (ToolCall call : said.toolCalls()) {
                    names.put(call.id(), call.name());
                }
            }
        }
        List<Result> results = new ArrayList<>();
        for (Message message : news) {
            if (message instanceof Message.ToolResult result) {
                Result known = result(result, names.get(result.callId()), calls.find(result.callId()));
                if (known != null) {
                    results.add(known);
                }
            }
        }
        // An agent resumes one invocation: that of the latest result.
        String latest = results.isEmpty() ? "" : results.getLast().call().invocationId();
        results.removeIf(result -> !result.call().invocationId().equals(latest));
        return new BedrockAgentResults(List.copyOf(results));
    }

    private static @Nullable Result result(
            Message.ToolResult result, @Nullable String name, @Nullable BedrockAgentCallId call) {
        // A function's name has no double underscore in it: the last one stands between the two.
        int between = name == null ? -1 : name.lastIndexOf(BedrockAgentControl.BETWEEN);
        if (call == null || name == null || between < 0) {
            return null;
        }
        return new Result(
                call,
                name.substring(0, between),
                name.substring(between + BedrockAgentControl.BETWEEN.length()),
                result);
    }

    boolean isEmpty() {
        return results.isEmpty();
    }

    boolean has(String callId) {
        return ids.contains(callId);
    }

    /** Fields {@code invocationId} and {@code returnControlInvocationResults}. */
    void write(JsonWriter out) {
        if (results.isEmpty()) {
            return;
        }
        out.field("invocationId", results.getFirst().call().invocationId());
        out.name("returnControlInvocationResults").list();
        for (Result result : results) {
            out.object();
            String operation = result.call().operation();
            if (operation == null) {
                function(result, out);
            } else {
                api(result, operation, out);
            }
            out.endObject();
        }
        out.endList();
    }

    private static void function(Result result, JsonWriter out) {
        out.name("functionResult").object().field("actionGroup", result.actionGroup());
        out.field("function", result.function());
        common(result, out);
        body("TEXT", result, out);
        out.endObject();
    }

    private static void api(Result result, String operation, JsonWriter out) {
        int blank = operation.indexOf(' ');
        out.name("apiResult").object().field("actionGroup", result.actionGroup());
        out.field("httpMethod", operation.substring(0, blank)).field("apiPath", operation.substring(blank + 1));
        out.name("httpStatusCode").number(result.result().isError() ? 500 : 200);
        common(result, out);
        body("application/json", result, out);
        out.endObject();
    }

    private static void common(Result result, JsonWriter out) {
        if (result.call().agentId() != null) {
            out.field("agentId", result.call().agentId());
        }
        if (result.result().isError()) {
            // The other word, FAILURE, would end the session with an exception.
            out.field("responseState", "REPROMPT");
        }
    }

    private static void body(String type, Result result, JsonWriter out) {
        out.name("responseBody").object().name(type).object();
        out.field("body", result.result().text()).endObject().endObject();
    }
}
