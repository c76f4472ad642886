package dev.carillon.delivery.attempt;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a failed attempt is repeated. The waits have jitter, so that what failed together does not come back together.
 *
 * @param waits the wait before each retry; there are as many retries as waits
 */
public record RetryPolicy(List<Wait> waits) {
    /** Beyond any message's use; and there is an instant so far ahead, and room for it in a row. */
    private static final Duration LONGEST = Duration.ofDays(365);

    private static final Pattern WAIT = Pattern.compile("(P[^±]+)(?:±(\\d{1,2}))?");

    /** @param jitter the share by which the wait is longer or shorter, below 1 */
    public record Wait(Duration length, double jitter) {}

    /** @throws IllegalArgumentException when a wait is not written as {@code PT4M±25}, or is longer than 365 days */
    public static RetryPolicy parse(List<String> waits) {
        return new RetryPolicy(waits.stream().map(RetryPolicy::parse).toList());
    }

    private static Wait parse(String text) {
        var parts = WAIT.matcher(text.strip());
        try {
            if (parts.matches()) {
                var percent = parts.group(2);
                var length = Duration.parse(parts.group(1));
                if (length.compareTo(LONGEST) > 0) {
                    throw new IllegalArgumentException("A retry wait is at most 365 days, not " + text);
                }
                if (!length.isNegative()) {
                    return new Wait(length, percent == null ? 0 : Integer.parseInt(percent) / 100.0);
                }
            }
        } catch (DateTimeException malformed) {
            throw new IllegalArgumentException("A retry wait is written as PT4M±25, not " + text, malformed);
        }
        throw new IllegalArgumentException("A retry wait is written as PT4M±25, not " + text);
    }

    /** How many attempts there are at most. */
    public int attempts() {
        return waits.size() + 1;
    }

    /**
     * How long to wait after the failed attempt of this number; empty after the last.
     *
     * @param asked what the provider asked for: the wait is never shorter
     * @param random from 0 to 1
     */
    public Optional<Duration> waitAfter(int attempt, @Nullable Duration asked, DoubleSupplier random) {
        if (attempt > waits.size()) {
            return Optional.empty();
        }
        var wait = waits.get(attempt - 1);
        double factor = 1 + wait.jitter * (2 * random.getAsDouble() - 1);
        var own = Duration.ofMillis(Math.round(wait.length.toMillis() * factor));
        return Optional.of(asked != null && asked.compareTo(own) > 0 ? asked : own);
    }
}
