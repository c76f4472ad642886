package dev.carillon.relay;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The way into Kafka. */
public interface Broker {

    /**
     * Sends one event. The caller sends the next of the same key only after this one was {@link Publication.Acknowledged}.
     *
     * <p>Answers within the delivery timeout, never exceptionally. The call itself may block for as long as the broker's metadata is awaited.
     */
    CompletionStage<Publication> publish(OutboxEvent event);

    /**
     * Why nothing can be sent to this topic, as far as was last seen; null when nothing is known to be in the way. A topic that was not seen is
     * never sent to, since some brokers would create it.
     */
    @Nullable String obstacle(String topic);

    /** Looks for the topics again. */
    CompletionStage<Void> refreshTopics();
}
