package dev.carillon.relay.store;

import dev.carillon.relay.LaneLease;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far one lane is read, and how far it is settled. Reading goes ahead of settling, batch by batch:
 *
 * <pre>
 *   base ── settled, some handed out ──▶ target = base ── … ──▶ target = base ── being read ──▶ (target)
 *   └ the position that is saved                                └ the frontier
 * </pre>
 *
 * <p>Every call is one step: results come on the connection's thread, settlements on the relay's.
 */
final class LaneCursor {
    /** Events that are settled behind one that is not: beyond this many, reading waits for the one. */
    private static final int MOST_SETTLED_AHEAD = 20_000;

    private static final long IDLE_NANOS = Duration.ofMinutes(1).toNanos();

    private static final class Batch {
        private final Snapshot base;
        private @Nullable Snapshot target;
        private long last;
        private final NavigableSet<Long> unsettled = new TreeSet<>();
        private final NavigableSet<Long> settled = new TreeSet<>();

        private Batch(Snapshot base) {
            this.base = base;
        }

        private long settledUpTo() {
            return unsettled.isEmpty() ? last : unsettled.first() - 1;
        }
    }

    private record Handed(Batch batch, String xid, String topic) {}

    private final LaneLease lease;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private final Map<Long, Handed> handed = new HashMap<>();
    /** Settled before this cursor was loaded, to be passed over when they are read again. */
    private final Set<Long> settledBefore;

    private boolean changed;
    private Position saved;
    private long savedAtNanos;

    LaneCursor(LaneLease lease, Position from, long nowNanos) {
        this.lease = lease;
        this.saved = from;
        this.savedAtNanos = nowNanos;
        this.settledBefore = new HashSet<>(from.settled());
        var batch = new Batch(from.base());
        batch.target = from.target();
        batch.last = from.last();
        batches.add(batch);
    }

    LaneLease lease() {
        return lease;
    }

    synchronized Snapshot base() {
        return frontier().base;
    }

    /** Null when the next read takes its own snapshot for it. */
    synchronized @Nullable Snapshot target() {
        return frontier().target;
    }

    synchronized long last() {
        return frontier().last;
    }

    synchronized boolean mayReadOn() {
        return handed.isEmpty()
                || batches.stream().mapToInt(batch -> batch.settled.size()).sum() < MOST_SETTLED_AHEAD;
    }

    private Batch frontier() {
        return batches.getLast();
    }

    /**
     * Takes note of an event that was read.
     *
     * @param target of the read that found it
     * @return whether it is to be published
     */
    synchronized boolean read(long seq, String xid, String topic, Snapshot target) {
        Batch batch = frontier();
        batch.target = target;
        batch.last = seq;
        if (settledBefore.remove(seq)) {
            batch.settled.add(seq);
            changed = true;
            return false;
        }
        batch.unsettled.add(seq);
        handed.put(seq, new Handed(batch, xid, topic));
        return true;
    }

    /** Whether nothing after the base has been read yet. */
    synchronized boolean isAtBase() {
        return frontier().target == null && frontier().last == 0;
    }

    /** All of the frontier's batch up to here has been read. */
    synchronized void readUpTo(long seq, Snapshot target) {
        frontier().target = target;
        frontier().last = seq;
    }

    /** The frontier's batch has no more events: the next one begins where it ends. */
    synchronized void wholeUpTo(Snapshot target) {
        Batch whole = batches.removeLast();
        @Nullable Batch before = batches.peekLast();
        if (!whole.unsettled.isEmpty()) {
            whole.target = target;
            batches.addLast(whole);
        } else if (before != null) {
            // Nothing of it waits. The batch before may as well end here: this one's events are settled in it.
            before.target = target;
            before.settled.addAll(whole.settled);
        }
        batches.addLast(new Batch(target));
    }

    /** Published, or parked. One that is not known as handed out is left to be read, and published, again. */
    synchronized void settle(long seq) {
        @Nullable Handed was = handed.remove(seq);
        if (was == null) {
            return;
        }
        was.batch().unsettled.remove(seq);
        was.batch().settled.add(seq);
        changed = true;
        while (batches.size() > 1 && batches.getFirst().unsettled.isEmpty()) {
            batches.removeFirst();
        }
    }

    /** Whether an event was handed out that is neither settled nor known by the one who got it: then it must come back first. */
    synchronized boolean isAnyForgotten(Set<Long> known) {
        return !known.containsAll(handed.keySet());
    }

    /** Those, but for the topics withheld: seqs with their transactions, in order. */
    synchronized SortedMap<Long, String> forgotten(Set<Long> known, Set<String> withheld) {
        SortedMap<Long, String> forgotten = new TreeMap<>();
        handed.forEach((seq, event) -> {
            if (!known.contains(seq) && !withheld.contains(event.topic())) {
                forgotten.put(seq, event.xid());
            }
        });
        return forgotten;
    }

    /** As it would be with {@code more} settled, too. */
    synchronized Position position(Collection<Long> more) {
        Batch oldest = batches.getFirst();
        NavigableSet<Long> unsettled = new TreeSet<>(oldest.unsettled);
        more.forEach(unsettled::remove);
        long upTo = unsettled.isEmpty() ? oldest.last : unsettled.first() - 1;
        Set<Long> settled = new TreeSet<>(more);
        settled.addAll(settledBefore);
        batches.forEach(batch -> settled.addAll(batch.settled));
        // Of the oldest batch alone: a later batch may hold smaller seqs, of transactions that committed late.
        settled.removeAll(new ArrayList<>(oldest.settled.headSet(upTo, true)));
        return new Position(oldest.base, oldest.target, upTo, List.copyOf(settled));
    }

    /**
     * The position to save now, if any: what was settled is saved at once, and how far a lane without events was read once a minute, since its old
     * events are kept until then. Taken for saved; when that fails the cursor is given up with its connection.
     */
    synchronized @Nullable Position due(long nowNanos) {
        if (!changed && nowNanos - savedAtNanos < IDLE_NANOS) {
            return null;
        }
        Position position = position(List.of());
        boolean moved = !position.equals(saved);
        saved(position, nowNanos);
        return moved ? position : null;
    }

    synchronized void saved(Position position, long nowNanos) {
        saved = position;
        savedAtNanos = nowNanos;
        changed = false;
        Batch oldest = batches.getFirst();
        oldest.settled.headSet(oldest.settledUpTo(), true).clear();
    }
}
