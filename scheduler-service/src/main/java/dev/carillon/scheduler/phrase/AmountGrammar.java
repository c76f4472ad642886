package dev.carillon.scheduler.phrase;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads lengths of time: "an hour and a half", "2 weeks", "1h30m". */
final class AmountGrammar {
    private final Cursor cursor;

    AmountGrammar(Cursor cursor) {
        this.cursor = cursor;
    }

    /** What can be meant, which is two things for "5m" alone; empty if there is no amount here. */
    List<Amount> amounts() {
        int mark = cursor.mark();
        int number = cursor.number(1, 5);
        if (number > 0 && cursor.peek().glued() && cursor.word("m")) {
            var months = Unit.MONTH.times(number);
            var minutes = Unit.MINUTE.times(number);
            return months == null || minutes == null ? List.of() : List.of(minutes, months);
        }
        cursor.back(mark);
        var amount = sum();
        if (amount == null || amount.isNothing()) {
            cursor.back(mark);
            return List.of();
        }
        return List.of(amount);
    }

    private @Nullable Amount sum() {
        var sum = Amount.NOTHING;
        Unit least = null;
        while (true) {
            int mark = cursor.mark();
            if (least != null) {
                cursor.sign(',');
                cursor.word("and");
            }
            var term = new Term(least);
            if (!term.read()) {
                cursor.back(mark);
                return least == null ? null : sum;
            }
            sum = sum.plus(term.amount);
            least = term.unit;
        }
    }

    /** A number and a unit, the unit smaller than the one before it. */
    private final class Term {
        private final @Nullable Unit before;
        private Unit unit = Unit.SECOND;
        private Amount amount = Amount.NOTHING;

        Term(@Nullable Unit before) {
            this.before = before;
        }

        boolean read() {
            return fraction() || counted();
        }

        /** Half an hour, a half hour, a quarter of an hour, three quarters of an hour. */
        private boolean fraction() {
            int mark = cursor.mark();
            int quarters = 0;
            if (cursor.words("three", "quarters")) {
                quarters = 3;
            } else {
                cursor.word("a");
                quarters = cursor.word("half") ? 2 : cursor.word("quarter") ? 1 : 0;
            }
            boolean of = cursor.word("of");
            boolean article = cursor.anyWord("a", "an");
            if (quarters == 0 || (quarters != 2 && !(of && article)) || !unit() || !add(unit.quarters(quarters))) {
                return cursor.back(mark);
            }
            return true;
        }

        /** 2 hours, an hour and a half, two and a half hours, 1.5 hours, a couple of days. */
        private boolean counted() {
            int mark = cursor.mark();
            int count = count();
            int quarters = count < 0 ? 0 : decimalsOrAndAHalf();
            if (count < 0
                    || quarters < 0
                    || !unit()
                    || !add(unit.times(count))
                    || (quarters > 0 && !add(unit.quarters(quarters)))) {
                return cursor.back(mark);
            }
            return quarters > 0 || andAFraction();
        }

        private int count() {
            int mark = cursor.mark();
            if (cursor.words("a", "couple") || cursor.word("couple")) {
                cursor.word("of");
                return 2;
            }
            if (cursor.anyWord("a", "an")) {
                return cursor.is("half") ? -1 : 1;
            }
            int number = Words.number(cursor);
            if (number < 0) {
                cursor.back(mark);
            }
            return number;
        }

        private int decimalsOrAndAHalf() {
            if (cursor.words("and", "a", "half")) {
                return 2;
            }
            if (!cursor.peek().isSign('.')
                    || !cursor.peek().glued()
                    || cursor.peek(1).kind() != Token.Kind.NUMBER) {
                return 0;
            }
            cursor.skip();
            return switch (cursor.peek().text()) {
                case "5", "50" -> taken(2);
                case "25" -> taken(1);
                case "75" -> taken(3);
                default -> -1;
            };
        }

        private int taken(int quarters) {
            cursor.skip();
            return quarters;
        }

        private boolean andAFraction() {
            int mark = cursor.mark();
            int quarters = cursor.words("and", "a", "half") ? 2 : cursor.words("and", "a", "quarter") ? 1 : 0;
            if (quarters == 0) {
                cursor.back(mark);
                return true;
            }
            return add(unit.quarters(quarters));
        }

        private boolean unit() {
            var named = cursor.oneOf(Unit.NAMES);
            if (named == null && before == Unit.HOUR && cursor.word("m")) {
                named = Unit.MINUTE;
            }
            if (named == null || (before != null && named.compareTo(before) >= 0)) {
                return false;
            }
            unit = named;
            return true;
        }

        private boolean add(@Nullable Amount more) {
            if (more == null) {
                return false;
            }
            amount = amount.plus(more);
            return true;
        }
    }
}
