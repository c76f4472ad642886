package dev.carillon.system.interruptions;

import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RevivedStack;
import dev.carillon.system.stack.TestStack;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} in the middle of 200 bookings; each time {@code up} starts what is not running, while clients go on asking. */
@ExtendWith(RevivedStack.class)
class BookingCrashIT {

    private static final int SOME = BookingBurst.BOOKINGS / 4;

    private final TestStack stack;
    private final Carillon carillon;

    BookingCrashIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @Test
    void each_booking_has_exactly_its_messages_though_booking_scheduler_and_relay_are_killed() {
        try (var burst = new BookingBurst(carillon)) {
            burst.ask(2 * SOME);
            burst.awaitAccepted(SOME);
            stack.crash("booking");
            burst.ask(SOME);
            burst.awaitAccepted(2 * SOME + SOME / 2);
            stack.crash("scheduler");
            burst.ask(SOME);
            burst.awaitAccepted(3 * SOME + SOME / 2);
            stack.crash("outbox-relay");

            burst.awaitEnd().assertThatEachBookingHasExactlyItsMessages();
        }
    }
}
