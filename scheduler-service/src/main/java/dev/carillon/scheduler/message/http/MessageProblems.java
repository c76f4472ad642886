package dev.carillon.scheduler.message.http;

import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.scheduler.message.store.TracedMessage;
import java.util.UUID;

/** The refusals that a message's state leads to. */
final class MessageProblems {
    private MessageProblems() {}

    static ProblemException notFound(UUID id) {
        return new ProblemException(Problem.notFound("message", id));
    }

    static ProblemException alreadyFired(TracedMessage traced) {
        var message = traced.message();
        return new ProblemException(
                Problem.of(409, "already-fired", "The message cannot be changed or cancelled any more", why(traced))
                        .with("messageStatus", message.status().wireName())
                        .with("attempts", message.progress().attempts())
                        .with("possiblyDelivered", message.progress().possiblyDelivered()));
    }

    private static String why(TracedMessage traced) {
        var message = traced.message();
        if (message.status().isEnd()) {
            return "It is " + message.status().wireName();
        }
        return message.progress().nextAttemptAt() == null
                ? "An attempt is under way; its outcome is not known yet"
                : "It has been attempted, and waits for another try; it can still be cancelled";
    }

    static ProblemException recallPending() {
        return new ProblemException(Problem.of(
                409,
                "recall-pending",
                "The message is being called back",
                "An earlier wish to change or cancel it is not decided yet; try again in a moment"));
    }
}
