package dev.carillon.kit.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The size of what a request comes to, where that is not the size of its body: one of many in a body, or merged from several. */
public final class JsonSize {
    /** In bytes of UTF-8; that of a body where nothing else is said. */
    private static final int LARGEST = 256 << 10;

    private JsonSize() {}

    /** @throws ProblemException 413 when {@code value} is larger than a body may be */
    public static void admit(Object value, ObjectMapper json) {
        try {
            if (json.writeValueAsBytes(value).length > LARGEST) {
                throw new ProblemException(Problem.of(
                        413,
                        "body-too-large",
                        "What this comes to is too large",
                        "At most %d bytes of JSON are taken".formatted(LARGEST)));
            }
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
