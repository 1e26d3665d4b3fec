package dev.mehari.transport;

import java.util.List;
import java.util.Map;

/**
 * One request to a provider, ready to send: nothing of the client's own headers is in it.
 *
 * @param path below the target's base, with a leading slash and any query
 * @param headers names in lower case; {@code content-length} and {@code host} are set by the transport
 * @param body UTF-8 JSON
 * @param stream whether an event stream is asked for, which decides how the answer is read
 */
public record UpstreamRequest(
        UpstreamTarget target,
        String path,
        List<Map.Entry<String, String>> headers,
        byte[] body,
        boolean stream,
        Timeouts timeouts) {}
