package dev.carillon.benchmarks;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one run is given, each as {@code name=value}; of a name that is given twice the last value counts. Who asks for a setting makes it known: once a
 * benchmark has asked for all of its own, {@link #refuseUnknown} tells of the others. Every method throws a {@link Refusal} where a value is none
 * of those that it answers with.
 */
final class Settings {
    private final Map<String, String> given = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    Settings(List<String> given) {
        for (String setting : given) {
            int equals = setting.indexOf('=');
            // Without a value it is a name, for it to be refused by that name.
            String name = equals < 0 ? setting : setting.substring(0, equals);
            this.given.put(name, equals < 0 ? "" : setting.substring(equals + 1));
        }
    }

    int number(String name, int usual) {
        String value = text(name, Integer.toString(usual));
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new Refusal(name + " is to be a whole number, not \"" + value + "\"", e);
        }
    }

    Duration duration(String name, Duration usual) {
        String value = text(name, usual.toString());
        try {
            return Duration.parse(value);
        } catch (DateTimeParseException e) {
            throw new Refusal(name + " is to be a duration such as " + usual + ", not \"" + value + "\"", e);
        }
    }

    /** The usual one where it is not given, and one of the choices where it is. */
    String choice(String name, String usual, String... choices) {
        String value = text(name, usual);
        if (given.containsKey(name) && !List.of(choices).contains(value)) {
            throw new Refusal(name + " is to be " + String.join(" or ", choices) + ", not \"" + value + "\"");
        }
        return value;
    }

    private String text(String name, String usual) {
        known.add(name);
        return given.getOrDefault(name, usual);
    }

    /**
     * @param which the benchmark that has asked for all that it knows
     * @throws Refusal by name, with those that it knows, where others were given
     */
    void refuseUnknown(String which) {
        Set<String> unknown = new LinkedHashSet<>(given.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new Refusal(
                    which + " does not know " + String.join(", ", unknown) + ", only " + String.join(", ", known));
        }
    }
}
