package dev.carillon.relay;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The leases over one source's lanes, kept beside its outbox and timed by its database's clock. */
public interface LaneLeases {

    /** Extends those that still are {@code owner}'s under their epoch, whether or not they ran out, and tells how all lanes stand. */
    CompletionStage<LaneCensus> renew(String owner, Collection<LaneLease> held);

    /** Takes those that are free, or {@code owner}'s already (it may have forgotten), each under a new epoch. Never waits for another's claim. */
    CompletionStage<List<LaneLease>> claim(String owner, Collection<Lane> lanes);

    /** Gives up those that still are {@code owner}'s, and tells the other relays. */
    CompletionStage<Void> release(String owner, Collection<LaneLease> held);

    /** Tells the other relays that {@code owner} lives and has fewer lanes than its share: one without a lane is seen nowhere else. */
    CompletionStage<Void> ask(String owner);
}
