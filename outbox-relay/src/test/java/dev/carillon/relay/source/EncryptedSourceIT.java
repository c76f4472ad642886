package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.EncryptedPostgres;
import dev.carillon.kit.tx.DatabaseTls;
import dev.carillon.relay.store.SourceDatabase;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EncryptedSourceIT {
    private static final EncryptedPostgres POSTGRES = EncryptedPostgres.start();
    private static final Database RELAY =
            POSTGRES.server().asRelay(POSTGRES.server().createDatabase("encrypted"));
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void stop() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
        POSTGRES.close();
    }

    @Test
    void a_source_is_read_encrypted_from_the_server_that_was_asked_for() throws Exception {
        assertThat(isEncrypted("verify-full", POSTGRES.ca())).isEqualTo("true");
        assertThat(isEncrypted("disable", POSTGRES.ca())).isEqualTo("false");
    }

    @Test
    void a_source_whose_server_another_ca_has_signed_is_not_read() {
        assertThatThrownBy(() -> isEncrypted("verify-full", POSTGRES.anotherCa()))
                .hasStackTraceContaining("SSL");
    }

    private static String isEncrypted(String mode, Path ca) throws Exception {
        var tls = DatabaseTls.of("carillon.relay.sources.any.tls", mode, Optional.of(ca.toString()));
        var pool = new SourceDatabase("127.0.0.1", RELAY.port(), RELAY.name(), RELAY.user(), RELAY.password(), tls)
                .connect("test", VERTX);
        try {
            return pool.query(EncryptedPostgres.IS_ENCRYPTED)
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
