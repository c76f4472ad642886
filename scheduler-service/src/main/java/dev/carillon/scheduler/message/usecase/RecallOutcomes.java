package dev.carillon.scheduler.message.usecase;

import dev.carillon.scheduler.SchedulerSettings;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
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
    private final Map<UUID, List<UniEmitter<? super TracedMessage>>> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();

    public RecallOutcomes(Vertx vertx, MessageStore messages, SchedulerSettings settings) {
        this.vertx = vertx;
        this.messages = messages;
        this.settings = settings;
    }

    /** The message once its recall is decided, or as it was after the patience of the settings. */
    Uni<TracedMessage> await(TracedMessage recalling) {
        var caller = vertx.getOrCreateContext();
        return Uni.createFrom()
                .<TracedMessage>emitter(emitter -> {
                    waiting.computeIfAbsent(recalling.id(), id -> new CopyOnWriteArrayList<>())
                            .add(emitter);
                    if (looking.compareAndSet(false, true)) {
                        lookLater();
                    }
                })
                .ifNoItem()
                .after(settings.recallPatience())
                .recoverWithItem(recalling)
                .emitOn(answer -> caller.runOnContext(ignored -> answer.run()))
                .onTermination()
                .invoke(() -> waiting.remove(recalling.id()));
    }

    private void lookLater() {
        vertx.setTimer(INTERVAL_MILLIS, timer -> look());
    }

    private void look() {
        var ids = List.copyOf(waiting.keySet());
        if (ids.isEmpty()) {
            looking.set(false);
            return;
        }
        messages.findDecided(ids)
                .onTermination()
                .invoke(this::lookLater)
                .subscribe()
                .with(
                        decided -> decided.forEach(this::answer),
                        failure -> LOG.warnf("Recall outcomes were not read, tried again: %s", failure.getMessage()));
    }

    private void answer(TracedMessage decided) {
        var emitters = waiting.remove(decided.id());
        if (emitters != null) {
            emitters.forEach(emitter -> emitter.complete(decided));
        }
    }
}
