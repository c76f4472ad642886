package dev.carillon.relay;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The reading and clearing of one source's outbox: the piece to replace when rows are no longer deleted.
 *
 * <p>Everything that writes is conditional on the lease and answers for which lanes it still counted.
 */
public interface OutboxEvents {

    /**
     * Events of the lanes asked for, in order of seq within each lane, as one snapshot shows them. The smallest seqs of a lane come first and
     * none is left out between them, but those known already and those of withheld topics.
     */
    CompletionStage<List<Found>> read(Wanted wanted);

    /** Forgets what Kafka has acknowledged. */
    CompletionStage<Set<Lane>> delete(String owner, Map<LaneLease, ? extends Collection<Long>> acknowledged);

    /**
     * Moves refused events aside, and with them those that only follow, if their key has a parked event. In one transaction. What was not moved
     * stays where it is, to be read again.
     */
    CompletionStage<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings);

    /**
     * @param lanes in the order in which they take their turn
     * @param known seqs not to be read again
     * @param withheld topics to leave out
     */
    record Wanted(
            List<Lane> lanes, Collection<Long> known, Set<String> withheld, int perLane, int events, long bytes) {}

    /** @param keyParked earlier events of its key are parked */
    record Found(OutboxEvent event, boolean keyParked) {}

    /** @param refusal what the broker said; null for an event that only follows a parked one of its key */
    record Parking(long seq, @Nullable String refusal) {}

    sealed interface ParkOutcome {
        record Parked(int events) implements ParkOutcome {}

        record LeaseLost() implements ParkOutcome {}
    }
}
