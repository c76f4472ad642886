package dev.carillon.local.providers;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A failure to be injected.
 *
 * @param status the provider's status instead of the mode's own (HTTP status, SMTP reply code)
 * @param share of the requests that it befalls, 0 to 1
 * @param path befalls only webhooks whose path begins so; empty for all requests of the channel
 * @param until when it ends by itself, null for never
 * @param retryAfter what a rate limit asks for
 * @param delay how long a slow answer takes
 */
record Fault(
        Channel channel,
        Mode mode,
        @Nullable Integer status,
        double share,
        String path,
        @Nullable Instant until,
        Duration retryAfter,
        Duration delay) {

    static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(2);
    static final Duration DEFAULT_DELAY = Duration.ofSeconds(5);

    /** What happens to a request. */
    enum Mode {
        /** Answered with an error. */
        ERROR,
        /** Answered as the provider answers one who sends too fast. */
        RATE_LIMIT,
        /** Accepted, after a delay. */
        SLOW,
        /** Never answered; the connection stays open. */
        HANG,
        /** Never answered; the connection is closed. */
        RESET;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Mode> labelled(String label) {
            return Arrays.stream(values())
                    .filter(mode -> mode.label().equals(label))
                    .findFirst();
        }

        static String labels() {
            return Arrays.stream(values()).map(Mode::label).collect(Collectors.joining(", "));
        }
    }

    boolean isOver(Instant now) {
        return until != null && !now.isBefore(until);
    }

    boolean befalls(Channel other, String otherPath) {
        return channel == other && otherPath.startsWith(path);
    }

    /** Whether it takes the place of {@code former}. */
    boolean replaces(Fault former) {
        return channel == former.channel && path.equals(former.path);
    }

    int statusOr(int usual) {
        return status == null ? usual : status;
    }

    /** Whole seconds, as providers give it; at least one. */
    long retryAfterSeconds() {
        return Math.max(1, retryAfter.plusMillis(999).toSeconds());
    }

    JsonObject toJson() {
        var json = new JsonObject()
                .put("channel", channel.label())
                .put("mode", mode.label())
                .put("share", share);
        if (status != null) {
            json.put("status", status);
        }
        if (!path.isEmpty()) {
            json.put("path", path);
        }
        if (until != null) {
            json.put("until", Rfc3339.of(until));
        }
        return switch (mode) {
            case RATE_LIMIT -> json.put("retryAfter", retryAfter.toString());
            case SLOW -> json.put("delay", delay.toString());
            case ERROR, HANG, RESET -> json;
        };
    }
}
