package dev.carillon.relay;

import dev.carillon.relay.ParkedEvents.Parked;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * An operator's decision about a parked event: publish it again, or leave it out for ever. Only the first of its key can be decided about, and with
 * the last one gone the key flows again.
 *
 * <p>Needs no lane lease: while a key has a parked event every relay parks its later ones, so nothing of the key but this is on its way. Two
 * decisions at once on one event publish it twice at most, and its successor's turn comes only when it is gone.
 */
public final class DecideParked {
    private final ParkedEvents parked;
    private final Broker broker;

    public DecideParked(ParkedEvents parked, Broker broker) {
        this.parked = parked;
        this.broker = broker;
    }

    public sealed interface Decided {
        record Done() implements Decided {}

        record NotParked() implements Decided {}

        record NotFirstOfKey() implements Decided {}

        record RefusedAgain(String reason) implements Decided {}

        record Unavailable(String reason) implements Decided {}
    }

    public CompletionStage<Decided> retry(long id) {
        return decide(id, this::publish);
    }

    public CompletionStage<Decided> skip(long id) {
        return decide(id, this::remove);
    }

    private CompletionStage<Decided> decide(long id, Function<Parked, CompletionStage<Decided>> decision) {
        // Publishing may block for a moment, which no thread that answers others may do.
        return parked.find(id)
                .thenComposeAsync(
                        found -> {
                            if (found.isEmpty()) {
                                return CompletableFuture.completedStage(new Decided.NotParked());
                            }
                            return found.get().firstOfKey()
                                    ? decision.apply(found.get())
                                    : CompletableFuture.completedStage(new Decided.NotFirstOfKey());
                        },
                        Thread::startVirtualThread);
    }

    private CompletionStage<Decided> publish(Parked first) {
        String obstacle = broker.obstacle(first.event().topic());
        if (obstacle != null) {
            return CompletableFuture.completedStage(new Decided.Unavailable(obstacle));
        }
        return broker.publish(first.event()).thenCompose(publication -> switch (publication) {
            case Publication.Acknowledged acknowledged -> remove(first);
            case Publication.Refused(String reason) ->
                CompletableFuture.completedStage(new Decided.RefusedAgain(reason));
            case Publication.Failed(String reason) -> CompletableFuture.completedStage(new Decided.Unavailable(reason));
            case Publication.TopicUnavailable(String reason) ->
                CompletableFuture.completedStage(new Decided.Unavailable(reason));
        });
    }

    private CompletionStage<Decided> remove(Parked first) {
        return parked.remove(first).thenApply(gone -> gone ? new Decided.Done() : new Decided.NotParked());
    }
}
