package dev.mehari.dialect.responses;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.mehari.chat.GatewayException.InvalidRequest;
import dev.mehari.chat.Json;
import dev.mehari.chat.JsonObject;
import dev.mehari.chat.RequestFacts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one Responses request in a single pass: checks what can be checked without knowing the model, and notes what the
 * routes decide on. One instance a request; not thread-safe.
 */
final class ResponsesFacts {
    private static final List<String> STRINGS = List.of("model", "previous_response_id", "instructions", "user");
    private static final List<String> BOOLEANS = List.of("stream", "store", "background", "parallel_tool_calls");

    private @Nullable String model;
    private @Nullable String provider;
    private @Nullable Long maxTokens;
    private boolean stream;
    private boolean hasTools;
    private boolean hasInput;
    private int promptChars;
}
