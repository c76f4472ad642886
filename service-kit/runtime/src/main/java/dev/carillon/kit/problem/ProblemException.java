package dev.carillon.kit.problem;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Carries a problem out of an HTTP resource; nothing below the HTTP edge throws it. */
public final class ProblemException extends RuntimeException {
    private final transient Problem problem;
    private final transient @Nullable Duration retryAfter;

    public ProblemException(Problem problem) {
        this(problem, null);
    }

    /** @param retryAfter becomes the {@code Retry-After} header */
    public ProblemException(Problem problem, @Nullable Duration retryAfter) {
        super(problem.title(), null, false, false);
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    public Problem problem() {
        return problem;
    }

    @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
