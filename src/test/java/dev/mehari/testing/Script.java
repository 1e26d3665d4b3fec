package dev.mehari.testing;

import dev.mehari.testing.ScriptedUpstream.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What a {@link ScriptedUpstream} does with one request, step by step. Reusable: a script has no state of its own. */
public final class Script {
    private interface Step {
        /** Whether the connection goes on. */
        boolean play(Socket socket, Request request) throws IOException;
    }

    private final List<Step> steps = new ArrayList<>();

    /** A whole JSON answer; the connection is kept. */
    public static Script json(int status, String body, String... headers) {
        return new Script()
                .head(status, "application/json", body.getBytes(StandardCharsets.UTF_8).length, headers)
                .send(body);
    }

    /** The head of an event stream in chunked encoding; follow it with {@link #chunk} and {@link #endChunks}. */
    public static Script stream() {
        return stream("text/event-stream");
    }

    /** The same for another kind of stream, with more headers: names and values in turn. */
    public static Script stream(String contentType, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 200 OK\r\ncontent-type: " + contentType + "\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return new Script()
                .send(head.append("transfer-encoding: chunked\r\n\r\n").toString());
    }

    /** A complete event stream of these records' payloads, in one piece each; the connection is kept. */
    public static Script events(List<String> payloads) {
        Script script = stream();
        payloads.forEach(script::event);
        return script.endChunks();
    }

    /** Does nothing and says nothing until the gateway goes away. */
    public static Script silence() {
        return new Script().hang();
    }

    public Script head(int status, String type, int length, String... headers) {
        StringBuilder head = new StringBuilder(
                "HTTP/1.1 " + status + " Whatever\r\ncontent-type: " + type + "\r\ncontent-length: " + length + "\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        return send(head.append("\r\n").toString());
    }

    /** Raw bytes. */
    public Script send(String text) {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public Script send(byte[] bytes) {
        steps.add((socket, request) -> {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
            return true;
        });
        return this;
    }

    /** One chunk of a chunked body. */
    public Script chunk(byte[] bytes) {
        return send(Integer.toHexString(bytes.length) + "\r\n").send(bytes).send("\r\n");
    }

    public Script chunk(String text) {
        return chunk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One SSE record with that payload, as one chunk. */
    public Script event(String payload) {
        return chunk("data: " + payload + "\n\n");
    }

    /** The same with the name of the event before it. */
    public Script event(String name, String payload) {
        return chunk("event: " + name + "\ndata: " + payload + "\n\n");
    }

    public Script endChunks() {
        return send("0\r\n\r\n");
    }

    /** These bytes again and again, each time counted once the socket has taken them. */
    public Script repeat(int times, byte[] bytes, AtomicLong written) {
        steps.add((socket, request) -> {
            OutputStream out = socket.getOutputStream();
            for (int i = 0; i < times; i++) {
                out.write(bytes);
                written.addAndGet(bytes.length);
            }
            return true;
        });
        return this;
    }

    /** A body sent as chunks of that many bytes. */
    public Script cutEvery(int size, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i += size) {
            chunk(Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + size)));
        }
        return this;
    }

    /** Tells the test that the script has come so far. */
    public Script run(Runnable task) {
        steps.add((socket, request) -> {
            task.run();
            return true;
        });
        return this;
    }

    /** Goes on with what another script does. */
    public Script then(Script other) {
        steps.add(other::play);
        return this;
    }

    /** Waits; the upstream's pace is part of what it plays. */
    public Script pause(Duration time) {
        steps.add((socket, request) -> {
            LockSupport.parkNanos(time.toNanos());
            return true;
        });
        return this;
    }

    /** Waits until the test says so. */
    public Script await(CountDownLatch signal) {
        steps.add((socket, request) -> {
            try {
                return signal.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException stop) {
                return false;
            }
        });
        return this;
    }

    /** Keeps the connection open without a word until the gateway closes it, which {@link Closed} notes. */
    public Script hang() {
        steps.add((socket, request) -> {
            request.closed().watch();
            request.closed().await(Duration.ofSeconds(60));
            return false;
        });
        return this;
    }

    /** From here on notes when the gateway closes the connection, while the script goes on. */
    public Script watch() {
        steps.add((socket, request) -> {
            request.closed().watch();
            return true;
        });
        return this;
    }

    /** Closes the connection in order. */
    public Script close() {
        steps.add((socket, request) -> false);
        return this;
    }

    /** Resets the connection. */
    public Script reset() {
        steps.add((socket, request) -> {
            socket.setSoLinger(true, 0);
            return false;
        });
        return this;
    }

    boolean play(Socket socket, Request request) throws IOException {
        for (Step step : steps) {
            if (!step.play(socket, request)) {
                return false;
            }
        }
        return true;
    }
}
