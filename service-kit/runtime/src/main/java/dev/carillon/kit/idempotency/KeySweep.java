package dev.carillon.kit.idempotency;

import dev.carillon.kit.tx.Sweep;
import dev.carillon.kit.tx.Sweeps;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;

/** Forgets old keys once an hour, in every service. */
@ApplicationScoped
public class KeySweep {
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int AT_ONCE = 10_000;

    private final Sweeps sweeps;
    private final IdempotencyKeys keys;

    public KeySweep(Sweeps sweeps, IdempotencyKeys keys) {
        this.sweeps = sweeps;
        this.keys = keys;
    }

    void start(@Observes StartupEvent started) {
        sweeps.every(EVERY, List.of(of(AT_ONCE)));
    }

    Sweep of(int atOnce) {
        return new Sweep("old idempotency keys", atOnce, tx -> keys.sweep(tx, atOnce));
    }
}
