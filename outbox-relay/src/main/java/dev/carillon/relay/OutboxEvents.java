package dev.carillon.relay;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The reading of one source's outbox, and how far each lane has come. Nothing is taken out of an outbox: what is settled is told by its lane's
 * position, which is loaded when the lane is opened and written down a few times a second.
 *
 * <p>Everything that writes is conditional on the lease.
 */
public interface OutboxEvents {

    /** Loads where these lanes stand. A lane that is not open is not read. */
    CompletionStage<Void> open(Collection<LaneLease> leases);

    /**
     * Events of the lanes asked for, none of which is known: first those that were handed out before, then further ones. Of each key in order of
     * seq, and none before an earlier one of its key was handed out. A lane whose events wait for a withheld topic is not read on.
     */
    CompletionStage<Read> read(Wanted wanted);

    /** Kafka has these. Those that were not handed out since their lane's position was last loaded are ignored: they are read again. */
    void settle(Map<LaneLease, ? extends Collection<Long>> acknowledged);

    /** Writes down the positions that have moved. Answers the leases that do not count any more: nothing was written for their lanes. */
    CompletionStage<Set<LaneLease>> save(String owner);

    /**
     * Moves refused events aside, and with them those that only follow, if their key has a parked event; in one transaction with the lane's
     * position. What was not moved is read again.
     */
    CompletionStage<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings);

    /** Writes down where these lanes stand, and reads them no more. */
    CompletionStage<Void> close(String owner, Collection<LaneLease> leases);

    /** Reads these lanes no more: they are another's. */
    void forget(Collection<LaneLease> leases);

    /**
     * The database was found silent elsewhere. If it says nothing here either, where the lanes stand is given up at once and loaded again over another
     * connection, instead of being waited for.
     */
    void doubt();

    /**
     * How often where the lanes stand was lost. Whenever this has grown, all that was handed out and is not written down is handed out again, and
     * what is published of it until then is published twice.
     */
    long losses();

    /**
     * @param lanes in the order in which they take their turn
     * @param known seqs not to be read again; every other one that was handed out and is not settled has been forgotten
     * @param withheld topics to leave out
     */
    record Wanted(List<LaneLease> lanes, Set<Long> known, Set<String> withheld, int perLane, int events, long bytes) {}

    /** @param keyParked earlier events of its key are parked */
    record Found(OutboxEvent event, boolean keyParked) {}

    /** @param whole these lanes have no further events now; false too when that is not known */
    record Read(List<Found> found, boolean whole) {}

    /** @param refusal what the broker said; null for an event that only follows a parked one of its key */
    record Parking(long seq, @Nullable String refusal) {}

    sealed interface ParkOutcome {
        record Parked(int events) implements ParkOutcome {}

        record LeaseLost() implements ParkOutcome {}
    }
}
