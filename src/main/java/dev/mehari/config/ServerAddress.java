package dev.mehari.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the gateway listens: those of Spring Boot's {@code server.*} settings that it follows.
 *
 * @param port 0 for any free one
 */
@ConfigurationProperties("server")
public record ServerAddress(
        @DefaultValue("8080") int port,
        @DefaultValue("127.0.0.1") String address,
        @DefaultValue Ssl ssl) {

    /**
     * Whether only this machine can reach the gateway.
     *
     * @throws StartupException the address is none of this machine
     */
    public boolean isLoopback() {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            throw new StartupException(
                    "HOST " + address + " is not an address of this machine", "Set HOST to an address or a host name.");
        }
    }

    /**
     * @param bundle name of one of Spring Boot's SSL bundles
     * @param certificate PEM file, with {@code certificatePrivateKey}, instead of a bundle
     */
    public record Ssl(
            @Nullable String bundle,
            @Nullable String certificate,
            @Nullable String certificatePrivateKey) {
        public Ssl {
            bundle = MehariSettings.blankToNull(bundle);
            certificate = MehariSettings.blankToNull(certificate);
            certificatePrivateKey = MehariSettings.blankToNull(certificatePrivateKey);
        }
    }
}
