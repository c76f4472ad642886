package dev.carillon.scheduler.recurrence.usecase;

import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import dev.carillon.scheduler.message.usecase.EndMessages;
import dev.carillon.scheduler.recurrence.store.RunStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Withdraws messages that were made of a schedule's occurrences ahead of their instants. The schedule must be locked. */
@ApplicationScoped
public class WithdrawRuns {
    private final RunStore runs;
    private final MessageStore messages;
    private final EndMessages endMessages;

    public WithdrawRuns(RunStore runs, MessageStore messages, EndMessages endMessages) {
        this.runs = runs;
        this.messages = messages;
        this.endMessages = endMessages;
    }

    /**
     * Those due after {@code after}, so that their occurrences are free for other messages: at once where nobody else has the message, and where
     * delivery has it once it has given it up. One that delivery does not give up is fired as it is, retries and all.
     */
    Uni<Void> forThisOnce(Tx tx, UUID scheduleId, Instant after) {
        return runs.ahead(tx, scheduleId, after)
                .chain(ids -> messages.lock(tx, ids))
                .chain(found -> {
                    var free = new ArrayList<UUID>();
                    var asked = new ArrayList<UUID>();
                    for (var one : found) {
                        switch (one.message().status()) {
                            case SCHEDULED -> free.add(one.id());
                            case STAGED, DELIVERING, HELD -> asked.add(one.id());
                            case RECALLING -> {
                                // One that its client has cancelled stays cancelled.
                                if (one.message().edit() != null) {
                                    asked.add(one.id());
                                }
                            }
                            case DELIVERED, FAILED, EXPIRED, CANCELLED -> {}
                        }
                    }
                    return cancel(tx, found)
                            .chain(() -> runs.remove(tx, List.of(scheduleId), free))
                            .chain(() -> runs.withdraw(tx, List.of(scheduleId), asked, after));
                });
    }

    /** Those due after {@code after}, wherever their clients have moved them, for good: what they exist for is gone. */
    Uni<Void> forGood(Tx tx, UUID scheduleId, Instant after) {
        return runs.stillToCome(tx, scheduleId, after)
                .chain(ids -> messages.lock(tx, ids))
                .map(found -> found.stream()
                        .filter(one -> dueAt(one.message()).isAfter(after))
                        .toList())
                .chain(found -> endMessages.withdraw(tx, found));
    }

    /** Those whose occurrence is not after {@code until} and that were called back: their occurrences are not free any more. */
    Uni<Void> skip(Tx tx, UUID scheduleId, Instant until) {
        return runs.skipWithdrawn(tx, scheduleId, until);
    }

    private static Instant dueAt(Message message) {
        var edit = message.edit();
        return edit == null || edit.timing().dueAt().isBefore(message.timing().dueAt())
                ? message.timing().dueAt()
                : edit.timing().dueAt();
    }

    private Uni<Void> cancel(Tx tx, List<TracedMessage> found) {
        return Multi.createFrom()
                .iterable(found)
                .onItem()
                .transformToUniAndConcatenate(one -> endMessages.cancel(tx, one))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
