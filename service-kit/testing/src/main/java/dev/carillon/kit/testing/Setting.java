package dev.carillon.kit.testing;

import java.time.Instant;
import java.util.Optional;

/** What the environment says of a run: how much of it there is to be, and the seed that repeats it. */
public final class Setting {

    private Setting() {}

    /** Of {@code name}, or {@code otherwise} where that is not set or empty. */
    public static long number(String name, long otherwise) {
        return Optional.ofNullable(System.getenv(name))
                .filter(value -> !value.isBlank())
                .map(Long::parseLong)
                .orElse(otherwise);
    }

    /** Of {@code name}, or another one in each run. */
    public static long seed(String name) {
        return number(name, Instant.now().getEpochSecond());
    }
}
