package dev.carillon.relay;

import dev.carillon.relay.KeyQueue.Stage;
import dev.carillon.relay.OutboxEvents.Found;
import dev.carillon.relay.OutboxEvents.Parking;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The events of one source between being read and being settled, and the rule of order: of each key, one at a time is on its way.
 *
 * <p>A lane that is closed takes its events with it; answers that come for them later are ignored. Bounded in events and in payload bytes. Not
 * thread-safe: one loop owns it.
 */
public final class PublishWindow {
    private final int maxEvents;
    private final long maxBytes;
    private final Occupancy occupancy = new Occupancy();
    private final Map<Lane, LaneWindow> lanes = new TreeMap<>();
    private final Deque<KeyQueue> ready = new ArrayDeque<>();

    public PublishWindow(int maxEvents, long maxBytes) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
    }

    /** An event on its way, to be settled once: {@link #acknowledged}, {@link #failed} or {@link #refused}. */
    public static final class Sending {
        private final KeyQueue queue;
        private final OutboxEvent event;

        private Sending(KeyQueue queue, OutboxEvent event) {
            this.queue = queue;
            this.event = event;
        }

        public OutboxEvent event() {
            return event;
        }
    }

    /** Refused events of one lane and their followers, in order of seq. */
    public record ParkBatch(LaneLease lease, List<Parking> parkings) {}

    /** @param untilNanos the end of the lease by the monotonic clock that {@link #next} is asked with */
    public void open(LaneLease lease, long untilNanos) {
        close(lease.lane());
        lanes.put(lease.lane(), new LaneWindow(lease, untilNanos, occupancy, ready));
    }

    public void extend(LaneLease lease, long untilNanos) {
        find(lease).ifPresent(lane -> lane.extend(untilNanos));
    }

    public void close(Lane lane) {
        LaneWindow closed = lanes.remove(lane);
        if (closed != null) {
            closed.close();
        }
    }

    /** Takes nothing more of this lane, forgets what has not been sent, and keeps what is on its way. */
    public void letGo(Lane lane) {
        Optional.ofNullable(lanes.get(lane)).ifPresent(LaneWindow::letGo);
    }

    /** Forgets all that is not on its way, to be read again. */
    public void forgetUnsent() {
        occupancy.forgettings++;
        lanes.values().forEach(LaneWindow::forgetUnsent);
    }

    /** Lanes that take in events. */
    public List<LaneLease> reading() {
        return leases(lanes.values().stream().filter(lane -> !lane.isYielding()));
    }

    /** Lanes that yield and have nothing on its way any more. */
    public List<LaneLease> drained() {
        return leases(lanes.values().stream().filter(lane -> lane.isYielding() && lane.isDrained()));
    }

    /** Lanes whose lease has run out by the relay's own clock. */
    public List<LaneLease> expired(long nowNanos) {
        return leases(lanes.values().stream().filter(lane -> !lane.leaseCounts(nowNanos)));
    }

    private static List<LaneLease> leases(Stream<LaneWindow> lanes) {
        return lanes.map(LaneWindow::lease).toList();
    }

    /** Takes in what was read under {@code readUnder}; events of lanes that have changed since are left for another read. */
    public void admit(List<Found> found, Set<LaneLease> readUnder) {
        for (Found row : found) {
            LaneWindow lane = lanes.get(row.event().lane());
            if (lane != null && readUnder.contains(lane.lease())) {
                lane.admit(row);
            }
        }
    }

    /**
     * The next event that may be sent now, or null. It is on its way from here on.
     *
     * @param open whether a topic can be sent to; events of one that cannot are forgotten, to be read again when it can
     */
    public @Nullable Sending next(long nowNanos, Predicate<String> open) {
        for (Iterator<KeyQueue> queues = ready.iterator(); queues.hasNext(); ) {
            KeyQueue queue = queues.next();
            boolean stale = queue.lane.isClosed() || queue.stage != Stage.WAITING || queue.events.isEmpty();
            if (!stale && !queue.lane.leaseCounts(nowNanos)) {
                continue;
            }
            queues.remove();
            if (!stale && open.test(queue.key.topic())) {
                queue.stage = Stage.SENDING;
                return new Sending(queue, queue.events.getFirst());
            }
            if (!stale) {
                queue.lane.forgetUnsent(queue);
            }
        }
        return null;
    }

    public void acknowledged(Sending sending) {
        if (!sending.queue.lane.isClosed()) {
            sending.queue.lane.acknowledged(sending.queue);
        }
    }

    /** It did not arrive, as far as is known: it stays first of its key. */
    public void failed(Sending sending) {
        if (!sending.queue.lane.isClosed()) {
            sending.queue.lane.comeBack(sending.queue);
        }
    }

    public void refused(Sending sending, String reason) {
        sending.queue.refusal = reason;
        failed(sending);
    }

    public int acknowledgedEvents() {
        return lanes.values().stream().mapToInt(LaneWindow::acknowledgedEvents).sum();
    }

    /** What is acknowledged, and known no more: the caller settles it before it reads again. */
    public Map<LaneLease, List<Long>> takeAcknowledged() {
        Map<LaneLease, List<Long>> taken = new HashMap<>();
        for (LaneWindow lane : lanes.values()) {
            List<Long> seqs = lane.takeAcknowledged();
            if (!seqs.isEmpty()) {
                taken.put(lane.lease(), seqs);
            }
        }
        return taken;
    }

    /** What is to be parked in one of the lanes; to be answered by {@link #parked} or {@link #notParked}. */
    public @Nullable ParkBatch takeRefused() {
        for (LaneWindow lane : lanes.values()) {
            List<Parking> parkings = lane.takeRefused();
            if (!parkings.isEmpty()) {
                return new ParkBatch(lane.lease(), parkings);
            }
        }
        return null;
    }

    /** Forgets the whole batch: what was not parked is read again, with its key parked or not. */
    public void parked(ParkBatch batch) {
        find(batch.lease()).ifPresent(LaneWindow::parked);
    }

    public void notParked(ParkBatch batch) {
        find(batch.lease()).ifPresent(LaneWindow::notParked);
    }

    private Optional<LaneWindow> find(LaneLease lease) {
        return Optional.ofNullable(lanes.get(lease.lane()))
                .filter(lane -> lane.lease().equals(lease));
    }

    /** Every seq that is not to be read again. */
    public Set<Long> known() {
        Set<Long> known = HashSet.newHashSet(occupancy.events);
        lanes.values().forEach(lane -> known.addAll(lane.known()));
        return known;
    }

    /**
     * Grows whenever unsent events are forgotten. A read that began before left them out as known, and may have found later ones of their keys:
     * admitted, those would be sent first.
     */
    public long forgettings() {
        return occupancy.forgettings;
    }

    public int roomForEvents() {
        return maxEvents - occupancy.events;
    }

    public long roomForBytes() {
        return maxBytes - occupancy.bytes;
    }

    public boolean isEmpty() {
        return occupancy.events == 0;
    }
}
