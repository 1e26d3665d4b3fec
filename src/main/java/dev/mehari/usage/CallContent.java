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
public record CallContent(byte[] request, long requestBytes, byte[] response, long responseBytes) {}
