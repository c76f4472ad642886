package dev.carillon.kit.problem;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries a problem out of an HTTP resource; nothing below the HTTP edge throws it. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;
    private final transient @Nullable Duration retryAfter;
    private final transient Map<String, String> headers;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    /** @param retryAfter becomes the {@code Retry-After} header */
    public ProblemException(Problem problem, @Nullable Duration retryAfter) {
        this(problem, retryAfter, Map.of());
    }

    /** @param headers what else the answer's headers say, by their names */
    public ProblemException(Problem problem, @Nullable Duration retryAfter, Map<String, String> headers) {
        super(problem.title(), null, false, false);
        this.problem = problem;
        this.retryAfter = retryAfter;
        this.headers = Map.copyOf(headers);
    }

    public Problem problem() {
        return problem;
    }

    @Nullable Duration retryAfter() {
        return retryAfter;
    }

    Map<String, String> headers() {
        return headers;
    }
}
