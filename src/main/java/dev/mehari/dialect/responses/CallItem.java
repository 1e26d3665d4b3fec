package dev.mehari.dialect.responses;

import dev.mehari.chat.ByteSink;
import dev.mehari.chat.Ids;
import dev.mehari.chat.Json;

/** A call the model asks for: of a function, with JSON arguments, or of a custom tool, with free text. */
final class CallItem extends OutputItem {
    private final boolean custom;
    private final String callId;
    private final String name;
    private final StringBuilder arguments = new StringBuilder();

    CallItem(EventWriter events, int index, boolean custom, String callId, String name) {
        super(events, Ids.random(custom ? "ctc_" : "fc_", 40), index);
        this.custom = custom;
        this.callId = callId;
        this.name = name;
    }

    void arguments(String delta, ByteSink out) {
        if (!delta.isEmpty()) {
            arguments.append(delta);
            event(eventOf("delta"), "delta", delta, out);
        }
    }

    @Override
    void closeParts(Status status, ByteSink out) {
        // A call that got no arguments gets an empty object: "" is not JSON and breaks clients that parse it.
        if (arguments.isEmpty() && !custom) {
            arguments("{}", out);
        }
        event(eventOf("done"), out);
        if (!custom) {
            Json.quote(name, out.write(",\"name\":"));
        }
        Json.quote(arguments.toString(), out.write(custom ? ",\"input\":" : ",\"arguments\":"));
        events.end(out);
    }

    private String eventOf(String what) {
        return (custom ? "response.custom_tool_call_input." : "response.function_call_arguments.") + what;
    }

    @Override
    void write(Status status, ByteSink out) {
        Json.quote(id, out.write("{\"id\":"));
        out.write(custom ? ",\"type\":\"custom_tool_call\"" : ",\"type\":\"function_call\"");
        out.write(",\"status\":\"").write(status.wire());
        Json.quote(callId, out.write("\",\"call_id\":"));
        Json.quote(name, out.write(",\"name\":"));
        Json.quote(arguments.toString(), out.write(custom ? ",\"input\":" : ",\"arguments\":"))
                .write('}');
    }
}
