package dev.carillon.kit.testing.postgres;

import dev.carillon.kit.testing.network.SelfSigned;
import dev.carillon.kit.testing.process.TemporaryFolder;
import java.nio.file.Path;

/**
 * A temporary PostgreSQL at 127.0.0.1 that takes encrypted connections and others, and the files by which a client believes it, or does not.
 *
 * @param folder where the certificates are; it goes with the server
 */
public record EncryptedPostgres(PostgresServer server, Path folder) implements AutoCloseable {
    /** Whether the connection on which it is asked is encrypted: {@code true} or {@code false}, as text. */
    public static final String IS_ENCRYPTED = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    private static final String NAME = "ip:127.0.0.1";

    public static EncryptedPostgres start() {
        var server = PostgresServer.startTemporary();
        var encrypted = new EncryptedPostgres(server, TemporaryFolder.create("certificates"));
        var own = SelfSigned.of(NAME);
        own.writeTo(encrypted.ca());
        SelfSigned.of(NAME).writeTo(encrypted.anotherCa());
        server.takeTls(own);
        return encrypted;
    }

    /** With the certificate that vouches for it, in PEM. */
    public Path ca() {
        return folder.resolve("ca.pem");
    }

    /** With one that vouches for another server, in PEM. */
    public Path anotherCa() {
        return folder.resolve("another.pem");
    }

    @Override
    public void close() {
        server.close();
        TemporaryFolder.delete(folder);
    }
}
