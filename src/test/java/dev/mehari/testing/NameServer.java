package dev.mehari.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A DNS server that knows every name, at one address; or none; or says nothing. What it says holds for a second. Format: RFC
 * 1035 §4.
 */
public final class NameServer implements AutoCloseable {
    private static final int TTL_SECONDS = 1;
    private static final int HEADER = 12;
    private static final int ADDRESS = 1;

    private final DatagramSocket socket;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile byte[] address;
    private volatile boolean silent;

    public NameServer() {
        try {
            socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::serve);
    }

    /** Its address and port, as a resolver takes them. */
    public String place() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** All names are there from now on; null: there is no such name. */
    public void knows(InetAddress where) {
        address = where == null ? null : where.getAddress();
        silent = false;
    }

    public void fallSilent() {
        silent = true;
    }

    /** Questions so far. */
    public int asked() {
        return asked.get();
    }

    private void serve() {
        byte[] buffer = new byte[1500];
        while (!socket.isClosed()) {
            try {
                DatagramPacket question = new DatagramPacket(buffer, buffer.length);
                socket.receive(question);
                asked.incrementAndGet();
                if (!silent) {
                    byte[] answer = answer(Arrays.copyOf(buffer, question.getLength()));
                    socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private byte[] answer(byte[] question) {
        int end = HEADER;
        while (question[end] != 0) {
            end += 1 + question[end];
        }
        int type = question[end + 2];
        end += 5;
        byte[] known = address;
        boolean found = known != null && type == ADDRESS;
        ByteBuffer answer = ByteBuffer.allocate(end + 16);
        answer.put(question, 0, 2);
        // An answer, recursion available; 3: no such name.
        answer.putShort((short) (0x8180 | (known == null ? 3 : 0)));
        answer.putShort((short) 1).putShort((short) (found ? 1 : 0)).putInt(0);
        answer.put(question, HEADER, end - HEADER);
        if (found) {
            // The name: as in the question.
            answer.putShort((short) 0xC00C).putShort((short) ADDRESS).putShort((short) 1);
            answer.putInt(TTL_SECONDS).putShort((short) 4).put(known);
        }
        return Arrays.copyOf(answer.array(), answer.position());
    }

    @Override
    public void close() {
        socket.close();
    }
}
