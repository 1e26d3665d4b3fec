package dev.mehari.provider;

import dev.mehari.chat.GatewayException;
import dev.mehari.transport.UpstreamRequest;
import dev.mehari.transport.UpstreamResponse;

/**
 * How requests of a protocol are put to an endpoint of Camel's own where a route names one instead of the gateway's
 * transport. A bean of this type serves the step {@code invokeEach}; the endpoint stands in a route named
 * {@code invoke-} and the protocol.
 *
 * <p>Thread-safe. Called on a virtual thread, which may be blocked.
 */
public interface Invocations {
    /** The protocol whose requests these are, by name. */
    String protocol();

    /**
     * A request as the endpoint takes it, with what proves us to the provider.
     *
     * @return the endpoint's message body
     * @throws GatewayException.UpstreamRefusedUs there are no credentials
     */
    Object invocation(Ask ask, UpstreamRequest request);

    /** The provider's answer, with a 2xx status. @param body what the endpoint left in the message */
    UpstreamResponse answer(Object body);

    /**
     * What the endpoint failed with.
     *
     * @return the provider's answer, of any other status
     * @throws GatewayException there was none
     */
    UpstreamResponse failure(Ask ask, Throwable cause);
}
