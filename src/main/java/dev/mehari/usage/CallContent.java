package dev.mehari.usage;

/**
 * What was said in a call, as it passed, each side cut at the size that the settings allow. As it was: whoever shows it
 * redacts it first where the settings say so.
 *
 * @param request the request's body
 * @param requestBytes how long it was
 * @param response the answer's body: JSON, or server-sent events
 * @param responseBytes how long it was
 */
public record CallContent(byte[] request, long requestBytes, byte[] response, long responseBytes) {
    private static final byte[] NOTHING = {};

    /** How many bytes of it there are. */
    public long held() {
        return (long) request.length + response.length;
    }

    /** How long it was, and nothing of it. */
    CallContent cut() {
        return new CallContent(NOTHING, requestBytes, NOTHING, responseBytes);
    }
}
