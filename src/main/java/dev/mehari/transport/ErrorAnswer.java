package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A failure in the client's dialect, in both forms: which one is sent depends on whether a stream has begun by then.
 *
 * @param reason what it tells of
 * @param body the JSON body, for an answer that has not begun
 * @param event the SSE records that end a stream that has begun
 */
public record ErrorAnswer(
        GatewayException reason, int status, List<Map.Entry<String, String>> headers, byte[] body, byte[] event) {

    /** The same with more headers, which count while it can still have any. */
    public ErrorAnswer with(List<Map.Entry<String, String>> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<Map.Entry<String, String>> all = new ArrayList<>(headers);
        all.addAll(more);
        return new ErrorAnswer(reason, status, all, body, event);
    }
}
