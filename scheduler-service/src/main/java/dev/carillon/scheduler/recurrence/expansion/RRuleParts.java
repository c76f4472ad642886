package dev.carillon.scheduler.recurrence.expansion;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parts of an RRULE by their names, all in upper case. */
record RRuleParts(Map<String, String> parts) {
    private static final List<String> KNOWN = List.of(
            "FREQ",
            "INTERVAL",
            "COUNT",
            "UNTIL",
            "BYMONTH",
            "BYWEEKNO",
            "BYYEARDAY",
            "BYMONTHDAY",
            "BYDAY",
            "BYHOUR",
            "BYMINUTE",
            "BYSECOND",
            "BYSETPOS",
            "WKST");

    static RRuleParts read(String text) throws NotUnderstood {
        var parts = new LinkedHashMap<String, String>();
        for (var part : text.strip().toUpperCase(Locale.ROOT).split(";", -1)) {
            int equals = part.indexOf('=');
            var name = equals < 0 ? part : part.substring(0, equals);
            if (equals < 0 || !KNOWN.contains(name)) {
                throw new NotUnderstood("has the part \"%s\": it takes %s, such as FREQ=WEEKLY;BYDAY=MO"
                        .formatted(name, String.join(", ", KNOWN)));
            }
            if (parts.put(name, part.substring(equals + 1)) != null) {
                throw new NotUnderstood("has " + name + " twice");
            }
        }
        return new RRuleParts(parts);
    }

    @Nullable String get(String name) {
        return parts.get(name);
    }

    boolean has(String name) {
        return parts.containsKey(name);
    }

    RRuleParts without(String... names) {
        var rest = new LinkedHashMap<>(parts);
        rest.keySet().removeAll(Arrays.asList(names));
        return new RRuleParts(rest);
    }

    RRuleParts with(String name, String value) {
        var more = new LinkedHashMap<>(parts);
        more.put(name, value);
        return new RRuleParts(more);
    }

    String text() {
        return parts.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue())
                .collect(Collectors.joining(";"));
    }

    int number(String name, int absent, int largest) throws NotUnderstood {
        var text = parts.get(name);
        if (text == null) {
            return absent;
        }
        if (!text.matches("[0-9]{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > largest) {
            throw new NotUnderstood("has %s=%s: it takes 1 to %d".formatted(name, text, largest));
        }
        return Integer.parseInt(text);
    }

    /** A list of numbers from 0 to {@code largest}; {@code absent} without the part. */
    SortedSet<Integer> numbers(String name, SortedSet<Integer> absent, int largest) throws NotUnderstood {
        var text = parts.get(name);
        if (text == null) {
            return absent;
        }
        var numbers = new TreeSet<Integer>();
        for (var one : text.split(",", -1)) {
            if (!one.matches("[0-9]{1,2}") || Integer.parseInt(one) > largest) {
                throw new NotUnderstood("has %s=%s: it takes 0 to %d".formatted(name, text, largest));
            }
            numbers.add(Integer.parseInt(one));
        }
        return numbers;
    }
}
