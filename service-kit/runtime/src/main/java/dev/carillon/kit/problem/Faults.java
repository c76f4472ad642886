package dev.carillon.kit.problem;

import dev.carillon.kit.problem.Problem.FieldError;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a request, so that a client learns all of it at once. */
public final class Faults {
    private final List<FieldError> found = new ArrayList<>();

    public void add(String pointer, String detail) {
        found.add(new FieldError(pointer, detail));
    }

    public boolean none() {
        return found.isEmpty();
    }

    public ProblemException asProblem() {
        return new ProblemException(Problem.invalid(List.copyOf(found)));
    }

    /** A refusal that has a name of its own. */
    public static ProblemException named(String slug, String title, String pointer, String detail) {
        return new ProblemException(
                Problem.of(422, slug, title, detail).withErrors(List.of(new FieldError(pointer, detail))));
    }
}
