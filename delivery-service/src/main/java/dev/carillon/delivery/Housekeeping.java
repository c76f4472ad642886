package dev.carillon.delivery;

import dev.carillon.delivery.attempt.store.DeliveryHistory;
import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.kit.inbox.InboxSettings;
import dev.carillon.kit.tx.Sweep;
import dev.carillon.kit.tx.Sweeps;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;

/** Forgets, once an hour, what has ended and been kept long enough. */
@ApplicationScoped
class Housekeeping {
    private static final Duration EVERY = Duration.ofHours(1);
    // Their rows are wide, and locked while they are deleted.
    private static final int AT_ONCE = 2_000;

    private final Sweeps sweeps;
    private final DeliveryHistory deliveries;
    private final RedriveStore redrives;
    private final DeliverySettings settings;
    private final InboxSettings inbox;

    Housekeeping(
            Sweeps sweeps,
            DeliveryHistory deliveries,
            RedriveStore redrives,
            DeliverySettings settings,
            InboxSettings inbox) {
        this.sweeps = sweeps;
        this.deliveries = deliveries;
        this.redrives = redrives;
        this.settings = settings;
        this.inbox = inbox;
    }

    void start(@Observes StartupEvent started) {
        check(settings.retention(), inbox.retention());
        sweeps.every(EVERY, List.of(deliveries(), redrives()));
    }

    static void check(Duration retention, Duration remembered) {
        if (retention.compareTo(remembered) < 0) {
            throw new ConfigurationException(
                    "carillon.delivery.retention is %s; it must be at least carillon.inbox.retention, %s"
                            .formatted(retention, remembered));
        }
    }

    Sweep deliveries() {
        return new Sweep(
                "deliveries that ended long ago", AT_ONCE, tx -> deliveries.forget(tx, settings.retention(), AT_ONCE));
    }

    Sweep redrives() {
        return new Sweep(
                "redrives that ended long ago", AT_ONCE, tx -> redrives.forget(tx, settings.retention(), AT_ONCE));
    }
}
