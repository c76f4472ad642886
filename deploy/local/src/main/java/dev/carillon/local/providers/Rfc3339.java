package dev.carillon.local.providers;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Instants in UTC, always with six digits: texts sort as the instants do. */
final class Rfc3339 {

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Rfc3339() {}

    static String of(Instant instant) {
        return MICROSECONDS.format(instant);
    }
}
