package dev.carillon.booking.bot;

import java.time.ZonedDateTime;

/** What the bot has to say, beside what it asks. */
public sealed interface Notice {
    /** The button is of another step or conversation, or was never one. */
    record NoSuchButton() implements Notice {}

    /** The conversation lasted too long. */
    record TooLate() implements Notice {}

    /** There is nothing to be made of what was said. */
    record NotUnderstood() implements Notice {}

    record NoName() implements Notice {}

    /** Somebody else was faster, or its time is over. */
    record Taken() implements Notice {}

    record ServiceGone() implements Notice {}

    record BookingGone() implements Notice {}

    /** @param most bookings that they may have ahead */
    record LimitReached(int most) implements Notice {}

    /** @param until when it could have been changed */
    record TooShortNotice(ZonedDateTime until) implements Notice {}

    record NothingFree() implements Notice {}

    /** Its state does not allow it any more. */
    record NotAnyMore() implements Notice {}

    record Stopped() implements Notice {}

    /** Others change the same for longer than is waited; nothing was done. */
    record Busy() implements Notice {}

    /** Something is wrong here; nothing was done. */
    record Failed() implements Notice {}
}
