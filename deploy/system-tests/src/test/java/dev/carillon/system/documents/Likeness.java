package dev.carillon.system.documents;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether an answer is like the one that a document shows: the same but for what differs each time (ids, instants, durations, traces,
 * signatures). JSON is compared by its fields, and may have more than are shown; in text an ellipsis stands for anything, a line of it for
 * any lines.
 */
final class Likeness {

    private static final String ANYTHING = "…";
    private static final Map<Pattern, String> VARYING = varying();

    private Likeness() {}

    private static Map<Pattern, String> varying() {
        var varying = new LinkedHashMap<Pattern, String>();
        varying.put(Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>");
        varying.put(
                Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:\\d\\d)?"),
                "<instant>");
        varying.put(
                Pattern.compile("\\w{3}, \\d{1,2} \\w{3} \\d{4} \\d\\d:\\d\\d:\\d\\d [+-]\\d{4}( \\(\\w+\\))?"),
                "<instant>");
        varying.put(Pattern.compile("\\b\\d{8}T\\d{6}Z\\b"), "<instant>");
        varying.put(Pattern.compile("\\w+day, \\d{1,2} \\w+ \\d{4}, \\d\\d:\\d\\d"), "<local time>");
        varying.put(Pattern.compile("\\b[0-9a-f]{32}\\b"), "<trace>");
        varying.put(Pattern.compile("\\b[0-9a-f]{16}\\b"), "<span>");
        varying.put(Pattern.compile("\\bPT-?[\\d.]+S\\b"), "<duration>");
        varying.put(Pattern.compile("\\bv1,[A-Za-z0-9+/=]+"), "<signature>");
        varying.put(Pattern.compile("\\b1[7-9]\\d{8}\\b|\\b2\\d{9}\\b"), "<instant>");
        varying.put(Pattern.compile("----=_Part_[\\d._]+"), "<boundary>");
        varying.put(Pattern.compile("\\b20\\d\\d[a-z]\\b"), "<tzdb>");
        varying.put(Pattern.compile("\\b[\\d.]+ m?s\\b"), "<duration>");
        return varying;
    }

    /** What is not alike; empty when all is. */
    static Optional<String> difference(String shown, String actual) {
        try {
            return difference("", new JsonObject(shown), new JsonObject(actual));
        } catch (DecodeException notJson) {
            return differenceOfText(shown, actual);
        }
    }

    private static Optional<String> difference(String where, Object shown, Object actual) {
        return switch (shown) {
            case JsonObject object -> differenceOfObjects(where, object, actual);
            case JsonArray array -> differenceOfArrays(where, array, actual);
            case String text -> isLike(text, String.valueOf(actual)) ? Optional.empty() : differs(where, text, actual);
            // Numbers that count what happened before differ with what happened before.
            case Number number when where.endsWith("/id") && actual instanceof Number -> Optional.empty();
            default -> shown.equals(actual) ? Optional.empty() : differs(where, shown, actual);
        };
    }

    private static Optional<String> differenceOfObjects(String where, JsonObject shown, Object actual) {
        if (!(actual instanceof JsonObject object)) {
            return differs(where, shown, actual);
        }
        return shown.fieldNames().stream()
                .map(name -> shown.getValue(name) == null
                        ? object.getValue(name) == null
                                ? Optional.<String>empty()
                                : differs(where + "/" + name, "null", object.getValue(name))
                        : difference(where + "/" + name, shown.getValue(name), orMissing(object.getValue(name))))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Object orMissing(@Nullable Object value) {
        return value == null ? "nothing" : value;
    }

    private static Optional<String> differenceOfArrays(String where, JsonArray shown, Object actual) {
        if (!(actual instanceof JsonArray array) || array.size() != shown.size()) {
            return differs(where, shown, actual);
        }
        for (int i = 0; i < shown.size(); i++) {
            Optional<String> difference =
                    difference(where + "/" + i, orMissing(shown.getValue(i)), orMissing(array.getValue(i)));
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> differenceOfText(String shown, String actual) {
        String pattern = shown.strip()
                .lines()
                .map(line -> line.strip().equals(ANYTHING) ? "(?s:.*)" : quoted(plain(line.strip())))
                .collect(Collectors.joining("\\s*\n\\s*"));
        return Pattern.compile("\\s*" + pattern + "\\s*").matcher(plain(actual)).matches()
                ? Optional.empty()
                : differs("the text", shown, actual);
    }

    private static boolean isLike(String shown, String actual) {
        return Pattern.compile(quoted(plain(shown)), Pattern.DOTALL)
                .matcher(plain(actual))
                .matches();
    }

    private static String quoted(String text) {
        return List.of(text.split(ANYTHING, -1)).stream().map(Pattern::quote).collect(Collectors.joining(".*"));
    }

    private static String plain(String text) {
        String plain = text.replace("\r", "");
        for (Map.Entry<Pattern, String> each : VARYING.entrySet()) {
            plain = each.getKey().matcher(plain).replaceAll(each.getValue());
        }
        return plain;
    }

    private static Optional<String> differs(String where, Object shown, Object actual) {
        return Optional.of("at " + (where.isEmpty() ? "/" : where) + " is shown\n" + shown + "\nand came\n" + actual);
    }
}
