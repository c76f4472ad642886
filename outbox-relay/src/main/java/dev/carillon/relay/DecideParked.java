package dev.carillon.relay;

import dev.carillon.relay.ParkedEvents.Decision;
import dev.carillon.relay.ParkedEvents.Fate;
import dev.carillon.relay.ParkedEvents.Parked;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * An operator's decision about a parked event: publish it again, or leave it out for ever. Only the first of its key can be decided about, and with
 * the last one gone the key flows again.
 *
 * <p>Needs no lane lease: while a key has a parked event every relay parks its later ones, so nothing of the key but this is on its way. Two
 * decisions at once on one event publish it twice at most, and its successor's turn comes only when it is gone. A retry whose event was on its way when a
 * skip took it away has published all the same, and says so.
 *
 * <p>What was decided is remembered with the event's removal, for seven days: the same decision again is answered as the first one was, whichever relay
 * is asked.
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

        /** It was published, and while it was on its way another request decided {@code other}, which is what is remembered. */
        record PublishedToo(Fate other) implements Decided {}

        /** It was decided so before; nothing was done now. */
        record Repeated() implements Decided {}

        /** It was decided before, otherwise or by another request. */
        record DecidedBefore(Fate fate) implements Decided {}

        record NotParked() implements Decided {}

        record NotFirstOfKey() implements Decided {}

        record RefusedAgain(String reason) implements Decided {}

        record Unavailable(String reason) implements Decided {}
    }

    /** @param key tells one request from another; null when the client gave none */
    public CompletionStage<Decided> retry(long id, @Nullable String key) {
        return decide(id, new Decision(Fate.PUBLISHED, key), this::publish);
    }

    /** @param key as for {@link #retry} */
    public CompletionStage<Decided> skip(long id, @Nullable String key) {
        return decide(id, new Decision(Fate.SKIPPED, key), this::remove);
    }

    private CompletionStage<Decided> decide(
            long id, Decision wanted, BiFunction<Parked, Decision, CompletionStage<Decided>> how) {
        // Publishing may block for a moment, which no thread that answers others may do.
        return parked.find(id)
                .thenComposeAsync(
                        found -> {
                            if (found.isEmpty()) {
                                return decidedBefore(id, wanted);
                            }
                            return found.get().firstOfKey()
                                    ? how.apply(found.get(), wanted)
                                    : CompletableFuture.completedStage(new Decided.NotFirstOfKey());
                        },
                        Thread::startVirtualThread);
    }

    private CompletionStage<Decided> publish(Parked first, Decision decision) {
        String obstacle = broker.obstacle(first.event().topic());
        if (obstacle != null) {
            return CompletableFuture.completedStage(new Decided.Unavailable(obstacle));
        }
        // Asked before anything is done: a database that cannot remember decisions yet would have each repeat publish
        // once more.
        return parked.decision(first.id())
                .thenComposeAsync(taken -> unlessTaken(taken, first, decision), Thread::startVirtualThread);
    }

    private CompletionStage<Decided> unlessTaken(Optional<Decision> taken, Parked first, Decision decision) {
        return taken.isPresent()
                ? CompletableFuture.completedStage(told(taken.get(), decision))
                : send(first, decision);
    }

    private CompletionStage<Decided> send(Parked first, Decision decision) {
        return broker.publish(first.event()).thenCompose(publication -> switch (publication) {
            case Publication.Acknowledged acknowledged -> removePublished(first, decision);
            case Publication.Refused(String reason) ->
                CompletableFuture.completedStage(new Decided.RefusedAgain(reason));
            case Publication.Failed(String reason) -> CompletableFuture.completedStage(new Decided.Unavailable(reason));
            case Publication.TopicUnavailable(String reason) ->
                CompletableFuture.completedStage(new Decided.Unavailable(reason));
        });
    }

    /** It is on its topic, whatever another request has decided meanwhile. */
    private CompletionStage<Decided> removePublished(Parked first, Decision decision) {
        return parked.remove(first, decision)
                .thenCompose(gone -> gone
                        ? CompletableFuture.completedStage(new Decided.Done())
                        : parked.decision(first.id()).thenApply(DecideParked::publishedBesides));
    }

    private static Decided publishedBesides(Optional<Decision> taken) {
        return taken.isPresent() ? new Decided.PublishedToo(taken.get().fate()) : new Decided.Done();
    }

    private CompletionStage<Decided> remove(Parked first, Decision decision) {
        return parked.remove(first, decision)
                .thenCompose(gone -> gone
                        ? CompletableFuture.completedStage(new Decided.Done())
                        : decidedBefore(first.id(), decision));
    }

    /** What to say of one that is parked no more. */
    private CompletionStage<Decided> decidedBefore(long id, Decision wanted) {
        return parked.decision(id)
                .thenApply(taken -> taken.map(one -> told(one, wanted)).orElseGet(Decided.NotParked::new));
    }

    private static Decided told(Decision taken, Decision wanted) {
        return taken.isRepeatedBy(wanted) ? new Decided.Repeated() : new Decided.DecidedBefore(taken.fate());
    }
}
