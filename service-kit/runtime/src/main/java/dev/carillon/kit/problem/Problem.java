package dev.carillon.kit.problem;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A problem detail (RFC 9457). Every slug is listed in {@code docs/contracts/problems.md}.
 *
 * @param type {@code urn:carillon:problem:<slug>}
 * @param instance the path of the request; set where the answer is written
 * @param traceId set where the answer is written
 * @param errors what is wrong with which field, by JSON pointer (RFC 6901)
 * @param extensions members of this problem type alone
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonPropertyOrder({"type", "title", "status", "detail", "instance", "traceId", "errors"})
@RegisterForReflection
public record Problem(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String instance,
        @Nullable String traceId,
        List<FieldError> errors,
        @JsonAnyGetter Map<String, Object> extensions) {
    private static final String PREFIX = "urn:carillon:problem:";

    /** @param pointer where, as a JSON pointer (RFC 6901) into the body, or the name of a query parameter */
    @RegisterForReflection
    public record FieldError(String pointer, String detail) {}

    public static Problem of(int status, String slug, String title, @Nullable String detail) {
        return new Problem(PREFIX + slug, title, status, detail, null, null, List.of(), Map.of());
    }

    /** 422: the shape is right and the meaning is not. */
    public static Problem invalid(List<FieldError> errors) {
        return of(422, "invalid-request", "The request is not valid", summary(errors))
                .withErrors(errors);
    }

    /** 400: the shape is wrong. */
    public static Problem malformed(String slug, String title, FieldError error) {
        return of(400, slug, title, error.detail).withErrors(List.of(error));
    }

    /**
     * The body of a request that cannot do without.
     *
     * @throws ProblemException 400 {@code malformed-json} when there is none
     */
    public static <T> T required(@Nullable T body) {
        if (body == null) {
            throw new ProblemException(of(400, "malformed-json", "The body is missing", "Send one JSON object"));
        }
        return body;
    }

    /** 404: there is no such thing in the caller's tenant. */
    public static Problem notFound(String what, Object id) {
        return of(404, "not-found", "There is no such " + what, "No " + what + " has the id " + id);
    }

    public Problem withErrors(List<FieldError> found) {
        return new Problem(type, title, status, detail, instance, traceId, found, extensions);
    }

    public Problem with(String name, Object value) {
        var more = new LinkedHashMap<>(extensions);
        more.put(name, value);
        return new Problem(type, title, status, detail, instance, traceId, errors, more);
    }

    Problem at(String path, @Nullable String trace) {
        return new Problem(type, title, status, detail, path, trace, errors, extensions);
    }

    private static String summary(List<FieldError> errors) {
        var first = errors.getFirst();
        var more = errors.size() == 1 ? "" : " (and %d more)".formatted(errors.size() - 1);
        return first.pointer + ": " + first.detail + more;
    }
}
