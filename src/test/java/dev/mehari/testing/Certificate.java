package dev.mehari.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for one test run, made by the JDK's keytool.
 *
 * @param certificate PEM file
 * @param key PEM file
 * @param store PKCS12 file of both, which JVMs can trust too
 * @param trust what a client needs to trust it
 */
public record Certificate(Path certificate, Path key, Path store, SSLContext trust) {
    /** Of the store. */
    public static final String PASSWORD = "for-this-test";

    private static final String LOOPBACK = "san=ip:127.0.0.1,dns:localhost";

    /** Makes a self-signed one for the loopback in an empty folder. */
    public static Certificate in(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        return of(folder, "CN=localhost", "-ext", LOOPBACK);
    }

    /** A self-signed one for another host. */
    public static Certificate ofAnotherHost(Path folder)
            throws IOException, GeneralSecurityException, InterruptedException {
        return of(folder, "CN=elsewhere.example", "-ext", "san=dns:elsewhere.example");
    }

    /** One for the loopback that an authority has issued, and that has expired: self-signed ones JVMs trust for ever. */
    public static Certificate expired(Path folder) throws IOException, GeneralSecurityException, InterruptedException {
        keytool(folder, "authority", "CN=authority", "-ext", "bc:c");
        return of(folder, "CN=localhost", "-ext", LOOPBACK, "-signer", "authority", "-startdate", "-9d");
    }

    private static Certificate of(Path folder, String name, String... options)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = keytool(folder, "gateway", name, options);
        KeyStore keys = keys(store);
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        authorities.setCertificateEntry("gateway", keys.getCertificate("gateway"));
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(authorities);
        SSLContext trust = SSLContext.getInstance("TLS");
        trust.init(null, trusted.getTrustManagers(), null);
        return new Certificate(
                pem(
                        folder.resolve("cert.pem"),
                        "CERTIFICATE",
                        keys.getCertificate("gateway").getEncoded()),
                pem(
                        folder.resolve("key.pem"),
                        "PRIVATE KEY",
                        keys.getKey("gateway", PASSWORD.toCharArray()).getEncoded()),
                store,
                trust);
    }

    private static Path keytool(Path folder, String alias, String name, String... options)
            throws IOException, InterruptedException {
        Path store = folder.resolve("store.p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-alias", alias, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", name));
        command.addAll(List.of("-validity", "2", "-storetype", "PKCS12", "-keystore", store.toString()));
        command.addAll(List.of("-storepass", PASSWORD));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("keytool failed: " + command);
        }
        return store;
    }

    /** A PKCS12 file, of that same password, which makes a JVM trust whoever vouches for these. */
    public static Path trusting(Path file, Certificate... certificates) throws IOException, GeneralSecurityException {
        KeyStore authorities = KeyStore.getInstance("PKCS12");
        authorities.load(null, null);
        for (int i = 0; i < certificates.length; i++) {
            java.security.cert.Certificate[] chain =
                    keys(certificates[i].store()).getCertificateChain("gateway");
            authorities.setCertificateEntry("authority-" + i, chain[chain.length - 1]);
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            authorities.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    /** What a server shows it with. */
    public SSLContext shown() throws IOException, GeneralSecurityException {
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore only = KeyStore.getInstance("PKCS12");
        only.load(null, null);
        char[] password = PASSWORD.toCharArray();
        KeyStore keys = keys(store);
        only.setKeyEntry("gateway", keys.getKey("gateway", password), password, keys.getCertificateChain("gateway"));
        own.init(only, password);
        SSLContext shown = SSLContext.getInstance("TLS");
        shown.init(own.getKeyManagers(), null, null);
        return shown;
    }

    private static KeyStore keys(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static Path pem(Path file, String what, byte[] bytes) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                        + "-----\n");
    }
}
