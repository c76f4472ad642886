package dev.carillon.relay.deadletter;

import dev.carillon.relay.deadletter.DeadLetterPage.Place;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

    /**
     * Writes down that the redrive begins; its progress is the group's offsets from then on. The key's redrive goes on when nobody runs it any more: its relay
     * is gone, or never came to begin it.
     *
     * @param key tells one request from another, whatever its topic; null for a new one. Known for as long as its redrive is the latest of its topic
     */
    Beginning begin(DeadLetterTopic topic, int ratePerSecond, String operator, @Nullable String key);

    /** Ends a redrive, whichever relay runs it, or none any more. */
    Redrive stop(Redrive redrive);

    /** What a wish to redrive comes to. */
    sealed interface Beginning {
        record Begun(Redrive redrive) implements Beginning {}

        /** The key's redrive has begun before, here or at another topic; nothing was done now. */
        record BegunBefore(Redrive redrive) implements Beginning {}

        /** The key's redrive was interrupted, and goes on from where it was to the end that it had. */
        record GoesOn(Redrive redrive) implements Beginning {}

        /** A relay is at the topic already. */
        record Busy() implements Beginning {}
    }

    /** The broker does not answer. */
    final class Unavailable extends RuntimeException {
        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
