package dev.carillon.system.races;

import dev.carillon.system.clients.ReceiverLog.Arrival;
import dev.carillon.system.races.Race.Wish;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * What was seen of one race: what its client was told, how the message ended by the scheduler's account, what delivery tells of it, and what arrived.
 *
 * @param begun with which text and instant
 * @param arrivals in the order in which they came
 */
record RaceStory(
        Race race,
        UUID id,
        Terms begun,
        Terms wanted,
        List<Told> told,
        End end,
        List<Delivery> deliveries,
        List<Arrival> arrivals) {

    /** What of a message can be changed in a race. */
    record Terms(String text, Instant dueAt) {}

    /** What an answer says. */
    enum Reply {
        /** 200. */
        DONE,
        /** 202. */
        PENDING,
        /** 409 {@code already-fired}. */
        ALREADY_FIRED,
        /** 409 {@code recall-pending}. */
        RECALL_PENDING,
        /** 422 {@code due-in-the-past}: the wished instant had passed when the request was read. */
        IN_THE_PAST,
        /** Anything else: never right. */
        OTHER
    }

    /**
     * An answer.
     *
     * @param status of the message, as it says
     * @param body all of it, for whoever has to understand a finding
     */
    record Told(
            Wish wish,
            Instant sentAt,
            Instant answeredAt,
            Reply reply,
            String status,
            int attempts,
            boolean possiblyDelivered,
            String body) {

        boolean is(Wish other, Reply expected) {
            return wish == other && reply == expected;
        }
    }

    /** The message as the scheduler shows it in the end. */
    record End(String status, Terms terms, int attempts, boolean possiblyDelivered) {}

    /** One staging of the message, as delivery shows it in the end. */
    record Delivery(int generation, String status, boolean possiblyDelivered, List<Attempt> attempts) {}

    /**
     * @param outcome empty while it is open
     * @param answered whether the provider said anything
     */
    record Attempt(String outcome, boolean answered) {}

    Stream<Attempt> attempts() {
        return deliveries.stream().flatMap(delivery -> delivery.attempts().stream());
    }

    long unanswered() {
        return attempts().filter(attempt -> !attempt.answered()).count();
    }

    boolean wasAttempted() {
        return attempts().findAny().isPresent();
    }

    boolean wasTold(Wish wish, Reply reply) {
        return told.stream().anyMatch(one -> one.is(wish, reply));
    }
}
