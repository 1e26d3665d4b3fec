package dev.mehari.scale;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/** A way to a store that can be made longer: what comes back arrives so much later, in order and without loss. */
final class Wire implements AutoCloseable {
    private static final Part END = new Part(0, new byte[0]);

    private final ServerSocket server;
    private final int target;
    private volatile long delayNanos;

    private record Part(long due, byte[] bytes) {}

    /**
     * @param address to listen on
     * @param target the port on the loopback that it leads to
     */
    Wire(String address, int target) {
        this.target = target;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getByName(address), 0), 500);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on answers take so much longer. */
    void delay(Duration delay) {
        delayNanos = delay.toNanos();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket near = server.accept();
                near.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        Socket far;
        try {
            far = new Socket(InetAddress.getLoopbackAddress(), target);
            far.setTcpNoDelay(true);
        } catch (IOException nobody) {
            abandon(near);
            return;
        }
        pass(near, far, 0);
        pass(far, near, 1);
    }

    private void pass(Socket from, Socket to, int delays) {
        BlockingQueue<Part> under = new LinkedBlockingQueue<>();
        Thread.ofVirtual().start(() -> {
            byte[] part = new byte[16384];
            try {
                InputStream in = from.getInputStream();
                for (int read = in.read(part); read >= 0; read = in.read(part)) {
                    under.add(new Part(System.nanoTime() + delays * delayNanos, Arrays.copyOf(part, read)));
                }
            } catch (IOException gone) {
                // The other side is told below.
            }
            under.add(END);
        });
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                for (Part part = under.take(); part != END; part = under.take()) {
                    for (long left = part.due - System.nanoTime(); left > 0; left = part.due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    to.getOutputStream().write(part.bytes);
                }
            } catch (IOException | InterruptedException gone) {
                // Both ends are closed.
            }
        });
    }

    private static void abandon(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
