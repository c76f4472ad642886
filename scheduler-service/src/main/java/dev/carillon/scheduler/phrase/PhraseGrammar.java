package dev.carillon.scheduler.phrase;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a whole phrase: its parts in any order, each at most once. What follows one part is tried against all others, so that reading is linear. */
final class PhraseGrammar {
    private final Cursor cursor;
    private final ClockGrammar clocks;
    private final AmountGrammar amounts;
    private final DayGrammar days;
    private final RuleGrammar rules;
    private final ZoneGrammar zones;
    private final Draft draft = new Draft();
    private boolean afterDay;
    private boolean afterNearDay;

    PhraseGrammar(Cursor cursor, ZoneId zone) {
        this.cursor = cursor;
        this.clocks = new ClockGrammar(cursor);
        this.amounts = new AmountGrammar(cursor);
        this.days = new DayGrammar(cursor);
        this.rules = new RuleGrammar(cursor);
        this.zones = new ZoneGrammar(cursor, zone);
    }

    /** Null if not all of it could be read; the cursor knows where that began. */
    @Nullable Draft phrase() {
        if (cursor.isAtEnd() || !item()) {
            return null;
        }
        while (!cursor.isAtEnd()) {
            cursor.sign(',');
            if (!item()) {
                return null;
            }
        }
        return draft;
    }

    private boolean item() {
        boolean ofRule = rule() || bounds();
        boolean read = ofRule || now() || relative() || clock();
        if (read) {
            afterDay = ofRule;
            afterNearDay = false;
            return true;
        }
        return day() || part() || zone();
    }

    private boolean rule() {
        if (!draft.isRecurring()) {
            draft.rules = rules.rules();
            draft.timesADay = rules.timesADay();
            draft.part = draft.isRecurring() && draft.part == null ? rules.part() : draft.part;
            return draft.isRecurring();
        }
        var rule = draft.rules.getFirst();
        var whole = rule.isWhole() ? null : rules.completed(rule);
        if (whole == null) {
            return false;
        }
        draft.rules = List.of(whole);
        return true;
    }

    private boolean bounds() {
        int mark = cursor.mark();
        if (draft.start == null && (cursor.anyWord("starting", "from") || cursor.word("beginning"))) {
            draft.start = days.day();
            return draft.start != null || cursor.back(mark);
        }
        if (draft.until == null && draft.isRecurring() && (cursor.anyWord("until", "till") || cursor.word("through"))) {
            draft.until = days.day();
            return draft.until != null || cursor.back(mark);
        }
        return draft.isRecurring() && draft.count == 0 && draft.span == null && length();
    }

    /** For 10 days, 5 times, for 5 times. */
    private boolean length() {
        int mark = cursor.mark();
        boolean lasting = cursor.word("for");
        int after = cursor.mark();
        int times = Words.number(cursor);
        if (times > 0 && cursor.word("times")) {
            draft.count = times;
            return true;
        }
        cursor.back(after);
        var span = lasting ? amounts.amounts() : List.<Amount>of();
        if (span.size() != 1 || !span.getFirst().isDays()) {
            return cursor.back(mark);
        }
        draft.span = span.getFirst();
        return true;
    }

    private boolean now() {
        if (!draft.now && (cursor.anyWord("now", "immediately") || cursor.words("right", "now"))) {
            draft.now = true;
            return true;
        }
        return false;
    }

    /** In 2 hours, in a week's time, 2 hours from now, 2 hours ago. */
    private boolean relative() {
        if (!draft.amounts.isEmpty()) {
            return false;
        }
        int mark = cursor.mark();
        boolean in = cursor.word("in");
        var found = amounts.amounts();
        if (found.isEmpty()) {
            return cursor.back(mark);
        }
        if (in) {
            cursor.word("time");
        }
        draft.ago = !in && cursor.word("ago");
        if (!in && !draft.ago && !cursor.words("from", "now")) {
            return cursor.back(mark);
        }
        draft.amounts = found;
        return true;
    }

    private boolean clock() {
        int mark = cursor.mark();
        boolean another = !draft.clocks.isEmpty();
        if (another && (!draft.isRecurring() || !cursor.word("and"))) {
            return cursor.back(mark);
        }
        var clock = clocks.clock(afterNearDay || isBeforePart());
        if (clock == null) {
            return cursor.back(mark);
        }
        draft.clocks.add(clock);
        return true;
    }

    /** Whether a number here is followed by what makes it a time: "7 in the morning", "8 tomorrow". */
    private boolean isBeforePart() {
        var next = cursor.peek(1).text();
        return switch (next) {
            case "in" ->
                cursor.peek(2).text().equals("the")
                        && Words.PARTS.containsKey(cursor.peek(3).text());
            case "at" -> cursor.peek(2).text().equals("night");
            case "today", "tonight" -> true;
            default -> Words.TOMORROW.containsKey(next);
        };
    }

    private boolean day() {
        int mark = cursor.mark();
        if (draft.day != null) {
            return false;
        }
        if (draft.part == null && cursor.word("tonight")) {
            draft.tonight = true;
            return named(DayPart.NIGHT);
        }
        var part = draft.part == null && cursor.word("this") ? cursor.oneOf(Words.PARTS) : null;
        if (part != null) {
            return named(part);
        }
        cursor.back(mark);
        draft.day = days.day();
        afterDay = true;
        afterNearDay = draft.day instanceof Day.Offset;
        return draft.day != null;
    }

    private boolean named(DayPart part) {
        draft.day = new Day.Offset(0);
        draft.part = part;
        afterDay = false;
        afterNearDay = true;
        return true;
    }

    private boolean part() {
        if (draft.part != null) {
            return false;
        }
        int mark = cursor.mark();
        if (cursor.words("at", "night")) {
            draft.part = DayPart.NIGHT;
        } else if (cursor.words("in", "the") || afterDay) {
            draft.part = cursor.oneOf(Words.PARTS);
        }
        if (draft.part == null) {
            return cursor.back(mark);
        }
        afterDay = false;
        afterNearDay = true;
        return true;
    }

    private boolean zone() {
        if (!draft.zones.isEmpty()) {
            return false;
        }
        draft.zones = zones.zone();
        afterDay = false;
        afterNearDay = false;
        return !draft.zones.isEmpty();
    }
}
