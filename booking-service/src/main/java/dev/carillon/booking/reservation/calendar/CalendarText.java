package dev.carillon.booking.reservation.calendar;

import biweekly.Biweekly;
import biweekly.ICalendar;

/**
 * Writes calendars in lines of at most 75 octets of UTF-8 (RFC 5545, 3.1), none of which breaks a character. The library's own lines have 75
 * characters, which are up to 300 octets.
 */
final class CalendarText {
    private static final int LONGEST_LINE = 75;
    private static final String FOLD = "\r\n ";

    private CalendarText() {}

    static String of(ICalendar calendar) {
        // A quotation mark in a name is written as RFC 6868 says.
        return folded(
                Biweekly.write(calendar).caretEncoding(true).foldLines(false).go());
    }

    private static String folded(String unfolded) {
        var text = new StringBuilder(unfolded.length() * 21 / 20);
        int octets = 0;
        for (int i = 0, character; i < unfolded.length(); i += Character.charCount(character)) {
            character = unfolded.codePointAt(i);
            octets = character == '\n' ? 0 : octets + octets(character);
            if (octets > LONGEST_LINE) {
                text.append(FOLD);
                octets = 1 + octets(character);
            }
            text.appendCodePoint(character);
        }
        return text.toString();
    }

    /** In UTF-8; the end of a line does not count. */
    private static int octets(int character) {
        if (character < 0x80) {
            return character == '\r' ? 0 : 1;
        }
        if (character < 0x800) {
            return 2;
        }
        return Character.isBmpCodePoint(character) ? 3 : 4;
    }
}
