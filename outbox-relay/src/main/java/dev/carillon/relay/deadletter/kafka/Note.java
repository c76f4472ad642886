package dev.carillon.relay.deadletter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a committed offset says of the redrive that committed it.
 *
 * @param startedAt when it began, or went on at last: tells one run of a redrive from another
 * @param end where this partition ended when the redrive began
 * @param total of all partitions
 * @param key of the request that began it; null without one, and then not written
 */
record Note(
        UUID id,
        int rate,
        String operator,
        Instant startedAt,
        long end,
        long total,
        boolean stopped,
        @Nullable String key) {
    private static final int LONGEST_OPERATOR = 200;
    private static final int PARTS = 7;

    String written() {
        var name = operator.length() > LONGEST_OPERATOR ? operator.substring(0, LONGEST_OPERATOR) : operator;
        var parts = new ArrayList<>(List.of(
                id.toString(),
                Integer.toString(rate),
                URLEncoder.encode(name, UTF_8),
                startedAt.toString(),
                Long.toString(end),
                Long.toString(total),
                Boolean.toString(stopped)));
        if (key != null) {
            parts.add(URLEncoder.encode(key, UTF_8));
        }
        return String.join(" ", parts);
    }

    /** Empty when it is none of ours. */
    static Optional<Note> read(@Nullable String metadata) {
        var parts = metadata == null ? new String[0] : metadata.split(" ", -1);
        if (parts.length != PARTS && parts.length != PARTS + 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Note(
                    UUID.fromString(parts[0]),
                    Integer.parseInt(parts[1]),
                    URLDecoder.decode(parts[2], UTF_8),
                    Instant.parse(parts[3]),
                    Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]),
                    Boolean.parseBoolean(parts[6]),
                    parts.length == PARTS ? null : URLDecoder.decode(parts[7], UTF_8)));
        } catch (IllegalArgumentException | DateTimeException foreign) {
            return Optional.empty();
        }
    }

    Note goingOn(Instant since) {
        return new Note(id, rate, operator, since, end, total, false, key);
    }

    Note asStopped() {
        return new Note(id, rate, operator, startedAt, end, total, true, key);
    }
}
