package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.store.DeliveryStore.AttemptId;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Overloaded;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Says that results cannot be recorded: once when the database goes away and once when all that waited for it are recorded, however many these are and however
 * often each is tried; and once for each result that the database refuses while it is there.
 */
final class UnrecordedLog {
    private static final LogCategory LOG = LogCategory.of(RecordResults.class);

    private final Set<AttemptId> waiting = new HashSet<>();
    private final Set<AttemptId> refused = new HashSet<>();
    private long sinceNanos;
    private long haveWaited;
    private long tries;

    synchronized void failed(IntentEnd ended, Throwable failure) {
        var id = idOf(ended);
        if (!isOutage(failure)) {
            if (refused.add(id)) {
                about(ended).because(failure).say("The result of %s was not recorded; tried again", id);
            }
            return;
        }
        if (waiting.isEmpty()) {
            sinceNanos = System.nanoTime();
            haveWaited = 0;
            tries = 0;
            LOG.warn().say("Results are not recorded, and are tried again until they are: %s", failure);
        }
        tries++;
        if (waiting.add(id)) {
            haveWaited++;
        }
    }

    /** However it ended. */
    synchronized void ended(IntentEnd ended) {
        var id = idOf(ended);
        refused.remove(id);
        if (waiting.remove(id) && waiting.isEmpty()) {
            LOG.info()
                    .say(
                            "Results are recorded again after %s: %d had to wait, and %d tries failed",
                            Duration.ofNanos(System.nanoTime() - sinceNanos), haveWaited, tries);
        }
    }

    private static LogCategory.Line about(IntentEnd ended) {
        var line = LOG.warn().with("deliveryId", ended.deliveryId()).with("attempt", ended.number());
        return ended instanceof EndedCall call ? line.in(call.trace().traceId()) : line;
    }

    private static AttemptId idOf(IntentEnd ended) {
        return new AttemptId(ended.deliveryId(), ended.number());
    }

    private static boolean isOutage(Throwable failure) {
        return failure instanceof Overloaded || Outages.isOutage(failure);
    }
}
