package dev.mehari.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A network between the gateway and an upstream, which can go silent without closing anything. */
public final class Relay implements AutoCloseable {
    private final ServerSocket server;
    private final int target;
    private final AtomicInteger connections = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int silentUpTo;

    /** @param target the port to pass connections on to */
    public Relay(int target) {
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

    /** Connections accepted so far. */
    public int connections() {
        return connections.get();
    }

    /** From now on the connections that are open pass nothing; new ones are as good as ever. */
    public void goSilent() {
        silentUpTo = connections.get();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> pass(near, far, number));
                Thread.ofVirtual().start(() -> pass(far, near, number));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void pass(Socket from, Socket to, int number) {
        byte[] part = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                if (number <= silentUpTo) {
                    over.await();
                }
                out.write(part, 0, read);
            }
        } catch (IOException | InterruptedException ended) {
            // One side has closed, and so does the other.
        }
    }

    @Override
    public void close() throws IOException {
        over.countDown();
        server.close();
    }
}
