package dev.mehari.transport;

import dev.mehari.chat.GatewayException;
import dev.mehari.chat.GatewayException.UpstreamTimeout;
import dev.mehari.chat.GatewayException.UpstreamUnavailable;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What a provider's connections fail with, in our words: none of them names an address. */
final class UpstreamFault {
    private UpstreamFault() {}

    /** No connection came about. */
    static GatewayException unreachable(UpstreamTarget target, Throwable cause) {
        String who = who(target.name());
        if (isBy(cause, SslHandshakeTimeoutException.class)) {
            return new UpstreamTimeout(who + "did not finish the TLS handshake within "
                    + target.connectTimeout().toMillis() + " ms");
        }
        if (isTimeout(cause)) {
            return new UpstreamTimeout(who + "did not accept a connection within "
                    + target.connectTimeout().toMillis() + " ms");
        }
        if (cause instanceof UnknownHostException || cause.getCause() instanceof UnknownHostException) {
            return new UpstreamUnavailable(502, who + "cannot be reached: its host name is unknown", null);
        }
        if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
            return new UpstreamUnavailable(502, who + "cannot be reached: " + handshake(cause), null);
        }
        if (cause instanceof Http2Exception) {
            return new UpstreamUnavailable(502, who + "cannot be reached: it does not speak HTTP/2", null);
        }
        return new UpstreamUnavailable(502, who + "cannot be reached: no connection could be made", null);
    }

    /** Why TLS did not come about, as far as the JVM tells: what it says itself names addresses. */
    private static String handshake(Throwable cause) {
        if (isBy(cause, CertificateExpiredException.class)) {
            return "its certificate has expired";
        }
        if (isBy(cause, CertificateNotYetValidException.class)) {
            return "its certificate is not valid yet";
        }
        if (isBy(cause, CertPathBuilderException.class) || isBy(cause, CertPathValidatorException.class)) {
            return "nobody whom this JVM trusts vouches for its certificate (docs/providers.md#tls)";
        }
        if (isBy(cause, CertificateParsingException.class)) {
            return "its certificate cannot be read";
        }
        // As the JDK tells a wrong host, and nothing of its own kind.
        if (isBy(cause, CertificateException.class)) {
            return "its certificate is not valid for its host name";
        }
        return isBy(cause, NotSslRecordException.class)
                ? "it does not speak TLS; is its address http://?"
                : "the TLS handshake failed";
    }

    private static boolean isBy(Throwable failure, Class<? extends Throwable> reason) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (reason.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    /** What came for an answer, if anything, had no head. */
    static GatewayException unanswered(String provider, Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            return brokenOff(provider, "answered with a head that is too large", cause);
        }
        // Netty's, of a status line or a length.
        return cause instanceof IllegalArgumentException
                ? brokenOff(provider, "answered what is not HTTP", cause)
                : brokenOff(provider, "closed the connection before it answered", cause);
    }

    /** A connection ended too early, unless we ended it for a reason of our own. */
    static GatewayException brokenOff(String provider, String what, Throwable cause) {
        return cause instanceof GatewayException known
                ? known
                : new UpstreamUnavailable(502, who(provider) + what, null);
    }

    /** Whether it was waited for as long as it may take. */
    static boolean isTimeout(Throwable cause) {
        return cause instanceof ConnectTimeoutException
                || isBy(cause, SslHandshakeTimeoutException.class)
                || cause instanceof TimeoutException;
    }

    private static String who(String provider) {
        return "provider \"" + provider + "\" ";
    }
}
