package dev.carillon.delivery.channel;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a provider asks to be left alone. It may ask; it may not park a message for ever. */
public final class RetryAfter {

    /** The longest wait that is believed. */
    public static final Duration LIMIT = Duration.ofDays(1);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,18}");

    private RetryAfter() {}

    /**
     * Reads a {@code Retry-After} header (RFC 9110, 10.2.3: seconds or an HTTP date).
     *
     * @return between zero and {@link #LIMIT}; null where the header is missing or says neither
     */
    public static @Nullable Duration parse(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String value = header.strip();
        if (SECONDS.matcher(value).matches()) {
            return ofSeconds(Long.parseLong(value));
        }
        try {
            Instant until = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value));
            return bounded(Duration.between(now, until));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** A wait in seconds, bounded as {@link #parse} bounds it. */
    public static Duration ofSeconds(long seconds) {
        return bounded(Duration.ofSeconds(seconds));
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LIMIT) > 0 ? LIMIT : wait;
    }
}
