package dev.carillon.booking.bot;

import java.util.List;
import java.util.Locale;

/** Everything that the bot says; how, is a matter of {@link Words}. */
enum Phrase {
    /** How a day is written on a button: a pattern of {@link java.time.format.DateTimeFormatter}. */
    DAY_FORMAT,
    /** The same with its year, in a text. */
    DATE_FORMAT,

    HELP,
    WHAT_TO_BOOK,
    WHICH_DAY,
    TO_WHICH_DAY,
    WHAT_TIME,
    WHOSE_NAME,
    WHOSE_NAME_OR_OWN,
    FOR_WHOM,
    SHALL_I_BOOK,
    SHALL_I_MOVE,
    SHALL_I_CANCEL,
    YOUR_BOOKINGS,
    NOT_CONFIRMED,
    NO_BOOKINGS,
    BOOKED,
    MOVED,
    CANCELLED,
    HOW_TO_CHANGE,

    KEY_BACK,
    KEY_STOP,
    KEY_MORE,
    KEY_BOOK,
    KEY_MOVE,
    KEY_YES_CANCEL,
    KEY_CONFIRM_ONE,
    KEY_MOVE_ONE,
    KEY_CANCEL_ONE,

    NO_SUCH_BUTTON,
    TOO_LATE,
    NOT_UNDERSTOOD,
    NO_NAME,
    TAKEN,
    SERVICE_GONE,
    BOOKING_GONE,
    LIMIT_OF_ONE,
    LIMIT,
    TOO_SHORT_NOTICE,
    NOTHING_FREE,
    NOT_ANY_MORE,
    STOPPED,
    BUSY,
    FAILED;

    /** The name that files have for it, such as {@code which-day}. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What is filled into it, in the order in which it is given. */
    List<String> placeholders() {
        return switch (this) {
            case FOR_WHOM -> List.of("name");
            case KEY_CONFIRM_ONE, KEY_MOVE_ONE, KEY_CANCEL_ONE -> List.of("number");
            case NO_NAME, LIMIT -> List.of("most");
            case TOO_SHORT_NOTICE -> List.of("until", "zone");
            default -> List.of();
        };
    }
}
