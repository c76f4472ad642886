package dev.carillon.relay.deadletter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param next where the next page begins; null after the last */
public record DeadLetterPage(
        List<DeadLetter> letters, @Nullable Place next) {

    /** A place in a topic: partition after partition, each in the order of its offsets. */
    public record Place(int partition, long offset) {
        public static final Place START = new Place(0, 0);
    }
}
