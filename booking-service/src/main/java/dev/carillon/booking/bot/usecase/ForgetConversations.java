package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.bot.store.ChatStore;
import dev.carillon.booking.bot.store.UpdateStore;
import dev.carillon.booking.bot.telegram.TelegramSettings;
import dev.carillon.booking.reservation.usecase.HoldTimers;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** Forgets conversations that have ended, and updates that cannot come again, a bounded number in each transaction. */
@ApplicationScoped
public class ForgetConversations {
    private static final Logger LOG = Logger.getLogger(ForgetConversations.class);
    private static final Duration EVERY = Duration.ofMinutes(5);
    static final int AT_ONCE = 5_000;

    private final Vertx vertx;
    private final TelegramSettings settings;
    private final Transactions transactions;
    private final ChatStore chats;
    private final UpdateStore updates;
    private final HoldTimers clock;
    private long timer;

    ForgetConversations(
            Vertx vertx,
            TelegramSettings settings,
            Transactions transactions,
            ChatStore chats,
            UpdateStore updates,
            HoldTimers clock) {
        this.vertx = vertx;
        this.settings = settings;
        this.transactions = transactions;
        this.chats = chats;
        this.updates = updates;
        this.clock = clock;
    }

    void start(@Observes StartupEvent started) {
        timer = vertx.setPeriodic(EVERY.toMillis(), fired -> forget(AT_ONCE)
                .subscribe()
                .with(
                        forgotten -> LOG.debug("Conversations that have ended are forgotten"),
                        failure -> LOG.warnf("Conversations were not forgotten, tried again: %s", failure)));
    }

    void stop(@Observes ShutdownEvent stopping) {
        vertx.cancelTimer(timer);
    }

    Uni<Void> forget(int atOnce) {
        return all(atOnce, tx -> chats.forget(tx, clock.now(), atOnce))
                .chain(() -> all(atOnce, tx -> updates.forget(tx, settings.updateRetention(), atOnce)));
    }

    private Uni<Void> all(int atOnce, Function<Tx, Uni<Integer>> some) {
        return transactions
                .inTransaction(some)
                .chain(forgotten -> forgotten < atOnce ? Uni.createFrom().voidItem() : all(atOnce, some));
    }
}
