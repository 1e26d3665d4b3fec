package dev.mehari.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** A network that has bad days, between two ends: what it does to bytes may change while connections are open. */
public final class FaultProxy implements AutoCloseable {
    /**
     * What becomes of bytes, in both directions.
     *
     * @param delay of each piece
     * @param jitter at most so much more, at random
     * @param piece bytes at a time
     * @param bytesPerSecond 0: as many as go through
     * @param swallows nothing goes through; what came meanwhile does once this is over
     */
    public record Fault(Duration delay, Duration jitter, int piece, int bytesPerSecond, boolean swallows) {
        public static final Fault NONE = new Fault(Duration.ZERO, Duration.ZERO, 8192, 0, false);
        public static final Fault BLACKHOLE = new Fault(Duration.ZERO, Duration.ZERO, 8192, 0, true);
        public static final Fault BYTEWISE = new Fault(Duration.ZERO, Duration.ZERO, 1, 0, false);

        public static Fault delay(Duration delay, Duration jitter) {
            return new Fault(delay, jitter, 8192, 0, false);
        }

        public static Fault bandwidth(int bytesPerSecond) {
            return new Fault(Duration.ZERO, Duration.ZERO, 512, bytesPerSecond, false);
        }

        private long nanos(Random random, int length) {
            long wait = delay.toNanos();
            if (jitter.isPositive()) {
                wait += random.nextLong(jitter.toNanos());
            }
            return bytesPerSecond == 0 ? wait : wait + length * 1_000_000_000L / bytesPerSecond;
        }
    }

    private record Link(Socket near, Socket far) {
        boolean isOpen() {
            return !near.isClosed() || !far.isClosed();
        }
    }

    private final ServerSocket server;
    private final int target;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private volatile Fault fault = Fault.NONE;

    /** @param target the port to pass connections on to */
    public FaultProxy(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on, of open connections too. */
    public void become(Fault fault) {
        this.fault = fault;
    }

    /** Connections that are not closed on both sides. */
    public long open() {
        return links.stream().filter(Link::isOpen).count();
    }

    /** Resets all open connections, on both sides. */
    public void reset() {
        for (Link link : links) {
            reset(link.near());
            reset(link.far());
        }
    }

    /** Says the far side's end to the near side and goes on to take what that one sends: half-open connections. */
    public void endAnswers() {
        links.stream().filter(Link::isOpen).forEach(link -> endOutput(link.near()));
    }

    /** Says the near side's end to the far side, and goes on to pass what that one sends. */
    public void endRequests() {
        links.stream().filter(Link::isOpen).forEach(link -> endOutput(link.far()));
    }

    private static void endOutput(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException closed) {
            // Then it has ended already.
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException closed) {
            // Somebody was faster.
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                links.add(new Link(near, far));
                Thread.ofVirtual().start(() -> pass(near, far));
                Thread.ofVirtual().start(() -> pass(far, near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] part = new byte[8192];
        Random random = new Random(from.getPort());
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(part, 0, fault.piece()); read >= 0; read = in.read(part, 0, fault.piece())) {
                while (fault.swallows() && !server.isClosed()) {
                    LockSupport.parkNanos(1_000_000);
                }
                long wait = fault.nanos(random, read);
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
                out.write(part, 0, read);
            }
        } catch (IOException ended) {
            // One side has closed, and so does the other.
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Link link : links) {
            link.near().close();
            link.far().close();
        }
    }
}
