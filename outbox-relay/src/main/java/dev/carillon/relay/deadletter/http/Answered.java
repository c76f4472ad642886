package dev.carillon.relay.deadletter.http;

import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.relay.deadletter.DeadLetters.Unavailable;
import java.time.Duration;
import java.util.function.Supplier;

/** What Kafka is asked, with 503 {@code kafka-unavailable} for no answer. */
final class Answered {
    private Answered() {}

    static <T> T by(Supplier<T> question) {
        try {
            return question.get();
        } catch (Unavailable away) {
            throw new ProblemException(
                    Problem.of(503, "kafka-unavailable", "Kafka does not answer now", away.getMessage()),
                    Duration.ofSeconds(5));
        }
    }
}
