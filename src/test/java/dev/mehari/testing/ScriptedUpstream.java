package dev.mehari.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A provider on a real socket that answers each request with a script: bytes exactly as given, waits, resets. Written on
 * bare sockets so that it can do what no HTTP server would.
 */
public final class ScriptedUpstream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServerSocket server;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Request> arrivals = new LinkedBlockingQueue<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Function<Request, Script> behaviour = request -> Script.json(200, Answers.json("hello"));

    public ScriptedUpstream() {
        this(0);
    }

    /** @param port that nobody listens on */
    public ScriptedUpstream(int port) {
        this(InetAddress.getLoopbackAddress(), port);
    }

    /** At another of the loopback's addresses. */
    public ScriptedUpstream(InetAddress address, int port) {
        try {
            server = new ServerSocket(port, 500, address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    /** The base URL to configure, {@code /v1} included. */
    public String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/v1";
    }

    /** Its address without a path. */
    public String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    public int port() {
        return server.getLocalPort();
    }

    /** What to do with every request from now on. */
    public ScriptedUpstream answer(Script script) {
        return answer(request -> script);
    }

    public ScriptedUpstream answer(Function<Request, Script> behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    /** All requests so far. */
    public List<Request> requests() {
        return requests;
    }

    public Request last() {
        return requests.getLast();
    }

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** Waits for the next request that nobody has waited for yet. */
    public Request awaitRequest() throws InterruptedException {
        Request request = arrivals.poll(10, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request came within 10 s");
        }
        return request;
    }

    /** Forgets the requests so far. */
    public void reset() {
        requests.clear();
        arrivals.clear();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        Request request = null;
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean keep = true;
            while (keep) {
                request = read(in, socket);
                if (request == null) {
                    return;
                }
                // Before a test hears of it, which may then say what to do with the next one.
                Function<Request, Script> chosen = behaviour;
                requests.add(request);
                arrivals.add(request);
                keep = chosen.apply(request).play(socket, request);
            }
        } catch (IOException gone) {
            // The gateway closed the connection.
            if (request != null) {
                request.closed().note();
            }
        }
    }

    private static Request read(InputStream in, Socket socket) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        String[] start = line.split(" ");
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        return new Request(start[0], start[1], headers, body, new Closed(socket));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return line.isEmpty() ? null : line.toString();
            }
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    /** One request as it came in. {@code closed} tells when its connection was closed by the gateway. */
    public record Request(String method, String path, Map<String, String> headers, String body, Closed closed) {
        /** Its body as a tree. */
        public JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException wrong) {
                throw new AssertionError("what was sent upstream is no JSON: " + body, wrong);
            }
        }

        public String header(String name) {
            return headers.get(name);
        }
    }
}
