package dev.carillon.relay.engine;

import dev.carillon.relay.OutboxEvent;
import dev.carillon.relay.Place;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Places in Kafka that did not take an event the last time. One event of each, its probe, is tried again, ever more seldom; the others of the place are
 * set aside until a probe was taken, so that those of other places go on.
 *
 * <pre>
 *   taking ── an event fails ──▶ resting ── pause is over: its probe is sent ──▶ taken: taking again
 *                                   ▲                                     └─────▶ failed: rests twice as long
 *                                   └──────────────────────────────────────────────┘
 * </pre>
 */
final class RestingPlaces {
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private record Rest(OutboxEvent probe, Duration pause, long untilNanos) {
        static Rest of(OutboxEvent probe, Duration pause, long nowNanos) {
            return new Rest(probe, pause, nowNanos + pause.toNanos());
        }
    }

    private final Duration first;
    private final Map<Place, Rest> resting = new HashMap<>();

    /** @param first pause of a place */
    RestingPlaces(Duration first) {
        this.first = first;
    }

    void failed(Place place, OutboxEvent event, long nowNanos) {
        @Nullable Rest before = resting.get(place);
        if (before == null) {
            resting.put(place, Rest.of(event, first, nowNanos));
        } else if (before.probe().id().equals(event.id())) {
            Duration longer = before.pause().multipliedBy(2);
            resting.put(place, Rest.of(event, longer.compareTo(LONGEST) < 0 ? longer : LONGEST, nowNanos));
        }
    }

    /** Answers whether the place was resting. */
    boolean took(Place place) {
        return resting.remove(place) != null;
    }

    /** A place whose probe is another's now, or forgotten, is tried with whatever comes. Answers whether there was one. */
    boolean keepThose(Predicate<OutboxEvent> known) {
        return resting.values().removeIf(rest -> !known.test(rest.probe()));
    }

    boolean rests(Place place) {
        return resting.containsKey(place);
    }

    boolean isProbe(Place place, OutboxEvent event) {
        @Nullable Rest rest = resting.get(place);
        return rest != null && rest.probe().id().equals(event.id());
    }

    boolean isDue(Place place, long nowNanos) {
        @Nullable Rest rest = resting.get(place);
        return rest != null && nowNanos - rest.untilNanos() >= 0;
    }

    Set<Place> all() {
        return Set.copyOf(resting.keySet());
    }

    boolean isEmpty() {
        return resting.isEmpty();
    }

    /** Until the next probe is due. */
    long nanosLeft(long nowNanos) {
        return resting.values().stream()
                .mapToLong(rest -> rest.untilNanos() - nowNanos)
                .filter(left -> left > 0)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
