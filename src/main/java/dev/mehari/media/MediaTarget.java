package dev.mehari.media;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * Where to fetch from: an address that has been checked, and the connection goes to exactly that one. A name that is
 * looked up again could lead elsewhere by then.
 *
 * @param uri with the host's name, for TLS and the {@code host} header
 * @param address of that host
 */
record MediaTarget(URI uri, InetAddress address) {

    /**
     * @param allowed hosts that may be private, in small letters: {@code name}, or {@code name:port} for ports other than
     *     80 and 443
     * @throws MediaRefused it is no address of the public web
     */
    static MediaTarget of(String url, Set<String> allowed, HostNames names) throws MediaRefused {
        URI uri = parse(url);
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = port(uri);
        boolean known = allowed.contains(host + ":" + port) || (allowed.contains(host) && isUsual(port));
        if (!known && !isUsual(port)) {
            throw new MediaRefused("is at port " + port + "; only 80 and 443 are asked");
        }
        InetAddress[] addresses = lookUp(host, names);
        // All of them: whoever mixes private addresses in means them.
        if (!known && !Arrays.stream(addresses).allMatch(PublicAddress::is)) {
            throw new MediaRefused("is at an address that is not public");
        }
        return new MediaTarget(uri, addresses[0]);
    }

    private static boolean isUsual(int port) {
        return port == 80 || port == 443;
    }

    private static URI parse(String url) throws MediaRefused {
        try {
            URI uri = new URI(url);
            boolean web = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (!web || uri.getHost() == null) {
                throw new MediaRefused("is no http or https URL");
            }
            if (uri.getRawUserInfo() != null) {
                throw new MediaRefused("holds a user name");
            }
            return uri;
        } catch (URISyntaxException notOne) {
            throw new MediaRefused("is no valid URL");
        }
    }

    private static InetAddress[] lookUp(String host, HostNames names) throws MediaRefused {
        try {
            String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
            InetAddress[] addresses = names.resolve(bare);
            if (addresses.length > 0) {
                return addresses;
            }
        } catch (UnknownHostException unknown) {
            // As when it has no address.
        }
        throw new MediaRefused("is at a host that is not known");
    }

    static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    boolean tls() {
        return "https".equalsIgnoreCase(uri.getScheme());
    }

    String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    String pathAndQuery() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
