package dev.carillon.kit.testing.postgres;

import dev.carillon.kit.testing.process.TemporaryFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A certificate for 127.0.0.1 that vouches for itself, and is the only one of its CA, with its key: both in PEM. */
public record ServerCertificate(String certificate, String key) {
    private static final String PASSWORD = "for-this-test";
    private static final String ALIAS = "server";
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    /** Another one each time. */
    public static ServerCertificate create() {
        Path folder = TemporaryFolder.create("certificate");
        try {
            Path store = folder.resolve("store.p12");
            generate(store);
            var keys = KeyStore.getInstance("PKCS12");
            try (var in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            return new ServerCertificate(
                    pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()),
                    pem(
                            "PRIVATE KEY",
                            keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        } finally {
            TemporaryFolder.delete(folder);
        }
    }

    /** What a client trusts that is to believe this server. */
    public Path writeTo(Path file) {
        try {
            return Files.writeString(file, certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void generate(Path store) throws IOException {
        var command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "san=ip:127.0.0.1",
                "-ext",
                "bc=ca:true",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD);
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (keytool.waitFor() != 0) {
                throw new IOException("keytool failed: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        }
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + LINES.encodeToString(bytes) + "\n-----END " + what + "-----\n";
    }

    /** Without the key. */
    @Override
    public String toString() {
        return certificate;
    }
}
