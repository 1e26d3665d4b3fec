package dev.mehari;

import dev.mehari.config.CertificateFiles;
import dev.mehari.config.ServerAddress;
import dev.mehari.config.StartupException;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;

/**
 * Sets the server's certificate, as it is at that time: from a Spring Boot SSL bundle, which two PEM files are made to as
 * well. With neither it speaks HTTP.
 */
record ServerTls(ServerAddress.Ssl settings, SslBundles bundles) implements Consumer<HttpServerOptions> {
    @Override
    public void accept(HttpServerOptions options) {
        String bundle = bundle();
        if (bundle != null) {
            X509KeyManager keys =
                    (X509KeyManager) bundles.getBundle(bundle).getManagers().getKeyManagers()[0];
            options.setSsl(true).setKeyCertOptions(KeyCertOptions.wrap(keys));
        }
    }

    /** Runs the task whenever the certificate has changed. */
    void onChange(Runnable task) {
        String bundle = bundle();
        if (bundle != null) {
            bundles.addBundleUpdateHandler(bundle, changed -> task.run());
        }
    }

    private @Nullable String bundle() {
        if (settings.bundle() != null) {
            return settings.bundle();
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
        requireReadable(certificate);
        requireReadable(key);
        return CertificateFiles.BUNDLE;
    }

    private static void requireReadable(String file) {
        if (!Files.isReadable(Path.of(file))) {
            throw new StartupException(
                    "the TLS file " + file + " is not there or cannot be read", "Correct SSL_CERTIFICATE and SSL_KEY.");
        }
    }
}
