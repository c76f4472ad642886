package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.messaging.MessageEvents;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** Adds messages in somebody's transaction: the row, its timer and, when its instant is nearer than the lead, its staging. */
@ApplicationScoped
public class NewMessages {
    private final MessageStore messages;
    private final MessageEvents events;
    private final Outbox outbox;
    private final Staging staging;

    public NewMessages(MessageStore messages, MessageEvents events, Outbox outbox, Staging staging) {
        this.messages = messages;
        this.events = events;
        this.outbox = outbox;
        this.staging = staging;
    }

    /** The message itself, or as handed over now when its instant is nearer than the lead: so it is to be added. */
    public TracedMessage asAccepted(TracedMessage traced, Instant now) {
        return staging.stagedWhenNear(traced, now);
    }

    /** @param accepted each as {@link #asAccepted} gave it */
    public Uni<Void> add(Tx tx, List<TracedMessage> accepted, Instant now) {
        var handedOver = accepted.stream()
                .filter(one -> one.message().stagedAt() != null)
                .map(one -> events.staged(one, now))
                .toList();
        return messages.insert(tx, accepted)
                .chain(() -> staging.armNew(tx, accepted))
                .chain(() -> outbox.append(tx, handedOver));
    }
}
