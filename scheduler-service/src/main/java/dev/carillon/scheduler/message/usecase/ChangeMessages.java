package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Editing;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Terms;
import dev.carillon.scheduler.message.messaging.MessageEvents;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Carries out wishes that messages change, in somebody's transaction, whoever has the messages at the moment: one that nobody else has is changed
 * and scheduled anew, one that delivery has is called back first.
 */
@ApplicationScoped
public class ChangeMessages {
    private final MessageStore messages;
    private final MessageEvents events;
    private final Outbox outbox;
    private final Staging staging;

    public ChangeMessages(MessageStore messages, MessageEvents events, Outbox outbox, Staging staging) {
        this.messages = messages;
        this.events = events;
        this.outbox = outbox;
        this.staging = staging;
    }

    /** The message must be locked by {@code tx}. */
    Uni<Editing> change(Tx tx, TracedMessage locked, Terms wanted) {
        var decided = Editing.of(locked.message(), wanted);
        return switch (decided) {
            case Editing.Edited(Message edited) -> {
                var accepted = staging.stagedWhenNear(locked.with(edited), staging.now());
                yield scheduledAnew(tx, List.of(accepted)).replaceWith(new Editing.Edited(accepted.message()));
            }
            case Editing.Recalled(Message recalling) ->
                messages.save(tx, List.of(recalling))
                        .chain(() -> outbox.append(tx, List.of(events.recalled(locked.with(recalling), staging.now()))))
                        .replaceWith(decided);
            case Editing.RecallPending _, Editing.TooLate _ -> Uni.createFrom().item(decided);
        };
    }

    /** Writes messages that have new terms, each as {@link Staging#stagedWhenNear} gave it, and hands over those that are staged. */
    Uni<Void> scheduledAnew(Tx tx, List<TracedMessage> changed) {
        if (changed.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var all = changed.stream().map(TracedMessage::message).toList();
        var handedOver = changed.stream()
                .filter(one -> one.message().stagedAt() != null)
                .map(one -> events.staged(one, staging.now()))
                .toList();
        return messages.save(tx, all)
                .chain(() -> messages.saveTerms(tx, all))
                .chain(() -> staging.arm(tx, changed))
                .chain(() -> outbox.append(tx, handedOver));
    }
}
