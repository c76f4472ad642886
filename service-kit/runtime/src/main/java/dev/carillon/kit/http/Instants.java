package dev.carillon.kit.http;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** Instants as clients write them: RFC 3339, years 0000 to 9999, which every column and clock can hold. */
public final class Instants {
    private static final Pattern FOUR_DIGIT_YEAR = Pattern.compile("\\d{4}-.{4,60}");

    private Instants() {}

    /** @throws DateTimeException when it is none */
    public static Instant parse(String text) {
        return parseWithOffset(text).toInstant();
    }

    /** @throws DateTimeException when it is none */
    public static OffsetDateTime parseWithOffset(String text) {
        if (!FOUR_DIGIT_YEAR.matcher(text).matches()) {
            throw new DateTimeException("not an instant of RFC 3339");
        }
        return OffsetDateTime.parse(text);
    }
}
