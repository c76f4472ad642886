package dev.carillon.scheduler.message.usecase;

import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Cancellation;
import dev.carillon.scheduler.message.DeliveryNews;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.messaging.MessageEvents;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Applies what delivery reports, in the transaction of the inbox. A message that nobody wants any more and that could not be recalled before is
 * recalled as soon as it waits. Who is to be told of a failure is told in the same transaction.
 */
@ApplicationScoped
public class ApplyDeliveryNews {
    private final MessageStore messages;
    private final MessageEvents events;
    private final Outbox outbox;
    private final Staging staging;
    private final ChangeMessages changeMessages;
    private final TellFailures tellFailures;

    public ApplyDeliveryNews(
            MessageStore messages,
            MessageEvents events,
            Outbox outbox,
            Staging staging,
            ChangeMessages changeMessages,
            TellFailures tellFailures) {
        this.messages = messages;
        this.events = events;
        this.outbox = outbox;
        this.staging = staging;
        this.changeMessages = changeMessages;
        this.tellFailures = tellFailures;
    }

    /** @param news in the order in which they were told */
    public Uni<Void> apply(Tx tx, List<DeliveryNews> news) {
        if (news.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return messages.lock(tx, news.stream().map(DeliveryNews::messageId).toList())
                .chain(found -> applyTo(tx, found, news));
    }

    private Uni<Void> applyTo(Tx tx, List<TracedMessage> found, List<DeliveryNews> news) {
        Map<UUID, TracedMessage> known = new HashMap<>();
        found.forEach(one -> known.put(one.id(), one));
        var now = staging.now();
        var told = new ArrayList<OutgoingEvent>();
        var ended = new ArrayList<TracedMessage>();
        // Step by step: a message that failed, was redriven and failed again has failed twice.
        for (var one : news) {
            known.computeIfPresent(one.messageId(), (id, before) -> {
                var after = before.with(one.applyTo(before.message()));
                if (isNews(before, after)) {
                    told.add(events.told(after, now));
                    ended.add(after);
                }
                return after;
            });
        }
        var changed = new ArrayList<TracedMessage>();
        var scheduledAnew = new ArrayList<TracedMessage>();
        for (var before : found) {
            var after = known.getOrDefault(before.id(), before);
            if (after.message() == before.message()) {
                continue;
            }
            if (after.message().isToBeRecalledAgain()
                    && Cancellation.of(after.message(), now) instanceof Cancellation.Recalled(Message recalling)) {
                after = after.with(recalling);
                told.add(events.recalled(after, now));
            }
            if (after.message().status() == Status.SCHEDULED) {
                after = staging.stagedWhenNear(after, now);
                scheduledAnew.add(after);
            } else {
                changed.add(after);
            }
        }
        return messages.save(tx, changed.stream().map(TracedMessage::message).toList())
                .chain(() -> staging.disarm(
                        tx, changed.stream().map(TracedMessage::id).toList()))
                .chain(() -> outbox.append(tx, told))
                .chain(() -> changeMessages.scheduledAnew(tx, scheduledAnew))
                .chain(() -> tellFailures.tell(tx, ended, now));
    }

    private static boolean isNews(TracedMessage before, TracedMessage after) {
        var status = after.message().status();
        return status != before.message().status() && MessageEvents.isTold(status);
    }
}
