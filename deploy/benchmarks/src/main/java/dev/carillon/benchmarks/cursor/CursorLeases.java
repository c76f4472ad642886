package dev.carillon.benchmarks.cursor;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneCensus;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.LaneLeases;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Leases whose lanes bring their cursors along: loaded when a lane is claimed, saved before it is released. */
public record CursorLeases(LaneLeases leases, CursorOutbox outbox) implements LaneLeases {

    @Override
    public CompletionStage<LaneCensus> renew(String owner, Collection<LaneLease> held) {
        return leases.renew(owner, held);
    }

    @Override
    public CompletionStage<List<LaneLease>> claim(String owner, Collection<Lane> lanes) {
        return leases.claim(owner, lanes)
                .thenCompose(claimed -> outbox.open(claimed).thenApply(opened -> claimed));
    }

    @Override
    public CompletionStage<Void> release(String owner, Collection<LaneLease> held) {
        return outbox.close(owner, held).thenCompose(saved -> leases.release(owner, held));
    }

    @Override
    public CompletionStage<Void> ask(String owner) {
        return leases.ask(owner);
    }
}
