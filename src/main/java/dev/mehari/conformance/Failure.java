package dev.mehari.conformance;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why an exchange failed, in one line that a user can act upon. Pure. */
final class Failure {
    private Failure() {}

    static String text(Throwable failed, URI uri, Duration timeout) {
        String place = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
        if (cause(failed, UnresolvedAddressException.class) != null
                || cause(failed, UnknownHostException.class) != null) {
            return "the name " + uri.getHost() + " is not known (DNS)";
        }
        if (cause(failed, HttpConnectTimeoutException.class) != null) {
            boolean secure = uri.getScheme().equalsIgnoreCase("https");
            return "no connection to " + place + " came about in time" + (secure ? "; does it speak TLS?" : "");
        }
        if (cause(failed, HttpTimeoutException.class) != null) {
            return late(timeout);
        }
        if (cause(failed, CertificateException.class) != null) {
            return "the certificate of " + place + " is not trusted (" + deepest(failed)
                    + "); a CA of your own goes into java -Djavax.net.ssl.trustStore=FILE";
        }
        if (cause(failed, SSLException.class) != null) {
            return "TLS with " + place + " failed (" + deepest(failed) + "); is it https?";
        }
        if (cause(failed, ConnectException.class) != null) {
            return "nobody listens at " + place + " (connection refused)";
        }
        return "the connection to " + place + " broke or does not speak HTTP (" + deepest(failed) + ")";
    }

    static String late(Duration timeout) {
        return "nothing came for " + seconds(timeout) + " s; --timeout allows more";
    }

    private static String seconds(Duration time) {
        return time.toMillis() % 1000 == 0
                ? String.valueOf(time.toSeconds())
                : String.valueOf(time.toMillis() / 1000.0);
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failed, Class<T> type) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    /** The words of the innermost cause that has some. */
    private static String deepest(Throwable failed) {
        String words = failed.getClass().getSimpleName();
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause.getMessage() != null && (cause instanceof IOException || cause.getCause() == null)) {
                words = cause.getMessage();
            }
        }
        return Answer.cut(words);
    }
}
