package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Cancellation;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.messaging.MessageEvents;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Carries out wishes that messages end, in somebody's transaction, whoever has the messages at the moment: one that nobody else has is cancelled,
 * one that delivery has is called back.
 */
@ApplicationScoped
public class EndMessages {
    private final MessageStore messages;
    private final MessageEvents events;
    private final Outbox outbox;
    private final Staging staging;

    public EndMessages(MessageStore messages, MessageEvents events, Outbox outbox, Staging staging) {
        this.messages = messages;
        this.events = events;
        this.outbox = outbox;
        this.staging = staging;
    }

    /** A client's wish, for this once: delivery's refusal of a recall is the end of it. The message must be locked by {@code tx}. */
    public Uni<Cancellation> cancel(Tx tx, TracedMessage locked) {
        var now = staging.now();
        var ending = new Ending(now);
        var decided = ending.add(locked, locked.message());
        return carryOut(tx, ending).replaceWith(decided);
    }

    /**
     * For good: what the messages exist for is gone. One whose recall is refused because an attempt is open is recalled again when that attempt
     * has failed, so that no other one follows. The messages must be locked by {@code tx}.
     */
    public Uni<Void> withdraw(Tx tx, List<TracedMessage> locked) {
        var ending = new Ending(staging.now());
        locked.forEach(one -> ending.add(one, one.message().withdrawn()));
        return carryOut(tx, ending);
    }

    private Uni<Void> carryOut(Tx tx, Ending ending) {
        return messages.save(tx, ending.changed)
                .chain(() -> staging.disarm(tx, ending.disarmed))
                .chain(() -> outbox.append(tx, ending.outgoing));
    }

    /** What is to be written for some messages. */
    private final class Ending {
        private final Instant now;
        private final List<Message> changed = new ArrayList<>();
        private final List<UUID> disarmed = new ArrayList<>();
        private final List<OutgoingEvent> outgoing = new ArrayList<>();

        Ending(Instant now) {
            this.now = now;
        }

        Cancellation add(TracedMessage found, Message wished) {
            var decided = Cancellation.of(wished, now);
            switch (decided) {
                case Cancellation.Cancelled(Message cancelled) -> {
                    changed.add(cancelled);
                    disarmed.add(cancelled.id());
                    outgoing.add(events.told(found.with(cancelled), now));
                }
                case Cancellation.Recalled(Message recalling) -> {
                    changed.add(recalling);
                    outgoing.add(events.recalled(found.with(recalling), now));
                }
                case Cancellation.Overtaken(Message recalling) -> changed.add(recalling);
                case Cancellation.Pending _, Cancellation.Repeated _, Cancellation.TooLate _ -> {
                    if (wished != found.message()) {
                        changed.add(wished);
                    }
                }
            }
            return decided;
        }
    }
}
