package dev.carillon.system.booking;

import dev.carillon.local.ServiceName;
import dev.carillon.system.clients.BookingPair;
import dev.carillon.system.stack.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** {@code kill -9} of one of two instances of booking and then of the other, at moments that the seed says; each is started again before the next one dies. */
final class BookingKills {

    private static final Duration SHORTEST = Duration.ofSeconds(4);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final TestStack stack;
    private final Random random;
    private final List<Outage> outages = new ArrayList<>();

    BookingKills(TestStack stack, long seed) {
        this.stack = stack;
        this.random = new Random(seed);
    }

    /**
     * From the kill until the instance was ready again.
     *
     * @param instance counts from 1
     */
    record Outage(int instance, Instant from, Instant to) {

        boolean explains(BookingPair.Miss miss) {
            return miss.instance() == instance
                    && !miss.askedAt().isAfter(to)
                    && !miss.endedAt().isBefore(from);
        }
    }

    /** Kills so many times, and returns when all is up again. */
    List<Outage> run(int times) {
        int first = 1 + random.nextInt(BookingPair.INSTANCES);
        for (int i = 0; i < times; i++) {
            BookingPair.pause(Duration.ofMillis(random.nextLong(SHORTEST.toMillis(), LONGEST.toMillis())));
            kill(1 + (first + i) % BookingPair.INSTANCES);
        }
        return List.copyOf(outages);
    }

    private void kill(int instance) {
        Instant from = Instant.now();
        stack.kill(instance == 1 ? ServiceName.BOOKING.label() : ServiceName.BOOKING.label() + "-" + instance);
        stack.upWithSecondInstance(ServiceName.BOOKING);
        outages.add(new Outage(instance, from, Instant.now()));
    }
}
