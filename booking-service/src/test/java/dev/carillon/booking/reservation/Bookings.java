package dev.carillon.booking.reservation;

import dev.carillon.booking.availability.BookingRules;
import dev.carillon.booking.availability.MessagePurpose;
import dev.carillon.booking.availability.MessageTemplate;
import dev.carillon.booking.availability.Messages;
import dev.carillon.booking.reservation.Attendance.Step;
import dev.carillon.booking.reservation.Booking.Transition;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Bookings for tests of the rules. */
public final class Bookings {
    public static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    public static final Instant START = Instant.parse("2026-11-27T04:30:00Z");
    public static final UUID ID = UUID.fromString("01a20479-0000-7000-8000-000000000001");
    private static final Customer ANA =
            new Customer("c-1", "Ana", "ana@example.org", null, ZoneId.of("Europe/Lisbon"), "pt");

    private Bookings() {}

    public static Booking booked() {
        return Booking.booked(ID, "acme", appointment(START), 2, ANA, NOW);
    }

    /** Held for five minutes from {@link #NOW}. */
    public static Booking held() {
        return Booking.held(ID, "acme", appointment(START), 2, ANA, NOW.plusSeconds(300), NOW);
    }

    /** Offered for five minutes from {@link #NOW}. */
    public static Booking proposed() {
        return Booking.proposed(ID, "acme", appointment(START), 2, ANA, NOW.plusSeconds(300), NOW);
    }

    /** One that has got into this state. */
    public static Booking in(BookingStatus status) {
        return switch (status) {
            case PROPOSED -> proposed();
            case PENDING -> held();
            case BOOKED -> booked();
            case ARRIVED -> changed(booked().attend(Step.ARRIVE, NOW));
            case CHECKED_IN -> changed(in(BookingStatus.ARRIVED).attend(Step.CHECK_IN, NOW));
            case FULFILLED -> changed(in(BookingStatus.CHECKED_IN).attend(Step.FULFIL, NOW));
            case NOSHOW -> changed(booked().attend(Step.NO_SHOW, START));
            case CANCELLED -> changed(booked().cancel(NOW));
        };
    }

    private static Booking changed(Transition transition) {
        return ((Transition.Changed) transition).booking();
    }

    public static Appointment appointment(Instant start) {
        return appointment(start, BookingRules.NONE);
    }

    public static Appointment appointment(Instant start, BookingRules rules) {
        return new Appointment(
                UUID.randomUUID(),
                start,
                start.plusSeconds(1800),
                LocalDateTime.ofInstant(start, ZoneId.of("Asia/Kolkata")),
                UUID.randomUUID(),
                "Dr. Rao; room 5, \"left\"",
                ZoneId.of("Asia/Kolkata"),
                List.of("P1D"),
                rules,
                new Messages(
                        "de",
                        Map.of(
                                MessagePurpose.MOVED,
                                new MessageTemplate(null, "{former.when} -> {when}", null, "*{when}*"))),
                false);
    }
}
