package dev.carillon.delivery.redrive.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.redrive.DeadLetters;
import dev.carillon.kit.http.Instants;
import dev.carillon.kit.json.StorableText;
import dev.carillon.kit.problem.Faults;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What {@code POST /v1/dead-letters/redrive} takes.
 *
 * @param filter which dead letters; without it all of the tenant's
 * @param dryRun only to count them
 * @param ratePerSecond how many attempts a second, 50 by default
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
public record RedriveRequest(
        @Nullable FilterRequest filter,
        @Nullable Boolean dryRun,
        @Nullable Integer ratePerSecond) {
    private static final int DEFAULT_RATE = 50;
    private static final int HIGHEST_RATE = 1_000;
    private static final Set<String> CHANNELS = Set.of("email", "telegram", "webhook");

    /** As the parameters of {@code GET /v1/dead-letters}. */
    @RegisterForReflection
    public record FilterRequest(
            @Nullable UUID messageId,
            @Nullable String channel,
            @Nullable String destination,
            @Nullable String from,
            @Nullable String to) {}

    /** What it means. */
    record Wish(DeadLetters which, int ratePerSecond, boolean dryRun) {}

    /** @throws dev.carillon.kit.problem.ProblemException 422 with every fault */
    Wish read() {
        var faults = new Faults();
        int rate = ratePerSecond == null ? DEFAULT_RATE : ratePerSecond;
        if (rate < 1 || rate > HIGHEST_RATE) {
            faults.add("/ratePerSecond", "must be from 1 to " + HIGHEST_RATE);
        }
        var which = filter == null ? DeadLetters.ALL : read(filter, faults);
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return new Wish(which, rate, Boolean.TRUE.equals(dryRun));
    }

    private static DeadLetters read(FilterRequest filter, Faults faults) {
        if (filter.channel != null && !CHANNELS.contains(filter.channel)) {
            faults.add("/filter/channel", "must be email, telegram or webhook");
        }
        if (filter.destination != null
                && (filter.destination.length() > Destination.LONGEST
                        || !StorableText.isStorable(filter.destination))) {
            faults.add("/filter/destination", "takes up to " + Destination.LONGEST + " characters, without U+0000");
        }
        return new DeadLetters(
                filter.messageId,
                filter.channel,
                filter.destination,
                instant("/filter/from", filter.from, faults),
                instant("/filter/to", filter.to, faults));
    }

    private static @Nullable Instant instant(String pointer, @Nullable String text, Faults faults) {
        if (text == null) {
            return null;
        }
        try {
            return Instants.parse(text);
        } catch (DateTimeException malformed) {
            faults.add(pointer, "is not an instant of RFC 3339, such as 2026-11-27T06:00:00Z");
            return null;
        }
    }
}
