package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailedFiringsTest {
    private final Nodes nodes = new Nodes();
    private final KitDatabase db = nodes.db;

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void a_firing_that_fails_is_tried_again_and_never_grows() {
        var fails = new AtomicBoolean(true);
        var tries = new AtomicInteger();
        var failing = nodes.start("test", NodeSettings.usual(), Duration.ZERO, (timers, due) -> {
            tries.incrementAndGet();
            return fails.get()
                    ? Uni.createFrom().failure(new IllegalStateException("the effect fails"))
                    : nodes.record(timers, "failing", due);
        });
        nodes.inTransaction(
                tx -> failing.arm(tx, UUID.randomUUID(), failing.clock().instant()));

        // Long enough for the row to be found as overdue, twice.
        await().atMost(Nodes.PATIENCE).until(() -> tries.get() > 4);
        assertThat(failing.held()).isLessThanOrEqualTo(1);
        fails.set(false);
        nodes.awaitFired(1);
    }

    @Test
    void one_that_cannot_be_fired_stops_no_other_and_is_tried_ever_more_rarely() {
        var guilty = UUID.randomUUID();
        var tries = new ConcurrentLinkedQueue<Instant>();
        var node = nodes.start("test", NodeSettings.usual(), Duration.ZERO, (timers, due) -> {
            if (due.stream().noneMatch(one -> one.id().equals(guilty))) {
                return nodes.record(timers, "good", due);
            }
            if (due.size() == 1) {
                tries.add(Instant.now());
            }
            return Uni.createFrom().failure(new IllegalStateException("one of these cannot be fired"));
        });
        var due = node.clock().instant().plusMillis(300);
        var ids = Stream.concat(Stream.of(guilty), Nodes.ids(19).stream()).toList();
        nodes.inTransaction(tx -> node.arm(tx, ids, Collections.nCopies(20, due)));

        nodes.awaitFired(19);
        await().atMost(Nodes.PATIENCE).until(() -> tries.size() >= 4);
        var seen = List.copyOf(tries);
        assertThat(Duration.between(seen.get(2), seen.get(3)))
                .isGreaterThan(Duration.between(seen.get(0), seen.get(1)));
        assertThat(db.count("SELECT count(*) FROM timer")).isEqualTo(1);
    }
}
