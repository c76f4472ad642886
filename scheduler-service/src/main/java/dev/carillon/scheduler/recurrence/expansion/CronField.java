package dev.carillon.scheduler.recurrence.expansion;

import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One field of a cron expression: numbers, names, ranges, steps and lists of them.
 *
 * @param names those of {@code least} and what follows, if any
 */
record CronField(String what, int least, int largest, List<String> names) {
    static final CronField MINUTE = new CronField("minute", 0, 59, List.of());
    static final CronField HOUR = new CronField("hour", 0, 23, List.of());
    static final CronField DAY_OF_MONTH = new CronField("day of the month", 1, 31, List.of());
    static final CronField MONTH = new CronField(
            "month",
            1,
            12,
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"));
    /** 7 is Sunday, too. */
    static final CronField DAY_OF_WEEK =
            new CronField("day of the week", 0, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    private static final Pattern ITEM =
            Pattern.compile("(?:\\*|([0-9]{1,2}|[A-Z]{3})(?:-([0-9]{1,2}|[A-Z]{3}))?)(?:/([0-9]{1,2}))?");

    /** Whether a field is nothing but an asterisk. */
    static boolean isStar(String text) {
        return text.equals("*");
    }

    SortedSet<Integer> read(String text) throws NotUnderstood {
        var read = new TreeSet<Integer>();
        for (var item : text.split(",", -1)) {
            readItem(item, read);
        }
        return read;
    }

    int number(String text) throws NotUnderstood {
        int named = names.indexOf(text.toUpperCase(Locale.ROOT));
        if (named >= 0) {
            return least + named;
        }
        int number = text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : -1;
        if (number < least || number > largest) {
            throw fault(text);
        }
        return number;
    }

    NotUnderstood fault(String item) {
        var named = names.isEmpty() ? "" : " or " + names.getFirst() + " to " + names.getLast();
        return new NotUnderstood("has the %s \"%s\": it takes %d to %d%s, ranges, lists and steps such as */2"
                .formatted(what, item, least, largest, named));
    }

    private void readItem(String item, SortedSet<Integer> read) throws NotUnderstood {
        var parts = ITEM.matcher(item.toUpperCase(Locale.ROOT));
        if (!parts.matches()) {
            throw fault(item);
        }
        var step = parts.group(3) == null ? 1 : Integer.parseInt(parts.group(3));
        int first = parts.group(1) == null ? least : number(parts.group(1));
        int last = last(parts.group(1), parts.group(2), parts.group(3), first);
        if (step < 1 || step > largest || last < first) {
            throw fault(item);
        }
        IntStream.iterate(first, value -> value <= last, value -> value + step).forEach(read::add);
    }

    /** A step without a range goes to the field's end; a range that ends with a Sunday goes up to it. */
    private int last(String from, String to, String step, int first) throws NotUnderstood {
        boolean open = from == null || to == null && step != null;
        if (open) {
            // 7 would be Sunday for the second time.
            return this.equals(DAY_OF_WEEK) ? 6 : largest;
        }
        int last = to == null ? first : number(to);
        return to != null && last == 0 && this.equals(DAY_OF_WEEK) && first > 0 ? 7 : last;
    }
}
