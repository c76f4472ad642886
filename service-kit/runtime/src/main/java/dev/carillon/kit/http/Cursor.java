package dev.carillon.kit.http;

import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The last id of a page, written so that nobody takes it for more than a place in a list. */
public final class Cursor {
    private Cursor() {}

    static String write(UUID id) {
        var bytes = ByteBuffer.allocate(16).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /** @throws ProblemException 400 {@code invalid-parameter} when it is none of ours */
    public static @Nullable UUID read(@Nullable String cursor) {
        if (cursor == null) {
            return null;
        }
        try {
            var bytes = Base64.getUrlDecoder().decode(cursor);
            if (bytes.length == 16) {
                var buffer = ByteBuffer.wrap(bytes);
                return new UUID(buffer.getLong(), buffer.getLong());
            }
        } catch (IllegalArgumentException malformed) {
            throw refused();
        }
        throw refused();
    }

    private static ProblemException refused() {
        return new ProblemException(Problem.malformed(
                "invalid-parameter",
                "A parameter is not valid",
                new Problem.FieldError("cursor", "is not a nextCursor of an earlier answer")));
    }
}
