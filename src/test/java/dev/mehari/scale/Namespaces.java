package dev.mehari.scale;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A network namespace for each gateway, with a link to the clients' side and one to the stores'. A link that is cut swallows
 * what is sent, as a broken switch does: nobody is told. Needs root and iproute2.
 */
final class Namespaces implements Hosts {
    private final String name = Long.toString(ProcessHandle.current().pid() % 10_000, 36);
    private final int net = (int) (64 + ProcessHandle.current().pid() % 64);
    private final List<String> made = new ArrayList<>();

    /** The two sides of a gateway. */
    enum Side {
        CLIENTS,
        STORES
    }

    Namespaces() {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "only root may make networks");
        Assumptions.assumeTrue(
                attempt("ip", "netns", "add", "mh" + name + "probe") == 0, "no namespaces: apt-get install iproute2");
        ip("netns", "del", "mh" + name + "probe");
        try {
            for (Side side : Side.values()) {
                ip("link", "add", bridge(side), "type", "bridge");
                made.add(bridge(side));
                ip("addr", "add", address(side, 254) + "/24", "dev", bridge(side));
                ip("link", "set", bridge(side), "up");
            }
            for (int gateway = 0; gateway < Replicas.COUNT; gateway++) {
                ip("netns", "add", namespace(gateway));
                ip("-n", namespace(gateway), "link", "set", "lo", "up");
                for (Side side : Side.values()) {
                    connect(gateway, side);
                }
            }
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    private void connect(int gateway, Side side) {
        String inside = side == Side.CLIENTS ? "clients" : "stores";
        ip("link", "add", port(gateway, side), "type", "veth", "peer", "name", inside, "netns", namespace(gateway));
        ip("link", "set", port(gateway, side), "master", bridge(side), "up");
        ip("-n", namespace(gateway), "addr", "add", address(side, gateway + 1) + "/24", "dev", inside);
        ip("-n", namespace(gateway), "link", "set", inside, "up");
    }

    /** From now on nothing passes between a gateway and that side. */
    void cut(int gateway, Side side) {
        ip("link", "set", port(gateway, side), "nomaster");
    }

    void heal(int gateway, Side side) {
        ip("link", "set", port(gateway, side), "master", bridge(side));
    }

    private String namespace(int gateway) {
        return "mh" + name + "g" + gateway;
    }

    private String bridge(Side side) {
        return "mh" + name + (side == Side.CLIENTS ? "c" : "s");
    }

    private String port(int gateway, Side side) {
        return bridge(side) + gateway;
    }

    private String address(Side side, int host) {
        return "10." + net + "." + side.ordinal() + "." + host;
    }

    @Override
    public String address(int gateway) {
        return address(Side.CLIENTS, gateway + 1);
    }

    @Override
    public List<String> command(int gateway) {
        return List.of("ip", "netns", "exec", namespace(gateway));
    }

    @Override
    public String stores() {
        return address(Side.STORES, 254);
    }

    @Override
    public void close() {
        for (int gateway = 0; gateway < Replicas.COUNT; gateway++) {
            attempt("ip", "netns", "del", namespace(gateway));
        }
        made.forEach(bridge -> attempt("ip", "link", "del", bridge));
    }

    private static void ip(String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        if (attempt(command.toArray(String[]::new)) != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }

    private static int attempt(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int code = process.onExit().join().exitValue();
            if (!said.isBlank()) {
                System.err.println(String.join(" ", command) + ": " + said.strip());
            }
            return code;
        } catch (IOException notThere) {
            return -1;
        }
    }
}
