package dev.carillon.booking.bot;

import java.time.LocalDate;
import java.util.UUID;

/** What somebody wants, as far as the conversation alone can tell; whether it can be had is asked of the rows. */
public sealed interface Wish {
    /** To read what the bot does. */
    record Help() implements Wish {}

    /** To book. */
    record Begin() implements Wish {}

    /** To see their bookings. */
    record ShowBookings() implements Wish {}

    /** To give up. */
    record Stop() implements Wish {}

    record ChooseService(UUID resource) implements Wish {}

    record ChooseDay(LocalDate day) implements Wish {}

    record ChooseTime(UUID slot) implements Wish {}

    record TakeName(String name) implements Wish {}

    record Back() implements Wish {}

    /** @param from where the page begins that they want to see */
    record Page(long from) implements Wish {}

    /** To book what was chosen. */
    record Book() implements Wish {}

    /** To move a booking to what was chosen. */
    record Move(UUID booking) implements Wish {}

    record BeginMove(UUID booking) implements Wish {}

    /** To be asked whether a booking is really to be cancelled. */
    record AskToCancel(UUID booking) implements Wish {}

    record Cancel(UUID booking) implements Wish {}

    /** To book what is held. */
    record Keep(UUID booking) implements Wish {}

    /** Nothing that can be granted: a polite word, and no effect. */
    record Nothing(Notice why) implements Wish {}
}
