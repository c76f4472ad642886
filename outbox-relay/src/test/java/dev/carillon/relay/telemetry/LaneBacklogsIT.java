package dev.carillon.relay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxState;
import dev.carillon.relay.source.OutboxFixture;
import dev.carillon.relay.store.Partitions;
import dev.carillon.relay.store.PgOutboxState;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On an outbox that nobody relays. */
class LaneBacklogsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOPIC = "test.lanes";
    private static final String MANY = "many";
    private static final String FEW = OutboxFixture.otherLaneThan(MANY);

    private final Vertx vertx = Vertx.vertx();
    private final OutboxFixture outbox = new OutboxFixture();
    private final Pool pool = outbox.forRelay().connect("questions", vertx);
    private final OutboxState state = new PgOutboxState(pool, new Partitions());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong();
    private final SourceMetrics metrics = new SourceMetrics("test", meters, nanos::get);

    @AfterEach
    void end() {
        pool.close().toCompletionStage().toCompletableFuture().join();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        outbox.close();
    }

    @Test
    void a_lane_tells_what_waits_in_it_up_to_ten_thousand_and_one_with_nothing_tells_so() {
        outbox.appendTogether(TOPIC, MANY, 10_001);
        outbox.appendTogether(TOPIC, FEW, 3);

        look();
        await().atMost(PATIENCE).until(() -> !Double.isNaN(backlog(0)));

        assertThat(backlog(OutboxFixture.lane(MANY))).isEqualTo(10_000);
        assertThat(backlog(OutboxFixture.lane(FEW))).isEqualTo(3);
        assertThat(Lane.all()).filteredOn(lane -> backlog(lane.number()) == 0).hasSize(Lane.COUNT - 2);

        outbox.append(TOPIC, FEW, 4, "{}");
        nanos.addAndGet(Duration.ofSeconds(30).toNanos());
        look();

        await().atMost(PATIENCE).until(() -> backlog(OutboxFixture.lane(FEW)) == 4);
    }

    private void look() {
        metrics.look(state).toCompletableFuture().join();
    }

    private double backlog(int lane) {
        return meters.get("carillon.outbox.lane.backlog")
                .tag("lane", Integer.toString(lane))
                .gauge()
                .value();
    }
}
