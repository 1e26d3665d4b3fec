package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamTimeout;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http2.Http2Exception;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What a provider's connections fail with, in our words: none of them names an address. */
final class UpstreamFault {
    private UpstreamFault() {}

    /** No connection came about. */
    static GatewayException unreachable(UpstreamTarget target, Throwable cause) {
        String who = who(target.name());
        if (isTimeout(cause)) {
            return new UpstreamTimeout(who + "did not accept a connection within "
                    + target.connectTimeout().toMillis() + " ms");
        }
        if (cause instanceof UnknownHostException || cause.getCause() instanceof UnknownHostException) {
            return new UpstreamUnavailable(502, who + "cannot be reached: its host name is unknown", null);
        }
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            return new UpstreamUnavailable(502, who + "cannot be reached: the TLS handshake failed", null);
        }
        if (cause instanceof Http2Exception) {
            return new UpstreamUnavailable(502, who + "cannot be reached: it does not speak HTTP/2", null);
        }
        return new UpstreamUnavailable(502, who + "cannot be reached: no connection could be made", null);
    }

    /** A connection ended too early, unless we ended it for a reason of our own. */
    static GatewayException brokenOff(String provider, String what, Throwable cause) {
        return cause instanceof GatewayException known
                ? known
                : new UpstreamUnavailable(502, who(provider) + what, null);
    }

    /** Whether it was waited for as long as it may take. */
    static boolean isTimeout(Throwable cause) {
        return cause instanceof ConnectTimeoutException || cause instanceof TimeoutException;
    }

    private static String who(String provider) {
        return "provider \"" + provider + "\" ";
    }
}
