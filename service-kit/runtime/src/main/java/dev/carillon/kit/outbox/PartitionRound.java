package dev.carillon.kit.outbox;

import dev.carillon.kit.outbox.Partition.State;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;

/**
 * Brings the outbox's partitions one round further, over one connection. Blocks. What a step finds is all that it builds on, so that a round which was cut
 * off anywhere is carried on by the next one.
 */
final class PartitionRound {
    private static final Logger LOG = Logger.getLogger(PartitionRound.class);
    private static final int DAYS_AHEAD = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(45);
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String CANCELED = "57014";
    private static final String ANOTHER_DETACH_IS_PENDING = "55000";
    private static final Set<String> LATER = Set.of(LOCK_NOT_AVAILABLE, CANCELED, ANOTHER_DETACH_IS_PENDING);

    /** What a round does, in this order. */
    enum Step {
        REINSTATE,
        ATTACH,
        RETIRE,
        DETACH,
        FINISH_DETACH,
        NOTE,
        DRAIN,
        DROP
    }

    private final SqlConnection connection;
    private final LocalDate today;
    private final Consumer<Step> before;

    /** @param before told of each step just before it is taken */
    PartitionRound(SqlConnection connection, Instant now, Consumer<Step> before) {
        this.connection = connection;
        this.today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        this.before = before;
    }

    void go() {
        // Whoever waits for a partition's lock makes the relays' reads queue up behind him.
        run("SET lock_timeout = '250ms'");
        Instant kept = startOf(today.minusDays(1));
        list().stream()
                .filter(one -> one.state() != State.ATTACHED && one.to().isAfter(kept))
                .forEach(one -> unlessLocked(one, () -> reinstate(one)));
        attachMissing();
        if (first("SELECT outbox_foreign() AS why").getString("why") != null) {
            LOG.warn("This database was restored and not adopted: no partition is retired until it is");
            return;
        }
        list().stream()
                .filter(one -> one.state() != State.ATTACHED || !one.to().isAfter(kept))
                .forEach(one -> unlessLocked(one, () -> carryOn(one)));
    }

    private void unlessLocked(Partition one, Runnable steps) {
        try {
            steps.run();
        } catch (PgException refused) {
            if (!LATER.contains(refused.getSqlState())) {
                throw refused;
            }
            LOG.infof("Partition %s is in use, tried again later: %s", one.name(), refused.getErrorMessage());
        }
    }

    /** A day that was retired and is needed: the clock has gone back. */
    private void reinstate(Partition one) {
        before.accept(Step.REINSTATE);
        if (one.state() == State.DRAINED) {
            drop(one);
            return;
        }
        if (one.pending()) {
            finishDetach(one);
        }
        String attach = one.inherited() && !one.pending()
                ? ""
                : "; ALTER TABLE outbox_event ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')"
                        .formatted(one.name(), one.from(), one.to());
        run("UPDATE outbox_partition SET state = 'attached', retired_at = NULL WHERE name = '" + one.name() + "'"
                + attach);
        LOG.infof("Partition %s is attached again", one.name());
    }

    private void attachMissing() {
        List<Instant> there = list().stream().map(Partition::from).toList();
        for (LocalDate day = today.minusDays(1); !day.isAfter(today.plusDays(DAYS_AHEAD)); day = day.plusDays(1)) {
            if (!there.contains(startOf(day))) {
                before.accept(Step.ATTACH);
                run("SELECT outbox_attach_partition('" + day + "')");
                LOG.infof("The outbox has a partition for %s", day);
            }
        }
    }

    private void carryOn(Partition one) {
        if (one.state() == State.DRAINED) {
            before.accept(Step.DROP);
            drop(one);
            return;
        }
        if (one.state() == State.ATTACHED) {
            before.accept(Step.RETIRE);
            run("UPDATE outbox_partition SET state = 'retiring' WHERE name = '" + one.name() + "'");
        }
        if (one.pending()) {
            finishDetach(one);
        } else if (one.inherited()) {
            before.accept(Step.DETACH);
            run("ALTER TABLE outbox_event DETACH PARTITION " + one.name() + " CONCURRENTLY");
        }
        if (!one.noted()) {
            // Only now, when whoever wrote to it has ended.
            before.accept(Step.NOTE);
            run("UPDATE outbox_partition SET retired_at = pg_current_snapshot() WHERE name = '" + one.name() + "'");
            LOG.infof("Partition %s is detached and waits until every lane has been read beyond it", one.name());
        }
        before.accept(Step.DRAIN);
        if (first("SELECT outbox_drain_partition('" + one.name() + "') AS drained")
                .getBoolean("drained")) {
            LOG.infof("Partition %s is published and will be dropped", one.name());
        }
    }

    private void finishDetach(Partition one) {
        before.accept(Step.FINISH_DETACH);
        run("ALTER TABLE outbox_event DETACH PARTITION " + one.name() + " FINALIZE");
    }

    /** A round after it was drained, so that the relays have mostly stopped naming it. */
    private void drop(Partition one) {
        run("DROP TABLE IF EXISTS %1$s; DELETE FROM outbox_partition WHERE name = '%1$s'".formatted(one.name()));
        LOG.infof("Partition %s is dropped", one.name());
    }

    private List<Partition> list() {
        return StreamSupport.stream(run(Partition.LIST).spliterator(), false)
                .map(Partition::of)
                .toList();
    }

    private Row first(String sql) {
        return run(sql).iterator().next();
    }

    /** By the simple protocol: what stands in one text is one transaction, and a lone statement in none. */
    private RowSet<Row> run(String sql) {
        return connection.query(sql).execute().await().atMost(PATIENCE);
    }

    private static Instant startOf(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
