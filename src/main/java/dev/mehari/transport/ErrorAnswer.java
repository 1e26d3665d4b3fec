package dev.mehari.transport;

import java.util.List;
import java.util.Map;

/**
 * A failure in the client's dialect, in both forms: which one is sent depends on whether a stream has begun by then.
 *
 * @param body the JSON body, for an answer that has not begun
 * @param event the SSE records that end a stream that has begun
 */
public record ErrorAnswer(int status, List<Map.Entry<String, String>> headers, byte[] body, byte[] event) {}
