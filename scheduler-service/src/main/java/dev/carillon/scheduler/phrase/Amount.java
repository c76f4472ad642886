package dev.carillon.scheduler.phrase;

import java.time.Duration;
import java.time.Period;

/** A length of time: a calendar part, then an exact one. */
record Amount(Period period, Duration duration) {
    static final Amount NOTHING = new Amount(Period.ZERO, Duration.ZERO);

    Amount plus(Amount other) {
        return new Amount(period.plus(other.period), duration.plus(other.duration));
    }

    boolean isDays() {
        return duration.isZero();
    }

    boolean isNothing() {
        return period.isZero() && duration.isZero();
    }
}
