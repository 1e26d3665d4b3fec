package dev.mehari.scale;

import dev.mehari.testing.Eventually;
import dev.mehari.testing.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** nginx in front of the gateways, set up as docs/kubernetes.md asks of whatever stands there. */
final class LoadBalancer implements AutoCloseable {
    private static final String SETTINGS = """
            daemon off;
            worker_processes 1;
            pid nginx.pid;
            error_log error.log warn;
            events { worker_connections 8192; }
            http {
              log_format calls escape=none '$http_x_request_id\t$upstream_addr\t$status';
              access_log access.log calls;
              client_body_temp_path body;
              proxy_temp_path proxy;
              fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi;
              scgi_temp_path scgi;
              upstream gateways {
            %s    keepalive 64;
              }
              server {
                listen 127.0.0.1:%d backlog=4096;
                # A client that comes again on a connection that is just being closed would blame the gateway for it.
                keepalive_timeout 0;
                client_max_body_size 32m;
                location / {
                  proxy_pass http://gateways;
                  proxy_http_version 1.1;
                  proxy_set_header connection "";
                  proxy_buffering off;
                  proxy_connect_timeout 2s;
                  proxy_read_timeout 900s;
                  # Not to another one once it has been sent: it may have been paid for.
                  proxy_next_upstream error timeout;
                  add_header x-served-by $upstream_addr always;
                }
              }
            }
            """;

    private final Path folder;
    private final int port = RedisServer.freePort();
    private final Process process;

    /** @param gateways their addresses, {@code host:port} */
    LoadBalancer(List<String> gateways) {
        Assumptions.assumeTrue(
                Stream.of("/usr/sbin/nginx", "/usr/bin/nginx").anyMatch(at -> Files.isExecutable(Path.of(at))),
                "nginx is not installed: apt-get install nginx");
        try {
            folder = Files.createTempDirectory("nginx");
            // Its workers run as somebody else where it runs as root, and keep large bodies in files.
            folder.toFile().setExecutable(true, false);
            write(gateways);
            process = nginx("").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.holds(Duration.ofSeconds(20), "nginx listens", this::listens);
    }

    private ProcessBuilder nginx(String signal) {
        List<String> command = signal.isEmpty()
                ? List.of("nginx", "-p", folder.toString(), "-c", "nginx.conf", "-e", "error.log")
                : List.of("nginx", "-p", folder.toString(), "-c", "nginx.conf", "-e", "error.log", "-s", signal);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("said").toFile()));
        builder.environment().merge("PATH", "/usr/sbin", (path, more) -> path + ":" + more);
        return builder;
    }

    private void write(List<String> gateways) throws IOException {
        String servers = gateways.stream()
                .map(gateway -> "    server " + gateway + " max_fails=1 fail_timeout=1s;\n")
                .collect(Collectors.joining());
        Files.writeString(folder.resolve("nginx.conf"), SETTINGS.formatted(servers, port));
    }

    private boolean listens() {
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Sends new calls to these only; those under way go on where they are. Returns when it is so. */
    void use(List<String> gateways) {
        long before = worker();
        try {
            write(gateways);
            if (nginx("reload").start().onExit().join().exitValue() != 0) {
                throw new AssertionError(Files.readString(folder.resolve("said")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Eventually.holds(Duration.ofSeconds(20), "nginx has a new worker", () -> worker() > before);
    }

    /** Workers of a later configuration have higher ids, until the system's run over. */
    private long worker() {
        return process.children().mapToLong(ProcessHandle::pid).max().orElse(0);
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    /** The gateway that each call was sent to last, by request id, of the calls that are over. */
    Map<String, String> served() {
        Map<String, String> served = new HashMap<>();
        try {
            for (String line : Files.readAllLines(folder.resolve("access.log"), StandardCharsets.UTF_8)) {
                String[] parts = line.split("\t");
                if (parts.length == 3) {
                    served.put(parts[0], parts[1].substring(parts[1].lastIndexOf(' ') + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return served;
    }

    /** How many calls it had sent to that gateway when their connection broke. */
    long brokenAt(String gateway) {
        try (Stream<String> lines = Files.lines(folder.resolve("error.log"))) {
            return lines.filter(line -> line.contains("[error]"))
                    .filter(line -> line.contains("upstream: \"http://" + gateway + "/"))
                    // Those go to another one.
                    .filter(line -> !line.contains("connect() failed"))
                    .count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
