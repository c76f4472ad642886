package dev.carillon.benchmarks.cursor;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvents;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads by snapshot cursors behind the port of a relay that deletes: {@link #delete} settles in memory and answers at once, and positions are
 * saved a few times a second. Events that the window has forgotten are read again by their ids, and their lanes not read on until they are back.
 *
 * <p>Everything that has to do with cursors goes over one connection. When that is lost, so is every cursor in memory: they are loaded again.
 */
public final class CursorOutbox implements OutboxEvents {
    private static final long SAVE_EVERY_NANOS = Duration.ofMillis(250).toNanos();
    private static final long YOUNG_NANOS = Duration.ofSeconds(1).toNanos();

    private final Pool pool;
    private final Map<Lane, LaneCursor> cursors = new TreeMap<>();
    private Set<Lane> lost = new HashSet<>();
    private @Nullable SqlConnection connection;
    private boolean stale;
    private boolean busy;
    private long savedAtNanos = System.nanoTime();
    /** All lanes of the last read were whole up to this, which was then the database's own snapshot. */
    private @Nullable Snapshot inStep;

    private long inStepAtNanos;

    public CursorOutbox(Pool pool) {
        this.pool = pool;
    }

    CompletionStage<Void> open(List<LaneLease> leases) {
        return connected()
                .compose(ready -> load(ready, leases))
                .<Void>mapEmpty()
                .onFailure(failure -> disconnect())
                .toCompletionStage();
    }

    /** Saves where these lanes stand and forgets them. */
    CompletionStage<Void> close(String owner, Collection<LaneLease> leases) {
        List<LaneCursor> closing = new ArrayList<>();
        synchronized (this) {
            for (LaneLease lease : leases) {
                @Nullable LaneCursor cursor = cursors.get(lease.lane());
                if (cursor != null && cursor.lease().equals(lease)) {
                    cursors.remove(lease.lane());
                    closing.add(cursor);
                }
            }
            if (stale) {
                return CompletableFuture.completedStage(null);
            }
        }
        return save(owner, closing).<Void>mapEmpty().toCompletionStage();
    }

    @Override
    public CompletionStage<List<Found>> read(Wanted wanted) {
        synchronized (this) {
            if (busy) {
                return CompletableFuture.failedStage(new IllegalStateException("an earlier read has not ended"));
            }
            busy = true;
        }
        return ready().compose(ready -> read(ready, wanted))
                .onComplete(done -> release(done.failed()))
                .toCompletionStage();
    }

    private synchronized void release(boolean failed) {
        busy = false;
        if (failed) {
            disconnect();
        }
    }

    private Future<List<Found>> read(SqlConnection ready, Wanted wanted) {
        Set<Long> known = new HashSet<>(wanted.known());
        Map<LaneCursor, Map<Long, String>> forgotten = new LinkedHashMap<>();
        List<LaneCursor> onward = new ArrayList<>();
        synchronized (this) {
            for (Lane lane : wanted.lanes()) {
                @Nullable LaneCursor cursor = cursors.get(lane);
                if (cursor == null) {
                    continue;
                }
                Map<Long, String> ofLane = cursor.forgotten(known);
                if (!ofLane.isEmpty()) {
                    forgotten.put(cursor, ofLane);
                } else if (cursor.mayReadOn()) {
                    onward.add(cursor);
                }
            }
        }
        Future<List<Found>> again =
                forgotten.isEmpty() ? Future.succeededFuture(List.of()) : readAgain(ready, forgotten, wanted);
        return again.compose(found ->
                onward.isEmpty() || !found.isEmpty() ? Future.succeededFuture(found) : readOn(ready, onward, wanted));
    }

    private Future<List<Found>> readOn(SqlConnection ready, List<LaneCursor> onward, Wanted wanted) {
        Snapshot base;
        synchronized (this) {
            base = onward.getFirst().base();
            boolean young = base.equals(inStep) && System.nanoTime() - inStepAtNanos < YOUNG_NANOS;
            if (!young
                    || !onward.stream()
                            .allMatch(
                                    cursor -> cursor.isAtBase() && cursor.base().equals(base))) {
                return readEach(ready, onward, wanted);
            }
        }
        Tuple parameters = Tuple.tuple()
                .addValue(onward.stream().map(CursorOutbox::number).toArray(Short[]::new))
                .addValue(base.text())
                .addValue(wanted.events() + 1)
                .addValue(wanted.bytes());
        return ready.preparedQuery(CursorStatements.READ_IN_STEP)
                .execute(parameters)
                .map(rows -> takeNoteOfAll(onward, rows, wanted.events()));
    }

    private synchronized List<Found> takeNoteOfAll(List<LaneCursor> asked, RowSet<Row> rows, int events) {
        Map<Lane, LaneCursor> byLane = byLane(asked);
        List<Found> found = new ArrayList<>(rows.size());
        Row first = rows.iterator().next();
        var target = new Snapshot(first.getString("snapshot"));
        long last = 0;
        for (Row row : rows) {
            @Nullable Long seq = row.getLong("seq");
            if (seq != null) {
                last = seq;
                if (of(byLane, row).read(seq, row.getString("xid"), target)) {
                    found.add(new Found(CursorStatements.event(row), row.getBoolean("key_parked")));
                }
            }
        }
        boolean none = first.getLong("seq") == null;
        if (none || (first.getLong("found") == rows.size() && rows.size() <= events)) {
            asked.forEach(cursor -> cursor.wholeUpTo(target));
            noteStep(target);
        } else {
            for (LaneCursor cursor : asked) {
                cursor.readUpTo(last, target);
            }
        }
        return found;
    }

    private void noteStep(Snapshot target) {
        inStep = target;
        inStepAtNanos = System.nanoTime();
    }

    private static Map<Lane, LaneCursor> byLane(List<LaneCursor> asked) {
        return asked.stream().collect(Collectors.toMap(cursor -> cursor.lease().lane(), cursor -> cursor));
    }

    private static LaneCursor of(Map<Lane, LaneCursor> byLane, Row row) {
        @Nullable LaneCursor cursor = byLane.get(new Lane(row.getShort("lane")));
        if (cursor == null) {
            throw new IllegalStateException("lane " + row.getShort("lane") + " was not asked for");
        }
        return cursor;
    }

    private static Future<List<Found>> readAgain(
            SqlConnection ready, Map<LaneCursor, Map<Long, String>> forgotten, Wanted wanted) {
        List<Short> lanes = new ArrayList<>();
        List<String> xids = new ArrayList<>();
        List<Long> seqs = new ArrayList<>();
        // Lanes are cut as wholes or at their ends: what is left out of a lane is what comes last in it.
        forgotten.forEach((cursor, events) -> new TreeMap<>(events).forEach((seq, xid) -> {
            if (seqs.size() < wanted.events()) {
                lanes.add(number(cursor));
                xids.add(xid);
                seqs.add(seq);
            }
        }));
        Tuple parameters = Tuple.of(
                lanes.toArray(Short[]::new),
                xids.toArray(String[]::new),
                seqs.toArray(Long[]::new),
                wanted.withheld().toArray(String[]::new));
        return ready.preparedQuery(CursorStatements.READ_AGAIN)
                .execute(parameters)
                .map(rows -> {
                    List<Found> found = new ArrayList<>(rows.size());
                    rows.forEach(
                            row -> found.add(new Found(CursorStatements.event(row), row.getBoolean("key_parked"))));
                    return found;
                });
    }

    private Future<List<Found>> readEach(SqlConnection ready, List<LaneCursor> onward, Wanted wanted) {
        Tuple parameters;
        synchronized (this) {
            parameters = Tuple.tuple()
                    .addValue(onward.stream().map(CursorOutbox::number).toArray(Short[]::new))
                    .addValue(
                            onward.stream().map(cursor -> cursor.base().text()).toArray(String[]::new))
                    .addValue(
                            onward.stream().map(cursor -> text(cursor.target())).toArray(String[]::new))
                    .addValue(onward.stream().map(LaneCursor::last).toArray(Long[]::new))
                    .addValue(wanted.perLane())
                    .addValue(wanted.events() + onward.size())
                    .addValue(wanted.bytes());
        }
        return ready.preparedQuery(CursorStatements.READ)
                .execute(parameters)
                .map(rows -> takeNote(onward, rows, wanted.perLane()));
    }

    private synchronized List<Found> takeNote(List<LaneCursor> asked, RowSet<Row> rows, int perLane) {
        Map<Lane, LaneCursor> byLane = byLane(asked);
        Map<LaneCursor, Integer> counts = new HashMap<>();
        List<Found> found = new ArrayList<>(rows.size());
        int whole = 0;
        for (Row row : rows) {
            LaneCursor cursor = of(byLane, row);
            @Nullable Snapshot given = cursor.target();
            var now = new Snapshot(row.getString("snapshot"));
            @Nullable Long seq = row.getLong("seq");
            if (seq != null) {
                counts.merge(cursor, 1, Integer::sum);
                if (cursor.read(seq, row.getString("xid"), given == null ? now : given)) {
                    found.add(new Found(CursorStatements.event(row), row.getBoolean("key_parked")));
                }
            } else if (counts.getOrDefault(cursor, 0) < perLane) {
                cursor.wholeUpTo(given == null ? now : given);
                if (cursor.base().equals(now) && ++whole == asked.size()) {
                    noteStep(now);
                }
            }
        }
        return found;
    }

    @Override
    public CompletionStage<Set<Lane>> delete(String owner, Map<LaneLease, ? extends Collection<Long>> acknowledged) {
        Set<Lane> counted = new HashSet<>();
        List<LaneCursor> due = List.of();
        synchronized (this) {
            acknowledged.forEach((lease, seqs) -> {
                @Nullable LaneCursor cursor = cursors.get(lease.lane());
                if (cursor != null && cursor.lease().equals(lease) && !lost.contains(lease.lane())) {
                    seqs.forEach(cursor::settle);
                    counted.add(lease.lane());
                }
            });
            long now = System.nanoTime();
            if (!stale && now - savedAtNanos >= SAVE_EVERY_NANOS) {
                savedAtNanos = now;
                due = cursors.values().stream().filter(LaneCursor::changed).toList();
            }
        }
        if (!due.isEmpty()) {
            var unused = save(owner, due);
        }
        return CompletableFuture.completedStage(counted);
    }

    private Future<Void> save(String owner, List<LaneCursor> saving) {
        SqlConnection ready;
        Tuple parameters;
        synchronized (this) {
            if (connection == null || saving.isEmpty()) {
                return Future.succeededFuture();
            }
            ready = connection;
            parameters = positions(owner, saving, Map.of());
            saving.forEach(LaneCursor::saved);
        }
        return ready.preparedQuery(CursorStatements.SAVE)
                .execute(parameters)
                .onSuccess(rows -> noteLost(saving, rows))
                .onFailure(failure -> saving.forEach(this::notSaved))
                .mapEmpty();
    }

    private synchronized void notSaved(LaneCursor cursor) {
        cursor.notSaved();
    }

    private synchronized void noteLost(List<LaneCursor> saving, RowSet<Row> rows) {
        Set<Lane> counted = new HashSet<>();
        rows.forEach(row -> counted.add(new Lane(row.getShort("lane"))));
        saving.stream()
                .filter(cursor -> cursors.get(cursor.lease().lane()) == cursor)
                .map(cursor -> cursor.lease().lane())
                .filter(lane -> !counted.contains(lane))
                .forEach(lost::add);
    }

    private static Tuple positions(
            String owner, List<LaneCursor> saving, Map<LaneCursor, ? extends Collection<Long>> more) {
        Map<Column, List<Object>> columns = new EnumMap<>(Column.class);
        Arrays.stream(Column.values()).forEach(column -> columns.put(column, new ArrayList<>()));
        for (LaneCursor cursor : saving) {
            @Nullable Collection<Long> also = more.get(cursor);
            Position position = cursor.position(also == null ? List.of() : also);
            add(columns, Column.LANE, number(cursor));
            add(columns, Column.EPOCH, cursor.lease().epoch());
            add(columns, Column.BASE, position.base().text());
            add(columns, Column.TARGET, text(position.target()));
            add(columns, Column.LAST, position.last());
            add(
                    columns,
                    Column.SETTLED,
                    position.settled().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}")));
        }
        return Tuple.tuple()
                .addValue(owner)
                .addValue(of(columns, Column.LANE).toArray(Short[]::new))
                .addValue(of(columns, Column.EPOCH).toArray(Long[]::new))
                .addValue(of(columns, Column.BASE).toArray(String[]::new))
                .addValue(of(columns, Column.TARGET).toArray(String[]::new))
                .addValue(of(columns, Column.LAST).toArray(Long[]::new))
                .addValue(of(columns, Column.SETTLED).toArray(String[]::new));
    }

    private enum Column {
        LANE,
        EPOCH,
        BASE,
        TARGET,
        LAST,
        SETTLED
    }

    private static void add(Map<Column, List<Object>> columns, Column column, Object value) {
        of(columns, column).add(value);
    }

    private static List<Object> of(Map<Column, List<Object>> columns, Column column) {
        return columns.getOrDefault(column, List.of());
    }

    /** In one transaction with the position, which then passes the parked ones by. */
    @Override
    public CompletionStage<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings) {
        LaneCursor cursor;
        Map<Long, String> held;
        synchronized (this) {
            @Nullable LaneCursor open = cursors.get(lease.lane());
            if (open == null || !open.lease().equals(lease)) {
                return CompletableFuture.completedStage(new ParkOutcome.LeaseLost());
            }
            cursor = open;
            held = open.forgotten(Set.of());
        }
        List<Parking> there = parkings.stream()
                .filter(parking -> held.containsKey(parking.seq()))
                .toList();
        return ready().compose(
                        ready -> ready.begin().compose(transaction -> ready.preparedQuery(CursorStatements.LOCK_LEASE)
                                .execute(Tuple.of(number(cursor), lease.epoch(), owner))
                                .compose(locked -> locked.size() == 0
                                        ? Future.<ParkOutcome>succeededFuture(new ParkOutcome.LeaseLost())
                                        : park(ready, owner, cursor, there, held))
                                .compose(outcome -> transaction.commit().map(outcome))
                                .onFailure(failure -> transaction.rollback())))
                .onFailure(failure -> disconnect())
                .toCompletionStage();
    }

    private Future<ParkOutcome> park(
            SqlConnection ready, String owner, LaneCursor cursor, List<Parking> parkings, Map<Long, String> held) {
        return insertParked(ready, cursor, parkings, held, true)
                .compose(refused -> insertParked(ready, cursor, parkings, held, false)
                        .map(followers -> {
                            Set<Long> all = new HashSet<>(refused);
                            all.addAll(followers);
                            return all;
                        }))
                .compose(parked -> {
                    Tuple positions;
                    synchronized (this) {
                        positions = positions(owner, List.of(cursor), Map.of(cursor, parked));
                    }
                    return ready.preparedQuery(CursorStatements.SAVE)
                            .execute(positions)
                            .map(saved -> settled(cursor, parked));
                });
    }

    /** Before the commit, which decides: when that fails the connection is given up, and this cursor with it. */
    private synchronized ParkOutcome settled(LaneCursor cursor, Set<Long> parked) {
        parked.forEach(cursor::settle);
        return new ParkOutcome.Parked(parked.size());
    }

    private static Future<Set<Long>> insertParked(
            SqlConnection ready, LaneCursor cursor, List<Parking> parkings, Map<Long, String> held, boolean refused) {
        List<Parking> these = parkings.stream()
                .filter(parking -> (parking.refusal() != null) == refused)
                .toList();
        Tuple parameters = Tuple.of(
                these.stream().map(parking -> number(cursor)).toArray(Short[]::new),
                these.stream().map(parking -> held.get(parking.seq())).toArray(String[]::new),
                these.stream().map(Parking::seq).toArray(Long[]::new),
                these.stream().map(parking -> text(parking.refusal())).toArray(String[]::new));
        return ready.preparedQuery(CursorStatements.PARK).execute(parameters).map(rows -> {
            Set<Long> parked = new HashSet<>();
            rows.forEach(row -> parked.add(row.getLong("seq")));
            return parked;
        });
    }

    /** The connection, with every open lane's cursor loaded on it. */
    private Future<SqlConnection> ready() {
        List<LaneLease> again;
        synchronized (this) {
            if (!stale && connection != null) {
                return Future.succeededFuture(connection);
            }
            again = cursors.values().stream().map(LaneCursor::lease).toList();
        }
        return connected().compose(ready -> load(ready, again).map(loaded -> ready));
    }

    private Future<SqlConnection> connected() {
        synchronized (this) {
            if (connection != null) {
                return Future.succeededFuture(connection);
            }
        }
        return pool.getConnection().map(this::use);
    }

    private synchronized SqlConnection use(SqlConnection made) {
        if (connection != null) {
            made.close();
            return connection;
        }
        connection = made;
        made.closeHandler(closed -> {
            synchronized (this) {
                if (connection == made) {
                    connection = null;
                    stale = true;
                }
            }
        });
        return made;
    }

    private synchronized void disconnect() {
        @Nullable SqlConnection broken = connection;
        connection = null;
        stale = true;
        if (broken != null) {
            broken.close();
        }
    }

    private Future<RowSet<Row>> load(SqlConnection ready, List<LaneLease> leases) {
        Short[] lanes =
                leases.stream().map(lease -> (short) lease.lane().number()).toArray(Short[]::new);
        return ready.preparedQuery(CursorStatements.LOAD)
                .execute(Tuple.tuple().addValue(lanes))
                .onSuccess(rows -> loaded(ready, leases, rows));
    }

    private synchronized void loaded(SqlConnection from, List<LaneLease> leases, RowSet<Row> rows) {
        if (connection != from) {
            throw new IllegalStateException("the connection was lost meanwhile");
        }
        Map<Lane, Position> positions = new HashMap<>();
        for (Row row : rows) {
            @Nullable String target = row.getString("target");
            positions.put(
                    new Lane(row.getShort("lane")),
                    new Position(
                            new Snapshot(row.getString("base")),
                            target == null ? null : new Snapshot(target),
                            row.getLong("last"),
                            List.of(row.getArrayOfLongs("settled"))));
        }
        boolean all = leases.stream().map(LaneLease::lane).toList().containsAll(cursors.keySet());
        for (LaneLease lease : leases) {
            lost.remove(lease.lane());
            cursors.put(lease.lane(), new LaneCursor(lease, positions.getOrDefault(lease.lane(), Position.START)));
        }
        stale &= !all;
    }

    private static short number(LaneCursor cursor) {
        return (short) cursor.lease().lane().number();
    }

    private static String text(@Nullable Snapshot snapshot) {
        return snapshot == null ? "" : snapshot.text();
    }

    private static String text(@Nullable String refusal) {
        return refusal == null ? "" : refusal;
    }
}
