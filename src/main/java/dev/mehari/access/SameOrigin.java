package dev.mehari.access;

import dev.mehari.chat.GatewayException.Forbidden;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request that changes something comes from a page of ours. Browsers add a session's cookie by themselves, also
 * to what another site makes them send; {@code SameSite} stops that, and this does where two sites share a host name.
 */
public final class SameOrigin {
    private SameOrigin() {}

    /**
     * Lets requests of our own pages pass, and those that only read.
     *
     * @param site {@code Sec-Fetch-Site}, which browsers set and pages cannot
     * @param origin {@code Origin}, for browsers that do not send the former
     * @throws Forbidden another page sent it, or none that says where it is from
     */
    public static void require(String method, @Nullable String site, @Nullable String origin, @Nullable String host) {
        if (method.equals("GET") || method.equals("HEAD")) {
            return;
        }
        boolean own = site == null ? origin != null && host != null && isAt(origin, host) : site.equals("same-origin");
        if (!own) {
            throw new Forbidden(
                    "cross_site_request",
                    "A session's cookie opens this door for the gateway's own pages only; elsewhere send the admin key as"
                            + " 'Authorization: Bearer KEY'.");
        }
    }

    private static boolean isAt(String origin, String host) {
        return origin.equals("https://" + host) || origin.equals("http://" + host);
    }
}
