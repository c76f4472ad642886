package dev.carillon.kit.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import io.vertx.pgclient.PgException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says what failed without a word of what it failed on: messages of parsers, databases and most other exceptions quote the value, which may be
 * somebody's address. What identifies the fault stays: classes, places in the code and in the JSON, SQLSTATE, constraints, missing tables.
 */
public final class FailureText {
    static final int MOST_BYTES = 1_000;
    private static final int DEEPEST = 4;
    private static final String OURS = "dev.carillon.";
    /** Class 42 of SQLSTATE: a table, a column or a function that is not there. Its messages name identifiers alone. */
    private static final String WRONG_STATEMENT = "42";

    private FailureText() {}

    public static String of(Throwable failure) {
        var parts = new ArrayList<String>();
        @Nullable Throwable next = failure;
        for (int depth = 0; next != null && depth < DEEPEST; depth++) {
            if (!(next instanceof CompletionException)) {
                parts.add(describe(next));
            }
            next = next.getCause();
        }
        return bounded(String.join(" < ", parts), MOST_BYTES);
    }

    private static String describe(Throwable failure) {
        return switch (failure) {
            // Whose messages are the project's own, and name fields.
            case UnreadableEvent unreadable -> "UnreadableEvent: " + unreadable.getMessage();
            case PgException refusal -> describe(refusal);
            case JsonMappingException unreadable -> simpleName(unreadable) + " at " + path(unreadable);
            case JsonProcessingException unreadable -> simpleName(unreadable) + place(unreadable);
            default -> simpleName(failure) + place(failure);
        };
    }

    private static String describe(PgException refusal) {
        var state = String.valueOf(refusal.getSqlState());
        var said = state.startsWith(WRONG_STATEMENT) ? refusal.getErrorMessage() : null;
        return Stream.of(
                        "PostgreSQL " + state,
                        said,
                        named("constraint ", refusal.getConstraint()),
                        named("column ", refusal.getColumn()),
                        named("table ", refusal.getTable()))
                .filter(part -> part != null)
                .collect(Collectors.joining(", "));
    }

    private static @Nullable String named(String what, @Nullable String name) {
        return name == null ? null : what + name;
    }

    private static String simpleName(Throwable failure) {
        return failure.getClass().getSimpleName();
    }

    /** Names of fields; the keys of a map are data. */
    private static String path(JsonMappingException unreadable) {
        List<JsonMappingException.Reference> references = unreadable.getPath();
        return references.stream().map(FailureText::step).collect(Collectors.joining("/", "/", ""));
    }

    private static String step(JsonMappingException.Reference reference) {
        if (reference.getFieldName() == null) {
            return Integer.toString(reference.getIndex());
        }
        return reference.getFrom() instanceof Map ? "*" : reference.getFieldName();
    }

    private static String place(JsonProcessingException unreadable) {
        var location = unreadable.getLocation();
        return location == null ? "" : " at %d:%d".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static String place(Throwable failure) {
        var frames = failure.getStackTrace();
        return Arrays.stream(frames)
                .filter(frame -> frame.getClassName().startsWith(OURS))
                .findFirst()
                .or(() -> Arrays.stream(frames).findFirst())
                .map(frame -> " at " + frame)
                .orElse("");
    }

    /** At most so many bytes of UTF-8, and no half of a character. */
    static String bounded(String text, int mostBytes) {
        if (text.length() * 3L <= mostBytes) {
            return text;
        }
        var taken = CharBuffer.wrap(text);
        var bytes = ByteBuffer.allocate(mostBytes);
        StandardCharsets.UTF_8.newEncoder().encode(taken, bytes, true);
        return text.substring(0, taken.position());
    }
}
