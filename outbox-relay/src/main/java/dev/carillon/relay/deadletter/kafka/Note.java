package dev.carillon.relay.deadletter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a committed offset says of the redrive that committed it.
 *
 * @param end where this partition ended when the redrive began
 * @param total of all partitions
 */
record Note(UUID id, int rate, String operator, Instant startedAt, long end, long total, boolean stopped) {
    private static final int LONGEST_OPERATOR = 200;

    String written() {
        var name = operator.length() > LONGEST_OPERATOR ? operator.substring(0, LONGEST_OPERATOR) : operator;
        return String.join(
                " ",
                id.toString(),
                Integer.toString(rate),
                URLEncoder.encode(name, UTF_8),
                startedAt.toString(),
                Long.toString(end),
                Long.toString(total),
                Boolean.toString(stopped));
    }

    /** Empty when it is none of ours. */
    static Optional<Note> read(@Nullable String metadata) {
        var parts = metadata == null ? new String[0] : metadata.split(" ", -1);
        if (parts.length != 7) {
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
                    Boolean.parseBoolean(parts[6])));
        } catch (IllegalArgumentException | DateTimeException foreign) {
            return Optional.empty();
        }
    }

    Note asStopped() {
        return new Note(id, rate, operator, startedAt, end, total, true);
    }
}
