package dev.mehari.transport;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One request to a provider, ready to send: nothing of the client's own headers is in it.
 *
 * @param path below the target's base, with a leading slash and any query
 * @param headers names in lower case; {@code content-length} and {@code host} are set by the transport
 * @param body UTF-8 JSON; empty for a method that has none
 * @param stream whether an event stream is asked for, which decides how the answer is read
 */
public record UpstreamRequest(
        UpstreamTarget target,
        Method method,
        String path,
        List<Map.Entry<String, String>> headers,
        byte[] body,
        boolean stream,
        Timeouts timeouts) {

    /** How a provider is asked. */
    public enum Method {
        GET,
        POST,
        DELETE
    }

    /** A POST. */
    public UpstreamRequest(
            UpstreamTarget target,
            String path,
            List<Map.Entry<String, String>> headers,
            byte[] body,
            boolean stream,
            Timeouts timeouts) {
        this(target, Method.POST, path, headers, body, stream, timeouts);
    }

    /** The same with one more header, or with another value where it has that header already. */
    public UpstreamRequest with(String header, String value) {
        List<Map.Entry<String, String>> all = new ArrayList<>(headers.size() + 1);
        for (Map.Entry<String, String> known : headers) {
            if (!known.getKey().equals(header)) {
                all.add(known);
            }
        }
        all.add(Map.entry(header, value));
        return new UpstreamRequest(target, method, path, all, body, stream, timeouts);
    }

    /**
     * The same with no more time than that: for the whole answer, or of a stream for its first token. What flows then has
     * the time-outs of its own.
     */
    public UpstreamRequest within(Duration left) {
        Duration limit = stream ? timeouts.firstToken() : timeouts.total();
        if (limit.compareTo(left) <= 0) {
            return this;
        }
        Timeouts shorter = stream
                ? new Timeouts(left, timeouts.idle(), timeouts.total())
                : new Timeouts(timeouts.firstToken(), timeouts.idle(), left);
        return new UpstreamRequest(target, method, path, headers, body, stream, shorter);
    }
}
