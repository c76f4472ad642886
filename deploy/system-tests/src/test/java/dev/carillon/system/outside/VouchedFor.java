package dev.carillon.system.outside;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.carillon.kit.testing.network.SelfSigned;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for this machine, and where JVMs find that they may trust it.
 *
 * @param server for who has this certificate
 */
public record VouchedFor(SSLContext server, Path trusted) {

    private static final String PASSWORD = "for-these-tests";

    /** Another one each time, in place of the former. */
    public static VouchedFor in(Path folder) {
        try {
            Files.createDirectories(folder);
            SelfSigned own = SelfSigned.of("ip:127.0.0.1");
            return new VouchedFor(own.server(), trusting(own.certificate(), folder.resolve("trusted.p12")));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path trusting(String certificate, Path store) throws IOException, GeneralSecurityException {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "receiver",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate.getBytes(US_ASCII))));
        try (var out = Files.newOutputStream(store)) {
            trusted.store(out, PASSWORD.toCharArray());
        }
        return store.toAbsolutePath();
    }

    /** Of a JVM that trusts this certificate and no other. */
    public String javaOptions() {
        return "-Djavax.net.ssl.trustStore=" + trusted + " -Djavax.net.ssl.trustStorePassword=" + PASSWORD;
    }
}
