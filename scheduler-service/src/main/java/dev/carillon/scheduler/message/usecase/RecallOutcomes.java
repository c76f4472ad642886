package dev.carillon.scheduler.message.usecase;

import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Waits for the answers to recalls. All that wait share one query, a few dozen times a second while anybody does; so it does not matter which
 * instance applied the answer.
 */
@ApplicationScoped
public class RecallOutcomes {
    private static final Logger LOG = Logger.getLogger(RecallOutcomes.class);
    private static final long INTERVAL_MILLIS = 20;

    private final Vertx vertx;
    private final MessageStore messages;
    private final SchedulerSettings settings;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    /** One request; several may wait for the same message. */
    private record Waiting(UUID id, UniEmitter<? super TracedMessage> emitter) {}

    public RecallOutcomes(Vertx vertx, MessageStore messages, SchedulerSettings settings) {
        this.vertx = vertx;
        this.messages = messages;
        this.settings = settings;
    }

    /** The message once its recall is decided, or as it was after the patience of the settings. */
    Uni<TracedMessage> await(TracedMessage recalling) {
        var caller = vertx.getOrCreateContext();
        return Uni.createFrom()
                .<TracedMessage>emitter(emitter -> waitFor(new Waiting(recalling.id(), emitter)))
                .ifNoItem()
                .after(settings.recallPatience())
                .recoverWithItem(recalling)
                .emitOn(answer -> caller.runOnContext(ignored -> answer.run()));
    }

    private void waitFor(Waiting one) {
        waiting.add(one);
        one.emitter.onTermination(() -> waiting.remove(one));
        if (looking.compareAndSet(false, true)) {
            lookLater();
        }
    }

    private void lookLater() {
        vertx.setTimer(INTERVAL_MILLIS, timer -> look());
    }

    private void look() {
        if (waiting.isEmpty()) {
            looking.set(false);
            // One may have come between the two lines above.
            if (waiting.isEmpty() || !looking.compareAndSet(false, true)) {
                return;
            }
        }
        var ids = waiting.stream().map(Waiting::id).distinct().toList();
        messages.findDecided(ids)
                // Who waits now has gone by then.
                .ifNoItem()
                .after(settings.recallPatience())
                .fail()
                .onTermination()
                .invoke(this::lookLater)
                .subscribe()
                .with(
                        decided -> decided.forEach(this::answer),
                        failure -> LOG.warnf("Recall outcomes were not read, tried again: %s", failure.getMessage()));
    }

    private void answer(TracedMessage decided) {
        waiting.stream().filter(one -> one.id.equals(decided.id())).toList().forEach(one -> {
            waiting.remove(one);
            one.emitter.complete(decided);
        });
    }
}
