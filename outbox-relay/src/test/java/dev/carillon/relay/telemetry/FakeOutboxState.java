package dev.carillon.relay.telemetry;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxState;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An outbox in which nothing waits, until it is told otherwise; its lanes are counted when a test says so. */
final class FakeOutboxState implements OutboxState {
    CompletableFuture<Summary> summary = CompletableFuture.completedFuture(new Summary(0, Map.of(), 0, false));
    CompletableFuture<List<LaneSummary>> lanes = new CompletableFuture<>();
    int counts;

    /** Answers the count that is being made; further ones wait for the next call. */
    void counted(Map<Integer, Long> backlogs) {
        var count = lanes;
        lanes = new CompletableFuture<>();
        count.complete(Lane.all().stream()
                .map(lane -> new LaneSummary(lane, null, backlogs.getOrDefault(lane.number(), 0L), null))
                .toList());
    }

    void notCounted() {
        var count = lanes;
        lanes = new CompletableFuture<>();
        count.completeExceptionally(new IllegalStateException("the statement was cancelled"));
    }

    @Override
    public CompletionStage<Summary> summary() {
        return summary;
    }

    @Override
    public CompletionStage<List<LaneSummary>> lanes() {
        counts++;
        return lanes;
    }

    @Override
    public CompletionStage<Void> answers() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> pause(boolean paused) {
        throw new UnsupportedOperationException();
    }
}
