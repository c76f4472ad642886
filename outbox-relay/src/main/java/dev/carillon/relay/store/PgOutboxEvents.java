package dev.carillon.relay.store;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvents;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code outbox_event} by snapshot cursors. All that has to do with cursors goes over one connection; when that is lost, or anything fails on
 * it, the cursors of all open lanes are loaded again on the next.
 */
public final class PgOutboxEvents implements OutboxEvents {
    /** Beyond what the server gives a statement. */
    private static final long ANSWER_WITHIN_SECONDS = 10;

    /** For a new connection to load over. */
    private static final long MADE_WITHIN_SECONDS = 3;

    /** For a connection that is doubted to say anything at all, unless nothing is asked of it. */
    private static final long SIGN_OF_LIFE_WITHIN_MILLIS = 1_000;

    private final Pool pool;
    private final Partitions partitions;
    private final Positions positions = new Positions();
    private final AtomicBoolean reading = new AtomicBoolean();
    private final AtomicLong losses = new AtomicLong();
    private final Map<Lane, LaneLease> open = new TreeMap<>();
    private @Nullable Future<CursorSession> session;

    /** @param pool for this alone: its connections are used up one after another, and none that has been idle is trusted */
    public PgOutboxEvents(Pool pool, Partitions partitions) {
        this.pool = pool;
        this.partitions = partitions;
    }

    @Override
    public CompletionStage<Void> open(Collection<LaneLease> leases) {
        synchronized (this) {
            leases.forEach(lease -> open.put(lease.lane(), lease));
        }
        return inSession(session -> session.open(leases)).toCompletionStage();
    }

    @Override
    public CompletionStage<Read> read(Wanted wanted) {
        if (!reading.compareAndSet(false, true)) {
            return CompletableFuture.failedStage(new IllegalStateException("an earlier read has not ended"));
        }
        return inSession(session -> session.read(wanted))
                .onComplete(done -> reading.set(false))
                .toCompletionStage();
    }

    @Override
    public void settle(Map<LaneLease, ? extends Collection<Long>> acknowledged) {
        @Nullable CursorSession now = present();
        if (now != null) {
            now.settle(acknowledged);
        }
    }

    /** Nothing to write without a session: its positions are lost, and what they had settled is read again. */
    @Override
    public CompletionStage<Set<LaneLease>> save(String owner) {
        @Nullable CursorSession now = present();
        return now == null
                ? CompletableFuture.completedStage(Set.of())
                : asking(now, session -> session.save(owner)).toCompletionStage();
    }

    @Override
    public CompletionStage<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings) {
        return inSession(session -> session.park(owner, lease, parkings)).toCompletionStage();
    }

    @Override
    public CompletionStage<Void> close(String owner, Collection<LaneLease> leases) {
        noLongerOpen(leases);
        @Nullable CursorSession now = present();
        return now == null
                ? CompletableFuture.completedStage(null)
                : asking(now, session -> session.close(owner, leases)).toCompletionStage();
    }

    @Override
    public void forget(Collection<LaneLease> leases) {
        noLongerOpen(leases);
        @Nullable CursorSession now = present();
        if (now != null) {
            now.forget(leases);
        }
    }

    private synchronized void noLongerOpen(Collection<LaneLease> leases) {
        leases.forEach(lease -> open.remove(lease.lane(), lease));
    }

    private <T> Future<T> inSession(Function<CursorSession, Future<T>> work) {
        return session().compose(session -> asking(session, work));
    }

    private <T> Future<T> asking(CursorSession session, Function<CursorSession, Future<T>> work) {
        // Each new try would write to a silent connection, which is why the pool would never find it silent.
        return session.asking(work)
                .timeout(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS)
                .onFailure(failure -> end(session));
    }

    /** A slow statement is no silence by itself; that something else got no answer, too, makes it one. */
    @Override
    public void doubt() {
        @Nullable CursorSession doubted = present();
        if (doubted == null || !doubted.isWaiting()) {
            return;
        }
        long before = doubted.answers();
        // Not at once: whoever was frozen himself finds the answers before he has waited.
        CompletableFuture.delayedExecutor(SIGN_OF_LIFE_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (doubted.isWaiting() && doubted.answers() == before) {
                        end(doubted);
                    }
                });
    }

    @Override
    public long losses() {
        return losses.get();
    }

    private synchronized @Nullable CursorSession present() {
        return session == null ? null : session.result();
    }

    private Future<CursorSession> session() {
        Future<CursorSession> made;
        synchronized (this) {
            if (session != null) {
                return session;
            }
            List<LaneLease> leases = List.copyOf(open.values());
            made = pool.getConnection().compose(connection -> begin(connection, leases));
            session = made;
        }
        return made.onFailure(failure -> notMade(made));
    }

    private Future<CursorSession> begin(SqlConnection connection, List<LaneLease> leases) {
        var begun = new CursorSession(connection, partitions, positions);
        connection.closeHandler(closed -> end(begun));
        return PgSourceIdentity.require(connection)
                .compose(same -> begun.open(leases))
                .timeout(MADE_WITHIN_SECONDS, TimeUnit.SECONDS)
                .map(begun)
                .onFailure(failure -> begun.end());
    }

    private synchronized void notMade(Future<CursorSession> made) {
        if (session == made) {
            session = null;
        }
    }

    private void end(CursorSession ended) {
        synchronized (this) {
            if (session != null && session.result() == ended) {
                session = null;
                losses.incrementAndGet();
            }
        }
        ended.end();
    }
}
