package dev.carillon.scheduler.reminder;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** What a notice says, in English and in the customer's time. */
record Wording(String subject, String text) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("EEEE, d MMMM uuuu, HH:mm", Locale.ENGLISH);

    static Wording of(Notice notice, Booking booking) {
        var zone = booking.customerZone();
        var when = at(booking.startAt(), zone);
        return switch (notice) {
            case Notice.Confirmation ignored ->
                wording("Booked", "your booking is confirmed.", booking, when, "When: " + when);
            case Notice.Reminder ignored ->
                wording("Reminder", "this is a reminder of your booking.", booking, when, "When: " + when);
            case Notice.Moved moved ->
                wording(
                        "Moved",
                        "your booking has been moved.",
                        booking,
                        when,
                        moved.from().equals(booking.startAt())
                                ? "When: " + when
                                : "Old time: " + at(moved.from(), zone) + "\nNew time: " + when);
            case Notice.Cancelled ignored ->
                wording("Cancelled", "your booking has been cancelled.", booking, when, "When: " + when);
            case Notice.SlotClosed ignored ->
                wording(
                        "Please choose another time",
                        "the time that you have booked is no longer offered. Your booking is kept; please choose another time for it.",
                        booking,
                        when,
                        "When: " + when);
            case Notice.FollowUp ignored -> wording("Missed", "we missed you.", booking, when, "When: " + when);
            case Notice.Offer offer ->
                wording(
                        "Free",
                        "what you have been waiting for is free, and kept for you for a while.",
                        booking,
                        when,
                        "When: " + when + "\nYours until: " + at(offer.until(), zone));
        };
    }

    private static Wording wording(String title, String sentence, Booking booking, String when, String times) {
        var places = booking.places() > 1 ? "\nPlaces: " + booking.places() : "";
        var text = "Hello %s,\n\n%s\n\nWhat: %s\n%s%s\n"
                .formatted(booking.customer().name(), sentence, booking.resourceName(), times, places);
        return new Wording("%s: %s, %s".formatted(title, booking.resourceName(), when), text);
    }

    /** Such as {@code Friday, 27 November 2026, 10:00 (Asia/Kolkata)}. */
    private static String at(Instant instant, ZoneId zone) {
        return TIME.format(instant.atZone(zone)) + " (" + zone.getId() + ")";
    }
}
