package dev.mehari.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Redis' own account of the commands it gets, those within scripts left out. */
public final class RedisMonitor implements AutoCloseable {
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final Socket socket;

    /** @param port of a Redis on the loopback */
    public RedisMonitor(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.getOutputStream().write("MONITOR\r\n".getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            if (!"+OK".equals(lines.readLine())) {
                throw new IllegalStateException("Redis does not tell what it is asked");
            }
            Thread.ofVirtual().start(() -> read(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines as {@code +1339518083.107412 [0 127.0.0.1:60866] "get" "x"}. */
    private void read(BufferedReader lines) {
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int quote = line.indexOf("] \"") + 3;
                if (quote > 3 && !line.contains(" lua] ")) {
                    commands.add(line.substring(quote, line.indexOf('"', quote)).toLowerCase(Locale.ROOT));
                }
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    /** How many there were. */
    public int seen() {
        return commands.size();
    }

    /** What came after the first so many, by name and how often. */
    public Map<String, Long> since(int seen) {
        return commands.subList(seen, commands.size()).stream()
                .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
