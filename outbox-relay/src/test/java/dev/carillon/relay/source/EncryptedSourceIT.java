package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.network.SelfSigned;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.kit.testing.process.TemporaryFolder;
import dev.carillon.kit.tx.DatabaseTls;
import dev.carillon.relay.store.SourceDatabase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EncryptedSourceIT {
    private static final PostgresServer SERVER = PostgresServer.startTemporary();
    private static final Database RELAY = SERVER.asRelay(SERVER.createDatabase("encrypted"));
    private static final Vertx VERTX = Vertx.vertx();
    private static final Path FOLDER = TemporaryFolder.create("certificates");

    @BeforeAll
    static void certificates() {
        var own = SelfSigned.of("ip:127.0.0.1");
        own.writeTo(FOLDER.resolve("ca.pem"));
        SelfSigned.of("ip:127.0.0.1").writeTo(FOLDER.resolve("another.pem"));
        SERVER.takeTls(own);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> RELAY.texts("SHOW ssl").equals(List.of("on")));
    }

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
        SERVER.close();
        TemporaryFolder.delete(FOLDER);
    }

    @Test
    void a_source_is_read_encrypted_from_the_server_that_was_asked_for() throws Exception {
        assertThat(isEncrypted("verify-full", "ca.pem")).isEqualTo("true");
        assertThat(isEncrypted("disable", "ca.pem")).isEqualTo("false");
    }

    @Test
    void a_source_whose_server_another_ca_has_signed_is_not_read() {
        assertThatThrownBy(() -> isEncrypted("verify-full", "another.pem")).hasStackTraceContaining("SSL");
    }

    private static String isEncrypted(String mode, String ca) throws Exception {
        var tls = DatabaseTls.of(
                "carillon.relay.sources.any.tls",
                mode,
                Optional.of(FOLDER.resolve(ca).toString()));
        var pool = new SourceDatabase("127.0.0.1", RELAY.port(), RELAY.name(), RELAY.user(), RELAY.password(), tls)
                .connect("test", VERTX);
        try {
            return pool.query("SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
                    .execute()
                    .map(rows -> rows.iterator().next().getString(0))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        } finally {
            pool.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
