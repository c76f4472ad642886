package dev.carillon.benchmarks.stack;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Microseconds since the epoch: as finely as the product tells time. */
final class Micros {
    private Micros() {}

    static long now() {
        return of(Instant.now());
    }

    static long of(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
