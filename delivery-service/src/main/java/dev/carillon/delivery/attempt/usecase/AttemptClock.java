package dev.carillon.delivery.attempt.usecase;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;

/** The database's clock, which attempts are compared with: for whoever says when one is due. */
@ApplicationScoped
public class AttemptClock implements InstantSource {
    private final AttemptTimers timers;

    AttemptClock(AttemptTimers timers) {
        this.timers = timers;
    }

    @Override
    public Instant instant() {
        return timers.now();
    }
}
