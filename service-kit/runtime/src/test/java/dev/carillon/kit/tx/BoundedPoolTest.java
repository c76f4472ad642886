package dev.carillon.kit.tx;

import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.testing.network.BreakableProxy;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BoundedPoolTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void a_connection_to_a_silent_server_is_cut_off_at_once_and_what_waits_on_it_fails() {
        try (var db = KitDatabase.fresh();
                var proxy = new BreakableProxy(db.database.host(), db.database.port())) {
            PgConnection connection = PgConnection.connect(
                            db.vertx.getDelegate(),
                            db.connectOptions().setHost("127.0.0.1").setPort(proxy.port()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            var closed = new AtomicBoolean();
            connection.closeHandler(ended -> closed.set(true));
            proxy.stall();
            Future<?> answer = connection.query("SELECT 1").execute();

            BoundedPool.cutOff(connection);

            await().atMost(PATIENCE).until(answer::failed);
            await().atMost(PATIENCE).untilTrue(closed);
        }
    }
}
