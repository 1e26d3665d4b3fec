package dev.mehari.provider;

import dev.mehari.chat.GatewayException;
import dev.mehari.transport.UpstreamRequest;
import java.util.Set;

/**
 * What proves to a provider who calls, where a fixed key in {@link Provider#headers()} does not: a token that expires, or
 * a signature over the request. A bean of this type serves the step {@code signRequest} of its protocols' routes, which
 * stands between the encoding step and {@code callUpstream}.
 *
 * <p>Thread-safe. Called on the call's virtual thread, which may be blocked: tokens are fetched by one call while others
 * wait for the same, and renewed ahead of their end.
 */
public interface Credentials {
    /** The protocols whose requests it signs, by name. */
    Set<String> protocols();

    /**
     * The request with what proves us in its headers. The very same request when there is nothing to add: the provider
     * has a fixed key, or stands at an address of the operator's own that needs none.
     *
     * @throws GatewayException.UpstreamRefusedUs there are no credentials, or whoever gives out tokens refused them
     * @throws GatewayException.UpstreamUnavailable whoever gives out tokens cannot be reached
     */
    UpstreamRequest sign(UpstreamRequest request, Provider provider);

    /** The provider answered 401: what is held for it is of no use any more, and the next request gets something new. */
    void refused(Provider provider);
}
