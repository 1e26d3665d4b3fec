package dev.mehari.provider.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mehari.chat.ChatRequest;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.Message;
import dev.mehari.chat.Tool;
import dev.mehari.chat.ToolCall;
import dev.mehari.chat.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which functions the demo provider calls: those whose names the last user message holds; the first one when it says
 * "use a tool" or "call a tool"; and whatever {@code tool_choice} demands. After a tool's result it calls none.
 */
final class DemoCalls {
    private DemoCalls() {}

    /**
     * The functions to call, none when it should answer in words.
     *
     * @throws InvalidRequest when a call is demanded and no function fits
     */
    static List<Tool.Function> wanted(ChatRequest request) {
        List<Tool.Function> functions = functions(request.tooling().tools());
        if (request.messages().getLast() instanceof Message.ToolResult) {
            return List.of();
        }
        return switch (request.tooling().choice()) {
            case ToolChoice.None none -> List.of();
            case ToolChoice.Auto auto -> asked(functions, request);
            case ToolChoice.Required required -> demanded(functions, request);
            case ToolChoice.Named named -> demanded(only(functions, List.of(named.name())), request);
            case ToolChoice.Allowed allowed -> {
                List<Tool.Function> some = only(functions, allowed.names());
                yield allowed.required() ? demanded(some, request) : asked(some, request);
            }
            case null -> asked(functions, request);
        };
    }

    /** The calls, with arguments that fit their schemas. Ids are made from the answer's. */
    static List<ToolCall> calls(List<Tool.Function> functions, String answerId) {
        List<ToolCall> calls = new ArrayList<>();
        for (Tool.Function function : functions) {
            String id = String.format("call_demo%08x_%d", answerId.hashCode(), calls.size());
            JsonNode parameters = function.parameters();
            String arguments = parameters == null ? "{}" : Json.text(SchemaSample.of(parameters));
            calls.add(ToolCall.function(id, function.name(), arguments));
        }
        return calls;
    }

    private static List<Tool.Function> functions(List<Tool> tools) {
        List<Tool.Function> functions = new ArrayList<>();
        for (Tool tool : tools) {
            if (tool instanceof Tool.Function function) {
                functions.add(function);
            }
        }
        return functions;
    }

    private static List<Tool.Function> only(List<Tool.Function> functions, List<String> names) {
        return functions.stream()
                .filter(function -> names.contains(function.name()))
                .toList();
    }

    private static List<Tool.Function> asked(List<Tool.Function> functions, ChatRequest request) {
        String text = DemoSentence.lastUserText(request.messages());
        List<Tool.Function> named = functions.stream()
                .filter(function -> holdsName(text, function.name()))
                .toList();
        String lower = text.toLowerCase(Locale.ROOT);
        boolean any = lower.contains("use a tool") || lower.contains("call a tool");
        List<Tool.Function> asked = named.isEmpty() && any ? functions : named;
        ChatRequest.Tooling tooling = request.tooling();
        boolean single = named.isEmpty() || tooling.legacyFunctions() || Boolean.FALSE.equals(tooling.parallel());
        return single ? asked.stream().limit(1).toList() : asked;
    }

    private static List<Tool.Function> demanded(List<Tool.Function> functions, ChatRequest request) {
        if (functions.isEmpty()) {
            throw new InvalidRequest(
                    "tool_choice", "the demo provider calls functions only, and the tool choice leaves none to call");
        }
        List<Tool.Function> asked = asked(functions, request);
        return asked.isEmpty() ? List.of(functions.getFirst()) : asked;
    }

    /** As a word of its own, so that a tool called "a" is not asked for by every sentence. */
    private static boolean holdsName(String text, String name) {
        return Pattern.compile("(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])", Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .find();
    }
}
