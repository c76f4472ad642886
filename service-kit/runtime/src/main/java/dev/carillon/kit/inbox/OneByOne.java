package dev.carillon.kit.inbox;

import dev.carillon.kit.event.EventFields;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.kit.telemetry.LogCategory;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Applies the records of one partition that could not be applied together, each in a transaction of its own, in rounds. A record that fails holds
 * back the later ones of its key until it is decided what becomes of it: a dead letter, when few fail; when most do, all of them wait and are tried
 * again, for as long as it takes.
 */
final class OneByOne {
    private final Once once;
    private final DeadLetters deadLetters;
    private final Floods floods;
    private final Consumption consumption;
    private final TopicPartition partition;
    private final FloodBreaker breaker;
    private List<Polled> waiting;
    private int probe;

    /** @param waiting in their order */
    OneByOne(
            Once once,
            DeadLetters deadLetters,
            Floods floods,
            Consumption consumption,
            TopicPartition partition,
            List<Polled> waiting) {
        this.once = once;
        this.deadLetters = deadLetters;
        this.floods = floods;
        this.consumption = consumption;
        this.partition = partition;
        this.breaker = floods.of(consumption.consumer(), partition);
        this.waiting = waiting;
    }

    private record Failed(Polled record, Reason reason, String error) {}

    /** What a round leaves: what failed, and with it what was held back, in order. */
    private static final class Left {
        private final List<Failed> failed = new ArrayList<>();
        private final List<Polled> held = new ArrayList<>();
        private final List<Polled> all = new ArrayList<>();
        private final Set<String> keys = new HashSet<>();
        private int applied;

        boolean holdsBack(Polled record) {
            @Nullable String key = record.source().key();
            return key != null && keys.contains(key);
        }

        void hold(Polled record) {
            held.add(record);
            all.add(record);
        }

        void fail(Failed failure) {
            failed.add(failure);
            all.add(failure.record);
            @Nullable String key = failure.record.source().key();
            if (key != null) {
                keys.add(key);
            }
        }
    }

    /** Completes when every record has its effect or is a dead letter. */
    Uni<Void> applyAll() {
        return Uni.createFrom()
                .deferred(this::round)
                .repeat()
                .whilst(left -> left > 0)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** How many wait after it. */
    private Uni<Integer> round() {
        var left = new Left();
        Uni<Void> before = Uni.createFrom().voidItem();
        if (probe > 0) {
            before = before.onItem().delayIt().by(breaker.wait(probe));
        }
        return before.chain(() -> Multi.createFrom()
                        .iterable(waiting)
                        .onItem()
                        .transformToUniAndConcatenate(record -> tryOne(record, left))
                        .collect()
                        .last())
                .chain(() -> decide(left))
                .map(decided -> waiting.size());
    }

    private Uni<Void> tryOne(Polled record, Left left) {
        if (left.holdsBack(record)) {
            left.hold(record);
            return Uni.createFrom().voidItem();
        }
        return switch (record) {
            case Polled.Unreadable(var source, var why) ->
                Uni.createFrom().voidItem().invoke(() -> fail(record, Reason.UNREADABLE, why, left));
            case Polled.Readable readable ->
                once.apply(consumption, List.of(readable))
                        .invoke(() -> {
                            Inbox.applied(consumption, readable.event());
                            breaker.succeeded(1);
                            left.applied++;
                        })
                        .onFailure()
                        .recoverWithUni(failure -> {
                            fail(record, reason(failure), failure, left);
                            return Uni.createFrom().voidItem();
                        });
        };
    }

    private static Reason reason(Throwable failure) {
        if (failure instanceof UnreadableEvent) {
            return Reason.UNREADABLE;
        }
        return Once.isDayMissing(failure) ? Reason.TOO_OLD : Reason.NOT_APPLIED;
    }

    private void fail(Polled record, Reason reason, Throwable failure, Left left) {
        breaker.failed();
        var failed = new Failed(record, reason, FailureText.of(failure));
        left.fail(failed);
        if (LogCategory.EVENTS.isDebug() && record instanceof Polled.Readable(var _, var event)) {
            EventFields.add(LogCategory.EVENTS.debug(), event)
                    .with("consumer", consumption.consumer())
                    .with("reason", reason.wireName())
                    .say(
                            "%s: %s of %s fails alone: %s",
                            consumption.consumer(), event.type(), event.subject(), failed.error);
        }
    }

    private Uni<Void> decide(Left left) {
        boolean flooded = !left.failed.isEmpty()
                && (probe == 0
                        ? breaker.isFlooded()
                        : breaker.isStillFlooded(left.failed.size(), left.failed.size() + left.applied));
        if (flooded) {
            probe++;
            waiting = left.all;
            floods.pause(consumption.consumer(), partition, waiting.size(), left.failed.getFirst().error);
            return Uni.createFrom().voidItem();
        }
        if (probe > 0) {
            // What failed may have done so a moment before the flood ended: it gets one more try before it is given up.
            probe = 0;
            breaker.forget();
            floods.resume(consumption.consumer(), partition);
            waiting = left.all;
            return Uni.createFrom().voidItem();
        }
        waiting = left.held;
        return giveUp(left.failed);
    }

    private Uni<Void> giveUp(List<Failed> failed) {
        return Multi.createFrom()
                .iterable(failed)
                .onItem()
                .transformToUniAndConcatenate(
                        one -> deadLetters.add(consumption.group(), one.record.source(), one.reason, one.error))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
