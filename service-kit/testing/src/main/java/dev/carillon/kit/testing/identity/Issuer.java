package dev.carillon.kit.testing.identity;

import dev.carillon.kit.testing.process.TemporaryFolder;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Makes a service under test trust {@link Token}s: gives {@code carillon.jwt.issuer} and {@code carillon.jwt.public-key-location}.
 */
public final class Issuer implements QuarkusTestResourceLifecycleManager {
    public static final String NAME = "https://issuer.carillon.test";

    @Override
    public Map<String, String> start() {
        return Map.of(
                "carillon.jwt.issuer",
                NAME,
                "carillon.jwt.public-key-location",
                publicKey().toUri().toString());
    }

    @Override
    public void stop() {}

    /** The public key, as a PEM file that is removed with the JVM. */
    public static Path publicKey() {
        var folder = TemporaryFolder.create("issuer");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> TemporaryFolder.delete(folder), "remove-public-key"));
        try {
            return Files.writeString(
                    folder.resolve("public-key.pem"), SigningKey.shared().publicPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
