package dev.carillon.booking.bot.usecase;

import dev.carillon.booking.bot.store.ChatStore;
import dev.carillon.booking.bot.store.UpdateStore;
import dev.carillon.booking.bot.telegram.TelegramSettings;
import dev.carillon.booking.reservation.usecase.HoldTimers;
import dev.carillon.kit.tx.Sweep;
import dev.carillon.kit.tx.Sweeps;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;

/** Forgets conversations that have ended, and updates that cannot come again. */
@ApplicationScoped
public class ForgetConversations {
    private static final Duration EVERY = Duration.ofMinutes(5);
    private static final int AT_ONCE = 5_000;

    private final Sweeps sweeps;
    private final TelegramSettings settings;
    private final ChatStore chats;
    private final UpdateStore updates;
    private final HoldTimers clock;

    ForgetConversations(
            Sweeps sweeps, TelegramSettings settings, ChatStore chats, UpdateStore updates, HoldTimers clock) {
        this.sweeps = sweeps;
        this.settings = settings;
        this.chats = chats;
        this.updates = updates;
        this.clock = clock;
    }

    void start(@Observes StartupEvent started) {
        sweeps.every(EVERY, List.of(conversations(AT_ONCE), updates(AT_ONCE)));
    }

    Sweep conversations(int atOnce) {
        return new Sweep("conversations that have ended", atOnce, tx -> chats.forget(tx, clock.now(), atOnce));
    }

    Sweep updates(int atOnce) {
        return new Sweep(
                "updates that cannot come again", atOnce, tx -> updates.forget(tx, settings.updateRetention(), atOnce));
    }
}
