package dev.carillon.relay.deadletter;

import dev.carillon.relay.deadletter.DeadLetterPage.Place;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The dead letters of every consumer. Calls block, and fail with {@link Unavailable} while the broker does not answer. */
public interface DeadLetters {
    /** Every topic of dead letters, by name. */
    List<Backlog> backlogs();

    /** Empty when there is no such topic. */
    Optional<Backlog> backlog(DeadLetterTopic topic);

    /** From a place on, oldest first within a partition. */
    DeadLetterPage page(DeadLetterTopic topic, Place from, int limit);

    /** The latest redrive of a topic, whichever relay ran it; empty when there was none, or when the broker has forgotten it. */
    Optional<Redrive> latest(DeadLetterTopic topic);

    /** As {@link #latest}, by its id. */
    Optional<Redrive> redrive(UUID id);

    /** Writes down that the redrive begins; its progress is the group's offsets from then on. Empty when a relay is at the topic already. */
    Optional<Redrive> begin(DeadLetterTopic topic, int ratePerSecond, String operator);

    /** Ends a redrive, whichever relay runs it. */
    Redrive stop(Redrive redrive);

    /** The broker does not answer. */
    final class Unavailable extends RuntimeException {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
