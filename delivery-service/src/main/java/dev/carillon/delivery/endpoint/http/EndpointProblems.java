package dev.carillon.delivery.endpoint.http;

import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import java.util.UUID;

/** The refusals that an endpoint's state leads to. */
public final class EndpointProblems {
    private EndpointProblems() {}

    public static ProblemException notFound(UUID id) {
        return new ProblemException(Problem.notFound("endpoint", id));
    }

    public static ProblemException disabled() {
        return new ProblemException(Problem.of(
                409, "endpoint-disabled", "The endpoint is disabled", "Nothing is sent to it until it is enabled"));
    }

    static ProblemException outcomesTaken() {
        return new ProblemException(Problem.of(
                409,
                "outcomes-endpoint-exists",
                "There is an endpoint for outcomes",
                "A tenant has one at most: change that one, or delete it first"));
    }

    static ProblemException tooMany(int most) {
        return new ProblemException(Problem.of(
                409,
                "too-many-endpoints",
                "There are as many endpoints as may be",
                "A tenant has %d at most: delete one first".formatted(most)));
    }

    static ProblemException tooManySecrets() {
        return new ProblemException(Problem.of(
                409,
                "too-many-secrets",
                "As many secrets sign as may",
                "Wait until an earlier one has expired, and rotate then"));
    }

    static ProblemException notConfigured() {
        return new ProblemException(Problem.of(
                503,
                "secrets-not-configured",
                "Secrets cannot be kept",
                "The installation has no key to encrypt them with (carillon.secrets.key)"));
    }
}
