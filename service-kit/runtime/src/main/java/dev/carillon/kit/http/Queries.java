package dev.carillon.kit.http;

import dev.carillon.kit.json.StorableText;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads ids, query parameters and preconditions; what is malformed becomes a problem that names it, or a fault of the body. */
public final class Queries {
    private static final int DEFAULT_LIMIT = 50;
    private static final int LARGEST_LIMIT = 500;
    private static final int LONGEST_TEXT = 255;
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern REVISION = Pattern.compile("(?:W/)?\"(\\d{1,9})\"");

    private Queries() {}

    /** The id of a path; what cannot be one is not found. */
    public static UUID id(String what, String text) {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new ProblemException(
                    Problem.of(404, "not-found", "There is no such " + what, "The id of a " + what + " is a UUID"));
        }
        return UUID.fromString(text);
    }

    /** An id given as a parameter. */
    public static @Nullable UUID uuid(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        if (!UUID_TEXT.matcher(text).matches()) {
            throw invalid(name, "is not a UUID");
        }
        return UUID.fromString(text);
    }

    /** An id in a body; null when it is absent, or malformed, which is added to the faults. */
    public static @Nullable UUID uuid(String pointer, @Nullable String text, Faults faults) {
        if (text != null && !UUID_TEXT.matcher(text).matches()) {
            faults.add(pointer, "is not a UUID");
            return null;
        }
        return text == null ? null : UUID.fromString(text);
    }

    /** {@code limit}: 1 to 500, 50 when absent. */
    public static int limit(@Nullable String text) {
        return number("limit", text, DEFAULT_LIMIT, 1, LARGEST_LIMIT);
    }

    /** A whole number from {@code least} to {@code largest}; {@code absent} when it is not given. */
    public static int number(String name, @Nullable String text, int absent, int least, int largest) {
        if (text == null) {
            return absent;
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > largest) {
            throw invalid(name, "is not a number from %d to %d".formatted(least, largest));
        }
        return Integer.parseInt(text);
    }

    public static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            // A plus sign that was not escaped arrives as a space.
            return Instants.parse(text.replace(' ', '+'));
        } catch (DateTimeException malformed) {
            throw invalid(name, "is not an instant of RFC 3339, such as 2026-11-27T06:00:00Z");
        }
    }

    /** Any text of up to 255 characters. */
    public static @Nullable String text(String name, @Nullable String text) {
        return text(name, text, LONGEST_TEXT);
    }

    /** Any text of up to so many characters. */
    public static @Nullable String text(String name, @Nullable String text, int longest) {
        if (text != null && (text.length() > longest || !StorableText.isStorable(text))) {
            throw invalid(name, "takes up to " + longest + " characters, without U+0000");
        }
        return text;
    }

    public static @Nullable String oneOf(String name, @Nullable String text, String... allowed) {
        if (text != null && !List.of(allowed).contains(text)) {
            throw invalid(name, "must be one of " + String.join(", ", allowed));
        }
        return text;
    }

    /** The wire name of an enum's constant. */
    public static <E> @Nullable String oneOf(
            String name, @Nullable String text, Function<String, E> parse, Function<E, String> wireName) {
        if (text == null) {
            return null;
        }
        try {
            return wireName.apply(parse.apply(text));
        } catch (IllegalArgumentException unknown) {
            throw invalid(name, "is not a known value");
        }
    }

    /** The revision of {@code If-Match}; null without one, and for {@code *}. */
    public static @Nullable Integer revision(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.equals("*")) {
            return null;
        }
        var quoted = REVISION.matcher(ifMatch);
        if (!quoted.matches()) {
            throw invalid("If-Match", "is not the ETag of an earlier answer");
        }
        return Integer.valueOf(quoted.group(1));
    }

    public static ProblemException versionMismatch(int actual) {
        return new ProblemException(Problem.of(
                412,
                "version-mismatch",
                "It has changed since it was read",
                "The current version is \"" + actual + "\""));
    }

    private static ProblemException invalid(String name, String detail) {
        return new ProblemException(Problem.malformed(
                "invalid-parameter", "A parameter is not valid", new Problem.FieldError(name, detail)));
    }
}
