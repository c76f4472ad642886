package dev.carillon.booking.reservation;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When the customer came, and what became of the appointment; what did not happen, or was not recorded, is null.
 *
 * @param noShowAt when it was recorded that nobody came
 */
public record Attendance(
        @Nullable Instant arrivedAt,
        @Nullable Instant checkedInAt,
        @Nullable Instant fulfilledAt,
        @Nullable Instant noShowAt) {
    public static final Attendance NONE = new Attendance(null, null, null, null);

    /** What is recorded of it, one step after the other. */
    public enum Step {
        ARRIVE(BookingStatus.ARRIVED, "Only a booked customer arrives"),
        CHECK_IN(BookingStatus.CHECKED_IN, "Only who is booked or has arrived checks in"),
        FULFIL(BookingStatus.FULFILLED, "Only a booking whose customer has come is fulfilled"),
        NO_SHOW(BookingStatus.NOSHOW, "Only a booked customer can fail to come");

        private final BookingStatus to;
        private final String rule;

        Step(BookingStatus to, String rule) {
            this.to = to;
            this.rule = rule;
        }

        BookingStatus to() {
            return to;
        }

        String rule() {
            return rule;
        }

        boolean isAllowedFrom(BookingStatus status) {
            return switch (this) {
                case ARRIVE, NO_SHOW -> status == BookingStatus.BOOKED;
                case CHECK_IN -> status == BookingStatus.BOOKED || status == BookingStatus.ARRIVED;
                case FULFIL -> status == BookingStatus.ARRIVED || status == BookingStatus.CHECKED_IN;
            };
        }
    }

    Attendance with(Step step, Instant at) {
        return switch (step) {
            case ARRIVE -> new Attendance(at, checkedInAt, fulfilledAt, noShowAt);
            case CHECK_IN -> new Attendance(arrivedAt, at, fulfilledAt, noShowAt);
            case FULFIL -> new Attendance(arrivedAt, checkedInAt, at, noShowAt);
            case NO_SHOW -> new Attendance(arrivedAt, checkedInAt, fulfilledAt, at);
        };
    }
}
