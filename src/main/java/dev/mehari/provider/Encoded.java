package dev.mehari.provider;

import dev.mehari.transport.UpstreamRequest;
import java.util.List;

/**
 * A chat ready to send.
 *
 * @param dropped fields of the client's that the provider does not take, to be told in {@code x-mehari-dropped-params}
 */
public record Encoded(UpstreamRequest request, List<String> dropped) {}
