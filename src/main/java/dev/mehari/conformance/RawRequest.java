package dev.mehari.conformance;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.SocketFactory;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Sends a chat on a bare socket, its body in two writes that part a character: what no HTTP client can be told to do. */
final class RawRequest {
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final Endpoint endpoint;

    RawRequest(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /** Whether it can be sent: there is no bare socket to the endpoint through a proxy. */
    boolean possible(String path) {
        ProxySelector proxies = ProxySelector.getDefault();
        return proxies == null
                || proxies.select(endpoint.target().uri(path)).stream()
                        .allMatch(proxy -> proxy.type() == Proxy.Type.DIRECT);
    }

    /**
     * Cuts the body within its first character of several bytes. The answer is read until the connection closes, as the
     * request asks for.
     *
     * @return its status and body; headers are not looked at
     */
    Answer sendInTwo(String path, String json) {
        URI uri = endpoint.target().uri(path);
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        int cut = 0;
        while (cut < body.length - 1 && body[cut] >= 0) {
            cut++;
        }
        long sent = System.nanoTime();
        try (Socket socket = connect(uri)) {
            OutputStream out = socket.getOutputStream();
            out.write(head(uri, body.length).getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, cut + 1);
            out.flush();
            out.write(body, cut + 1, body.length - cut - 1);
            out.flush();
            return answer(socket.getInputStream().readNBytes(MOST_BYTES), sent);
        } catch (IOException failed) {
            return new Answer(0, Map.of(), List.of(), sent, Failure.text(failed, uri, endpoint.timeout()));
        }
    }

    private Socket connect(URI uri) throws IOException {
        boolean secure = uri.getScheme().equalsIgnoreCase("https");
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        int timeout = (int) Math.min(Integer.MAX_VALUE, endpoint.timeout().toMillis());
        Socket plain = SocketFactory.getDefault().createSocket();
        try {
            // Two writes are two packets.
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(timeout);
            plain.connect(new InetSocketAddress(uri.getHost().replaceAll("[\\[\\]]", ""), port), timeout);
            return secure ? secured(plain, uri.getHost(), port) : plain;
        } catch (IOException failed) {
            plain.close();
            throw failed;
        }
    }

    private static Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        // Of itself a socket does not look at the name in the certificate.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private String head(URI uri, int length) {
        String key = endpoint.target().key();
        return "POST " + uri.getRawPath() + " HTTP/1.1\r\nhost: " + uri.getRawAuthority()
                + "\r\ncontent-type: application/json\r\ncontent-length: " + length + "\r\nconnection: close\r\n"
                + (key == null ? "" : "authorization: Bearer " + key + "\r\n") + "\r\n";
    }

    private static Answer answer(byte[] all, long sent) {
        String text = new String(all, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (!text.matches("(?s)HTTP/1\\.\\d \\d{3}\\D.*") || end < 0) {
            return new Answer(0, Map.of(), List.of(), sent, "what came is no HTTP answer: " + Answer.cut(text));
        }
        String body = text.substring(end + 4);
        boolean chunked = text.substring(0, end).toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked");
        byte[] bytes = (chunked ? joined(body) : body).getBytes(StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(text.substring(9, 12));
        return new Answer(status, Map.of(), List.of(new Answer.Piece(System.nanoTime(), bytes)), sent, null);
    }

    /** The chunks without their sizes: a size in the middle of a character would look as if that were broken. */
    private static String joined(String chunked) {
        StringBuilder all = new StringBuilder();
        int at = 0;
        while (true) {
            int end = chunked.indexOf("\r\n", at);
            String size = end < 0
                    ? ""
                    : chunked.substring(at, end).replaceFirst(";.*", "").strip();
            int length = size.matches("[0-9a-fA-F]{1,7}") ? Integer.parseInt(size, 16) : 0;
            if (length == 0) {
                return all.toString();
            }
            int until = Math.min(chunked.length(), end + 2 + length);
            all.append(chunked, end + 2, until);
            at = Math.min(chunked.length(), until + 2);
        }
    }
}
