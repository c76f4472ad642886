package dev.carillon.kit.inbox;

import dev.carillon.kit.tx.Transactions;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Collection;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the inbox's days: made a week ahead, dropped after {@link InboxSettings#retention}. Looks once an hour, and whenever an event's day is beyond
 * those that are there, so that a service that was down for weeks finds its days made before it applies anything.
 */
@ApplicationScoped
public class InboxKeeper {
    private static final Logger LOG = Logger.getLogger(InboxKeeper.class);
    private static final Duration EVERY = Duration.ofHours(1);
    static final int DAYS_AHEAD = 7;

    private final Vertx vertx;
    private final InboxSettings settings;
    private final InboxDays days;
    private volatile @Nullable Remembered last;

    public InboxKeeper(Vertx vertx, InboxSettings settings, Transactions transactions) {
        this.vertx = vertx;
        this.settings = settings;
        this.days = new InboxDays(transactions);
    }

    void start(@Observes StartupEvent started) {
        settings.check();
        keepAndLog();
        vertx.setPeriodic(EVERY.toMillis(), timer -> keepAndLog());
    }

    private void keepAndLog() {
        keep().subscribe()
                .with(
                        kept -> LOG.debugf("The inbox remembers the days from %s to %s", kept.from(), kept.to()),
                        failure -> LOG.warnf("The inbox's days were not looked after, tried again: %s", failure));
    }

    /** Makes and drops what is due by the database's clock. */
    Uni<Remembered> keep() {
        return days.today().chain(today -> keep(today));
    }

    Uni<Remembered> keep(LocalDate today) {
        var oldest = today.minusDays(settings.retention().toDays());
        return make(today).chain(() -> days.dropBefore(oldest)).chain(this::look);
    }

    private Uni<Void> make(LocalDate today) {
        return days.make(today.minusDays(settings.retention().toDays()), today.plusDays(DAYS_AHEAD));
    }

    /** What is remembered now, as far as these events need to know: days that one of them lacks are made before, unless they are too far ahead. */
    Uni<Remembered> remembered(Collection<UUID> events) {
        var known = last;
        if (known == null) {
            return look().chain(found -> withDaysOf(events, found));
        }
        return withDaysOf(events, known);
    }

    private Uni<Remembered> withDaysOf(Collection<UUID> events, Remembered known) {
        return events.stream().noneMatch(known::isBeyond)
                ? Uni.createFrom().item(known)
                : days.today().chain(this::make).chain(this::look);
    }

    /** Asks the database again: another instance may have dropped a day. */
    Uni<Remembered> look() {
        return days.remembered().invoke(found -> last = found);
    }

    /** Null while it is not known. */
    @Nullable LocalDate madeUntil() {
        var known = last;
        return known == null ? null : Remembered.dayOf(known.to());
    }
}
