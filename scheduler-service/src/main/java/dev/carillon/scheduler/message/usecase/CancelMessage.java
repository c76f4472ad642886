package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Cancellation;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Cancels a message, whoever has it at the moment. One that delivery has is called back, and the answer is delivery's: the wish is in the message's
 * row, so that it survives whoever waits.
 */
@ApplicationScoped
public class CancelMessage {
    /** What the wish came to. */
    public sealed interface Outcome {
        record Cancelled(TracedMessage message) implements Outcome {}

        /** Its attempt is under way, or it has ended otherwise. */
        record AlreadyFired(TracedMessage message) implements Outcome {}

        /** Delivery has not answered yet; it will, and the message then shows it. */
        record Recalling(TracedMessage message) implements Outcome {}

        record NotFound() implements Outcome {}

        /** The client meant another revision than {@code actual}. */
        record OtherRevision(int actual) implements Outcome {}

        record Decided(Verdict verdict) implements Outcome {}
    }

    private final Transactions transactions;
    private final MessageStore messages;
    private final EndMessages endMessages;
    private final RecallOutcomes outcomes;
    private final IdempotencyKeys keys;

    public CancelMessage(
            Transactions transactions,
            MessageStore messages,
            EndMessages endMessages,
            RecallOutcomes outcomes,
            IdempotencyKeys keys) {
        this.transactions = transactions;
        this.messages = messages;
        this.endMessages = endMessages;
        this.outcomes = outcomes;
        this.keys = keys;
    }

    /** @param revision the one that the client means; null for any */
    public Uni<Outcome> cancel(String tenant, UUID id, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {
        return transactions
                .inTransaction(tx -> keys.judge(tx, Collections.singletonList(key))
                        .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                                ? cancelFresh(tx, tenant, id, revision, key)
                                : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst()))))
                .chain(outcome -> outcome instanceof Outcome.Recalling recalling
                        ? outcomes.await(recalling.message()).map(CancelMessage::answered)
                        : Uni.createFrom().item(outcome));
    }

    private Uni<Outcome> cancelFresh(
            Tx tx, String tenant, UUID id, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {
        return messages.lock(tx, tenant, id).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().item(new Outcome.NotFound());
            }
            var actual = found.get().message().revision();
            return revision != null && revision != actual
                    ? Uni.createFrom().item(new Outcome.OtherRevision(actual))
                    : decide(tx, found.get()).call(outcome -> remember(tx, outcome, key));
        });
    }

    private Uni<Outcome> decide(Tx tx, TracedMessage found) {
        return endMessages.cancel(tx, found).map(decided -> switch (decided) {
            case Cancellation.Cancelled(Message cancelled) -> new Outcome.Cancelled(found.with(cancelled));
            case Cancellation.Recalled(Message recalling) -> new Outcome.Recalling(found.with(recalling));
            case Cancellation.Overtaken(Message recalling) -> new Outcome.Recalling(found.with(recalling));
            case Cancellation.Pending() -> new Outcome.Recalling(found);
            case Cancellation.Repeated(Message cancelled) -> new Outcome.Cancelled(found.with(cancelled));
            case Cancellation.TooLate(Message ended) -> new Outcome.AlreadyFired(found.with(ended));
        });
    }

    /** A wish that delivery still has to answer is remembered as accepted; a repeat then reads what came of it. */
    private Uni<Void> remember(Tx tx, Outcome outcome, IdempotencyKeys.@Nullable Key key) {
        if (key == null) {
            return Uni.createFrom().voidItem();
        }
        return switch (outcome) {
            case Outcome.Cancelled(TracedMessage message) ->
                keys.remember(tx, List.of(new IdempotencyKeys.Answered(key, 200, message.id())));
            case Outcome.Recalling(TracedMessage message) ->
                keys.remember(tx, List.of(new IdempotencyKeys.Answered(key, 202, message.id())));
            case Outcome.AlreadyFired ignored -> Uni.createFrom().voidItem();
            case Outcome.NotFound ignored -> Uni.createFrom().voidItem();
            case Outcome.OtherRevision ignored -> Uni.createFrom().voidItem();
            case Outcome.Decided ignored -> Uni.createFrom().voidItem();
        };
    }

    /** How a wish that went to delivery stands, by the message's state. */
    public static Outcome answered(TracedMessage message) {
        return switch (message.message().status()) {
            case RECALLING -> new Outcome.Recalling(message);
            case CANCELLED -> new Outcome.Cancelled(message);
            case SCHEDULED, STAGED, DELIVERING, HELD, DELIVERED, FAILED, EXPIRED -> new Outcome.AlreadyFired(message);
        };
    }
}
