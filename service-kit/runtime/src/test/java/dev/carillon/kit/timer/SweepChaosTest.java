package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Clients move timers near, far and away, each under the lock of what its timer is about, while several nodes sweep without a pause what is far and
 * connections are cut in the middle of anything. Whatever happens, a timer stands where its last committed arming put it, or a sweep after that;
 * once, and with that instant.
 */
class SweepChaosTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration ANSWERED = Duration.ofSeconds(5);
    private static final Duration HORIZON = Duration.ofHours(1);
    private static final int THINGS = 12;
    private static final int MOVES = 60;
    private static final long SEED = 20_261_127;

    private final KitDatabase db = KitDatabase.fresh();
    private final Timers timers = new Timers(
            "test",
            db.pool,
            db.vertx,
            new NodeSettings(NodeSettings.LEASE, Duration.ofMinutes(1), HORIZON, 100),
            Duration.ZERO,
            due -> Uni.createFrom().voidItem());
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicInteger swept = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();

    @Test
    void no_timer_is_lost_doubled_or_left_at_a_former_instant_whatever_is_cut_off() {
        try (db) {
            db.execute("CREATE TABLE thing (id uuid PRIMARY KEY, due_at timestamptz)");
            db.execute("INSERT INTO thing SELECT gen_random_uuid() FROM generate_series(1, " + THINGS + ")");
            var ids = db.texts("SELECT id::text FROM thing").stream()
                    .map(UUID::fromString)
                    .toList();
            // What is two hours away is far for who arms it, and near for who sweeps.
            var others = Uni.join()
                    .all(sweeping(), sweeping(), cutting(new Random(SEED)))
                    .andFailFast()
                    .subscribeAsCompletionStage();
            Uni.join()
                    .all(IntStream.range(0, 4)
                            .mapToObj(n -> moving(ids, new Random(SEED + n)))
                            .toList())
                    .andFailFast()
                    .await()
                    .atMost(PATIENCE);
            over.set(true);
            Uni.createFrom().completionStage(others).await().atMost(PATIENCE);

            assertThat(swept.get()).as("pieces swept").isPositive();
            assertThat(cut.get()).as("connections cut").isPositive();
            assertThat(db.texts("""
                            SELECT thing.id || ' is wanted at ' || coalesce(due_at::text, 'no time') || ', is at '
                                   || coalesce((SELECT string_agg(place || ' ' || t.due_at, ' and ') FROM (
                                          SELECT 'timer' AS place, id, due_at FROM timer
                                          UNION ALL SELECT 'timer_far', id, due_at FROM timer_far) t WHERE t.id = thing.id), 'none')
                            FROM thing
                            WHERE ARRAY(SELECT t.due_at FROM (SELECT id, due_at FROM timer UNION ALL SELECT id, due_at FROM timer_far) t
                                        WHERE t.id = thing.id)
                                  IS DISTINCT FROM CASE WHEN due_at IS NULL THEN ARRAY[]::timestamptz[] ELSE ARRAY[due_at] END
                            """)).isEmpty();
        }
    }

    private Uni<Void> moving(List<UUID> ids, Random random) {
        return Multi.createFrom()
                .range(0, MOVES)
                .onItem()
                .transformToUniAndConcatenate(n -> move(ids.get(random.nextInt(ids.size())), random.nextInt(10)))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> move(UUID id, int whatTo) {
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        var near = now.plus(Duration.ofMinutes(30));
        var far = now.plus(Duration.ofHours(2));
        return db.transactions
                .inTransaction(tx -> tx.run("SELECT FROM thing WHERE id = $1 FOR UPDATE", Tuple.of(id))
                        .chain(() -> switch (whatTo) {
                            case 0, 1 -> timers.disarm(tx, List.of(id)).chain(() -> wanted(tx, id, null));
                            case 2, 3, 4 -> timers.arm(tx, id, near).chain(() -> wanted(tx, id, near));
                            default -> timers.arm(tx, id, far).chain(() -> wanted(tx, id, far));
                        }))
                // A connection that was cut: the move is committed as a whole or not at all, whether its end is heard
                // of or not.
                .ifNoItem()
                .after(ANSWERED)
                .fail()
                .onFailure()
                .recoverWithNull();
    }

    private static Uni<Void> wanted(Tx tx, UUID id, @Nullable Instant dueAt) {
        return tx.run(
                        "UPDATE thing SET due_at = $2 WHERE id = $1",
                        Tuple.of(id, dueAt == null ? null : dueAt.atOffset(ZoneOffset.UTC)))
                .replaceWithVoid();
    }

    private Uni<Void> sweeping() {
        var far = new FarTimers(db.pool, HORIZON.multipliedBy(3));
        return Uni.createFrom()
                .deferred(() -> db.pool
                        .query("UPDATE timer_sweep SET began_at = 'epoch'")
                        .execute()
                        .chain(far::sweep)
                        .invoke(swept::incrementAndGet)
                        .replaceWith(true)
                        .ifNoItem()
                        .after(ANSWERED)
                        .fail()
                        .onFailure()
                        .recoverWithItem(true))
                .repeat()
                .whilst(swept -> !over.get())
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Void> cutting(Random random) {
        return Uni.createFrom()
                .deferred(() -> db.pool
                        .preparedQuery("SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
                                + " ORDER BY md5(pid::text || $1) LIMIT 1) AS open_one")
                        .execute(Tuple.of(String.valueOf(random.nextInt())))
                        .invoke(rows ->
                                cut.addAndGet(rows.iterator().next().getLong(0).intValue()))
                        .replaceWith(true)
                        .ifNoItem()
                        .after(ANSWERED)
                        .fail()
                        .onFailure()
                        .recoverWithItem(true)
                        .onItem()
                        .delayIt()
                        .by(Duration.ofMillis(100)))
                .repeat()
                .whilst(cut -> !over.get())
                .collect()
                .last()
                .replaceWithVoid();
    }
}
