package dev.carillon.relay;

import dev.carillon.relay.KeyQueue.Stage;
import dev.carillon.relay.OutboxEvents.Found;
import dev.carillon.relay.OutboxEvents.Parking;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One lane's part of the window, from the claim of its lease to the end of it. */
final class LaneWindow {
    private final LaneLease lease;
    private final Occupancy occupancy;

    /** Queues whose head may be sent, of all lanes. */
    private final Deque<KeyQueue> ready;

    /** Read and not settled. */
    private final Set<Long> known = new HashSet<>();

    private final Map<RecordKey, KeyQueue> keys = new HashMap<>();
    private List<Long> acknowledged = new ArrayList<>();
    private long bytes;
    private long untilNanos;
    private boolean yielding;
    private boolean closed;

    LaneWindow(LaneLease lease, long untilNanos, Occupancy occupancy, Deque<KeyQueue> ready) {
        this.lease = lease;
        this.untilNanos = untilNanos;
        this.occupancy = occupancy;
        this.ready = ready;
    }

    LaneLease lease() {
        return lease;
    }

    boolean leaseCounts(long nowNanos) {
        return nowNanos - untilNanos < 0;
    }

    void extend(long newUntilNanos) {
        untilNanos = newUntilNanos;
    }

    void close() {
        closed = true;
        occupancy.events -= known.size();
        occupancy.bytes -= bytes;
    }

    boolean isClosed() {
        return closed;
    }

    void letGo() {
        yielding = true;
        forgetUnsent();
    }

    void forgetUnsent() {
        List.copyOf(keys.values()).forEach(this::forgetUnsent);
    }

    boolean isYielding() {
        return yielding;
    }

    boolean isDrained() {
        return keys.isEmpty() && acknowledged.isEmpty();
    }

    Set<Long> known() {
        return known;
    }

    void admit(Found found) {
        OutboxEvent event = found.event();
        if (yielding || !known.add(event.seq())) {
            return;
        }
        count(1, event.payload().length);
        KeyQueue queue = keys.computeIfAbsent(event.recordKey(), key -> new KeyQueue(this, key));
        queue.events.addLast(event);
        queue.follows |= found.keyParked();
        if (!queue.headIsOut() && (queue.follows || queue.events.size() == 1)) {
            await(queue);
        }
    }

    /** The head has nobody before it: it is to be sent, or to follow its key aside. */
    private void await(KeyQueue queue) {
        if (queue.follows || queue.refusal != null) {
            queue.stage = Stage.TO_PARK;
        } else {
            queue.stage = Stage.WAITING;
            ready.addLast(queue);
        }
    }

    /** Those of its events that are not on their way are left to another read, here or elsewhere. */
    void forgetUnsent(KeyQueue queue) {
        @Nullable OutboxEvent head = queue.headIsOut() ? queue.events.pollFirst() : null;
        occupancy.forgettings++;
        for (OutboxEvent event : queue.events) {
            known.remove(event.seq());
            count(-1, -event.payload().length);
        }
        queue.events.clear();
        if (head == null) {
            keys.remove(queue.key);
        } else {
            queue.events.addFirst(head);
        }
    }

    void acknowledged(KeyQueue queue) {
        OutboxEvent event = queue.events.removeFirst();
        acknowledged.add(event.seq());
        count(0, -event.payload().length);
        if (queue.events.isEmpty()) {
            keys.remove(queue.key);
        } else {
            await(queue);
        }
    }

    void comeBack(KeyQueue queue) {
        await(queue);
        if (yielding) {
            forgetUnsent(queue);
        }
    }

    int acknowledgedEvents() {
        return acknowledged.size();
    }

    /** Knows them no more. */
    List<Long> takeAcknowledged() {
        List<Long> taken = acknowledged;
        acknowledged = new ArrayList<>();
        taken.forEach(known::remove);
        count(-taken.size(), 0);
        return taken;
    }

    List<Parking> takeRefused() {
        List<Parking> parkings = new ArrayList<>();
        for (KeyQueue queue : keys.values()) {
            if (queue.stage == Stage.TO_PARK) {
                queue.stage = Stage.PARKING;
                addParkings(queue, parkings);
            }
        }
        parkings.sort(Comparator.comparingLong(Parking::seq));
        return parkings;
    }

    private static void addParkings(KeyQueue queue, List<Parking> parkings) {
        @Nullable String refusal = queue.refusal;
        for (OutboxEvent event : queue.events) {
            parkings.add(new Parking(event.seq(), refusal));
            refusal = null;
        }
    }

    void parked() {
        for (KeyQueue queue : beingParked()) {
            queue.stage = Stage.TO_PARK;
            forgetUnsent(queue);
        }
    }

    void notParked() {
        beingParked().forEach(queue -> queue.stage = Stage.TO_PARK);
    }

    private List<KeyQueue> beingParked() {
        return keys.values().stream()
                .filter(queue -> queue.stage == Stage.PARKING)
                .toList();
    }

    private void count(int moreEvents, long moreBytes) {
        occupancy.events += moreEvents;
        occupancy.bytes += moreBytes;
        bytes += moreBytes;
    }
}
