package dev.mehari.scale;

import java.util.List;

/** Where gateways run. */
interface Hosts extends AutoCloseable {
    /** The address that a gateway can be reached at. */
    String address(int gateway);

    /** A command that runs what follows it there; empty: nothing is needed. */
    List<String> command(int gateway);

    /** The address at which gateways reach their stores. */
    String stores();

    @Override
    void close();

    /** All on this machine. */
    static Hosts here() {
        return new Hosts() {
            @Override
            public String address(int gateway) {
                return "127.0.0.1";
            }

            @Override
            public List<String> command(int gateway) {
                return List.of();
            }

            @Override
            public String stores() {
                return "127.0.0.1";
            }

            @Override
            public void close() {}
        };
    }
}
