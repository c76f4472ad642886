package dev.carillon.kit.inbox;

import java.util.Locale;

/** Why a record is a dead letter. */
enum Reason {
    /** It is no event, or its payload is none that its type promises. */
    UNREADABLE,
    /** Its effect failed, for a reason of the data. */
    NOT_APPLIED,
    /** Its id is of a day that the inbox has forgotten: whether it was applied before cannot be told. */
    TOO_OLD,
    /** Its id is of a day that is still too far ahead: the clock of whoever made it is wrong. */
    FROM_THE_FUTURE;

    String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
