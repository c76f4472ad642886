package dev.carillon.scheduler.phrase;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;

/** Reads the zone that a phrase names: Europe/Berlin, "in New York", "London time", UTC+2, EST. */
final class ZoneGrammar {
    private static final int LONGEST_CITY = 4;
    private static final int NONE = -1;

    private final Cursor cursor;
    private final ZoneId zone;

    /** @param zone the zone of who speaks */
    ZoneGrammar(Cursor cursor, ZoneId zone) {
        this.cursor = cursor;
        this.zone = zone;
    }

    /** What can be meant; empty if no zone is named here. */
    List<ZoneMeaning> zone() {
        var token = cursor.peek();
        if (token.kind() == Token.Kind.ZONE) {
            var named = ZoneNames.byId(token.text());
            if (named == null) {
                return List.of();
            }
            cursor.skip();
            return List.of(ZoneMeaning.of(named));
        }
        int mark = cursor.mark();
        boolean universal = cursor.anyWord("utc", "gmt");
        // "9:00-10:00" is a time with an offset to a machine and from nine to ten to everybody else.
        boolean minus = cursor.peek().isSign('-') && (universal || cursor.tookGlued("t"));
        if (cursor.peek().isSign('+') || minus) {
            return offset(universal, mark);
        }
        cursor.back(mark);
        var abbreviated =
                token.kind() == Token.Kind.WORD ? ZoneNames.abbreviation(token.text(), zone) : List.<ZoneMeaning>of();
        if (!abbreviated.isEmpty()) {
            cursor.skip();
            cursor.word("time");
            return abbreviated;
        }
        return city();
    }

    private List<ZoneMeaning> offset(boolean universal, int mark) {
        int sign = cursor.peek().isSign('-') ? -1 : 1;
        cursor.skip();
        int hours = cursor.gluedNumber(universal ? 1 : 2, 2);
        int minutes = hours != NONE && cursor.gluedSign(':') ? cursor.gluedNumber(2, 2) : universal ? 0 : NONE;
        if (hours == NONE || hours > 14 || minutes == NONE || minutes > 59 || (hours == 14 && minutes > 0)) {
            cursor.back(mark);
            return List.of();
        }
        return List.of(ZoneMeaning.of(ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes)));
    }

    private List<ZoneMeaning> city() {
        int mark = cursor.mark();
        boolean in = cursor.word("in");
        for (int words = LONGEST_CITY; words > 0; words--) {
            var named = ZoneNames.city(next(words));
            if (named != null) {
                int after = cursor.mark();
                for (int i = 0; i < words; i++) {
                    cursor.skip();
                }
                if (cursor.word("time") || in) {
                    return List.of(ZoneMeaning.of(named));
                }
                cursor.back(after);
            }
        }
        cursor.back(mark);
        return List.of();
    }

    private String next(int words) {
        var name = new StringBuilder();
        for (int i = 0; i < words; i++) {
            var token = cursor.peek(i);
            if (i > 0 && !token.glued()) {
                name.append(' ');
            }
            name.append(token.text());
        }
        return name.toString();
    }
}
