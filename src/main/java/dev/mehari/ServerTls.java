package dev.mehari;

import dev.mehari.config.ServerAddress;
import dev.mehari.config.StartupException;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/** Sets the server's certificate: from a Spring Boot SSL bundle or from two PEM files. With neither it speaks HTTP. */
record ServerTls(ServerAddress.Ssl settings, SslBundles bundles) implements Consumer<HttpServerOptions> {
    @Override
    public void accept(HttpServerOptions options) {
        KeyCertOptions certificate = certificate();
        if (certificate != null) {
            options.setSsl(true).setKeyCertOptions(certificate);
        }
    }

    private @Nullable KeyCertOptions certificate() {
        String bundle = settings.bundle();
        if (bundle != null) {
            return KeyCertOptions.wrap((javax.net.ssl.X509KeyManager)
                    bundles.getBundle(bundle).getManagers().getKeyManagers()[0]);
        }
        String certificate = settings.certificate();
        String key = settings.certificatePrivateKey();
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new StartupException(
                    "TLS needs both a certificate and its private key; only one is set",
                    "Set SSL_CERTIFICATE and SSL_KEY to PEM files.");
        }
        return new PemKeyCertOptions().setCertPath(readable(certificate)).setKeyPath(readable(key));
    }

    private static String readable(String file) {
        if (!Files.isReadable(Path.of(file))) {
            throw new StartupException(
                    "the TLS file " + file + " is not there or cannot be read", "Correct SSL_CERTIFICATE and SSL_KEY.");
        }
        return file;
    }
}
