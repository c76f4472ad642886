package dev.carillon.relay.store;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxEvents.Found;
import dev.carillon.relay.OutboxEvents.Read;
import dev.carillon.relay.OutboxEvents.Wanted;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads on from the cursors of one connection, and notes in them what came. One read at a time. */
final class CursorReads {
    private static final long YOUNG_NANOS = Duration.ofSeconds(1).toNanos();

    private final SqlConnection connection;
    private final Partitions partitions;

    /** All lanes of the last read were whole up to this, which was then the database's own snapshot. */
    private volatile @Nullable Step inStep;

    private record Step(Snapshot snapshot, long atNanos) {
        boolean isYoung() {
            return System.nanoTime() - atNanos < YOUNG_NANOS;
        }
    }

    CursorReads(SqlConnection connection, Partitions partitions) {
        this.connection = connection;
        this.partitions = partitions;
    }

    /** @param cursors of the lanes wanted, in their turn */
    Future<Read> read(List<LaneCursor> cursors, Wanted wanted) {
        Map<LaneCursor, SortedMap<Long, String>> forgotten = new LinkedHashMap<>();
        List<LaneCursor> onward = new ArrayList<>();
        for (LaneCursor cursor : cursors) {
            if (cursor.isAnyForgotten(wanted.known())) {
                forgotten.put(cursor, cursor.forgotten(wanted.known(), wanted.withheld()));
            } else if (cursor.mayReadOn()) {
                onward.add(cursor);
            }
        }
        return readAgain(forgotten, wanted)
                .compose(again -> again.isEmpty()
                        ? readAllOn(onward, wanted, cursors.size())
                        : Future.succeededFuture(new Read(again, false)));
    }

    private Future<Read> readAllOn(List<LaneCursor> onward, Wanted wanted, int lanes) {
        return onward.isEmpty()
                ? Future.succeededFuture(new Read(List.of(), false))
                : readOn(onward, wanted)
                        .map(found -> new Read(
                                found, onward.size() == lanes && onward.stream().allMatch(LaneCursor::isAtBase)));
    }

    /** Cut at its end, a lane's last events are left out; those of each key come in order. */
    private Future<List<Found>> readAgain(Map<LaneCursor, SortedMap<Long, String>> forgotten, Wanted wanted) {
        List<Short> lanes = new ArrayList<>();
        List<String> xids = new ArrayList<>();
        List<Long> seqs = new ArrayList<>();
        forgotten.forEach((cursor, events) -> events.forEach((seq, xid) -> {
            if (seqs.size() < wanted.events()) {
                lanes.add(number(cursor));
                xids.add(xid);
                seqs.add(seq);
            }
        }));
        if (seqs.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        Tuple parameters = Tuple.of(
                lanes.toArray(Short[]::new), xids.toArray(String[]::new), seqs.toArray(Long[]::new), wanted.bytes());
        return partitions.over(connection, statements -> connection
                .preparedQuery(statements.readAgain)
                .execute(parameters)
                .map(rows -> {
                    List<Found> found = new ArrayList<>(rows.size());
                    rows.forEach(row -> found.add(found(row)));
                    return found;
                }));
    }

    private Future<List<Found>> readOn(List<LaneCursor> onward, Wanted wanted) {
        Snapshot base = onward.getFirst().base();
        @Nullable Step step = inStep;
        boolean together = step != null
                && step.isYoung()
                && base.equals(step.snapshot())
                && onward.stream()
                        .allMatch(cursor -> cursor.isAtBase() && cursor.base().equals(base));
        return together ? readTogether(onward, base, wanted) : readEach(onward, wanted);
    }

    private Future<List<Found>> readTogether(List<LaneCursor> onward, Snapshot base, Wanted wanted) {
        Tuple parameters = Tuple.of(numbers(onward), base.text(), wanted.events() + 1, wanted.bytes());
        return run(statements -> statements.readInStep(base), parameters)
                .map(rows -> noteTogether(onward, rows, wanted.events()));
    }

    private List<Found> noteTogether(List<LaneCursor> asked, RowSet<Row> rows, int events) {
        Map<Lane, LaneCursor> byLane = byLane(asked);
        List<Found> found = new ArrayList<>(rows.size());
        Row first = rows.iterator().next();
        var target = new Snapshot(first.getString("snapshot"));
        long last = 0;
        for (Row row : rows) {
            @Nullable Long seq = row.getLong("seq");
            if (seq != null) {
                last = seq;
                note(of(byLane, row), row, target, found);
            }
        }
        boolean none = first.getLong("seq") == null;
        if (none || (first.getLong("found") == rows.size() && rows.size() <= events)) {
            asked.forEach(cursor -> cursor.wholeUpTo(target));
            inStep = new Step(target, System.nanoTime());
        } else {
            for (LaneCursor cursor : asked) {
                cursor.readUpTo(last, target);
            }
        }
        return found;
    }

    private Future<List<Found>> readEach(List<LaneCursor> onward, Wanted wanted) {
        Tuple parameters = Tuple.tuple()
                .addValue(numbers(onward))
                .addValue(texts(onward, LaneCursor::base))
                .addValue(texts(onward, LaneCursor::target))
                .addValue(onward.stream().map(LaneCursor::last).toArray(Long[]::new))
                .addValue(wanted.perLane())
                .addValue(wanted.events() + onward.size())
                .addValue(wanted.bytes());
        return run(statements -> statements.read, parameters).map(rows -> noteEach(onward, rows, wanted.perLane()));
    }

    private List<Found> noteEach(List<LaneCursor> asked, RowSet<Row> rows, int perLane) {
        Map<Lane, LaneCursor> byLane = byLane(asked);
        Map<LaneCursor, Integer> counts = new HashMap<>();
        List<Found> found = new ArrayList<>(rows.size());
        int inStepNow = 0;
        for (Row row : rows) {
            LaneCursor cursor = of(byLane, row);
            @Nullable Snapshot given = cursor.target();
            var now = new Snapshot(row.getString("snapshot"));
            Snapshot target = given == null ? now : given;
            if (row.getLong("seq") != null) {
                counts.merge(cursor, 1, Integer::sum);
                note(cursor, row, target, found);
            } else if (counts.getOrDefault(cursor, 0) < perLane) {
                cursor.wholeUpTo(target);
                if (target.equals(now) && ++inStepNow == asked.size()) {
                    inStep = new Step(now, System.nanoTime());
                }
            }
        }
        return found;
    }

    private static void note(LaneCursor cursor, Row row, Snapshot target, List<Found> found) {
        if (cursor.read(row.getLong("seq"), row.getString("xid"), row.getString("topic"), target)) {
            found.add(found(row));
        }
    }

    private static Found found(Row row) {
        return new Found(EventRow.read(row), row.getBoolean("key_parked"));
    }

    private Future<RowSet<Row>> run(Function<OutboxStatements, String> statement, Tuple parameters) {
        return partitions.over(connection, statements -> connection
                .preparedQuery(statement.apply(statements))
                .execute(parameters)
                .map(Partitions::checked));
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

    private static Short[] numbers(Collection<LaneCursor> cursors) {
        return cursors.stream().map(CursorReads::number).toArray(Short[]::new);
    }

    private static short number(LaneCursor cursor) {
        return (short) cursor.lease().lane().number();
    }

    private static String[] texts(List<LaneCursor> cursors, Function<LaneCursor, @Nullable Snapshot> snapshot) {
        return cursors.stream()
                .map(cursor -> Snapshot.text(snapshot.apply(cursor)))
                .toArray(String[]::new);
    }
}
