package dev.mehari.conformance;

import java.util.List;

/** What is demanded of every stream of chat chunks. */
final class StreamDemands {
    static final Demand ANSWERS = Demand.must(
            "stream.answers",
            "a request with \"stream\": true is answered with 200 and chunks, and ends in order",
            "openai-chat 8",
            "stream the answer as server-sent events; look at the server's log for this request");
    static final Demand TYPE = Demand.must(
            "stream.content-type",
            "the content-type is text/event-stream",
            "openai-chat 8",
            "set content-type: text/event-stream; browsers and several SDKs refuse anything else");
    static final Demand FIELDS = Demand.must(
            "stream.fields",
            "records have no id: and no retry: line",
            "openai-chat 8.8",
            "leave them out: OpenAI's Python SDK then takes a comment for an event and fails");
    static final Demand JSON = Demand.must(
            "stream.json",
            "each record is data: with one JSON object, or [DONE]",
            "openai-chat 8",
            "write each chunk as one data: line and a blank line; send comments (\": …\") to keep alive, not data");
    static final Demand UTF8 = Demand.must(
            "stream.utf8",
            "the bytes are UTF-8, and no character is broken where chunks meet",
            "pitfalls P15",
            "join bytes before you decode them: a character may lie in two reads");
    static final Demand OBJECT = Demand.must(
            "stream.object",
            "object is \"chat.completion.chunk\" in each chunk",
            "openai-chat 8",
            "write \"object\": \"chat.completion.chunk\"");
    static final Demand ID = Demand.must(
            "stream.id",
            "id is the same text in all chunks",
            "openai-chat 8",
            "make the id once for each answer; clients join chunks by it");
    static final Demand CREATED = Demand.must(
            "stream.created",
            "created is the same number of whole seconds in all chunks",
            "openai-chat 8",
            "take the time once, in seconds since 1970, as an integer");
    static final Demand MODEL = Demand.must(
            "stream.model",
            "model is the same text in all chunks",
            "openai-chat 8",
            "write the same model into each chunk");
    static final Demand CHOICES = Demand.must(
            "stream.choices",
            "choices is an array in each chunk, empty where there is nothing to say",
            "openai-chat 8",
            "write \"choices\": []; clients iterate over it without a look");
    static final Demand ROLE = Demand.must(
            "stream.role-first",
            "the first delta carries role \"assistant\"",
            "openai-chat 8.1",
            "begin with delta {\"role\": \"assistant\", \"content\": \"\"}");
    static final Demand CONTENT = Demand.must(
            "stream.content",
            "delta is an object, and its content a string or null",
            "openai-chat 8",
            "write text as delta.content; parts and numbers do not belong there");
    static final Demand FINISH = Demand.must(
            "stream.finish",
            "a choice that has ended says so with a finish_reason of OpenAI's",
            "pitfalls P07",
            "send a chunk with finish_reason stop, length, tool_calls, content_filter or function_call before [DONE]");
    static final Demand FINISH_ONCE = Demand.must(
            "stream.finish-once",
            "only one chunk of a choice has a finish_reason",
            "pitfalls P07",
            "leave finish_reason null in all chunks but the last of a choice");
    static final Demand AFTER_FINISH = Demand.must(
            "stream.nothing-after-finish",
            "no text and no call follows the finish_reason",
            "openai-chat 8.1",
            "send the finish_reason last; many clients stop reading there");
    static final Demand FINISH_KEY = Demand.should(
            "stream.finish-key",
            "chunks before the end have finish_reason too, as null",
            "openai-chat 8",
            "write \"finish_reason\": null; strictly typed clients ask for the key");
    static final Demand DONE = Demand.must(
            "stream.done",
            "data: [DONE] ends the stream",
            "openai-chat 8",
            "send data: [DONE] and a blank line last; without it a client cannot tell an end from a cut");
    static final Demand DONE_ONCE =
            Demand.must("stream.done-once", "[DONE] comes once", "pitfalls P50", "send it in one place only");
    static final Demand DONE_LAST = Demand.must(
            "stream.done-last", "nothing follows [DONE]", "openai-chat 8", "send everything else before [DONE]");

    static final List<Demand> ALL = List.of(
            ANSWERS,
            TYPE,
            FIELDS,
            JSON,
            UTF8,
            OBJECT,
            ID,
            CREATED,
            MODEL,
            CHOICES,
            ROLE,
            CONTENT,
            FINISH,
            FINISH_ONCE,
            AFTER_FINISH,
            FINISH_KEY,
            DONE,
            DONE_ONCE,
            DONE_LAST);

    private StreamDemands() {}
}
