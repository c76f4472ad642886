package dev.carillon.relay.kafka;

import dev.carillon.relay.Publication;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;

/** What a failure of the client means for the event. */
final class Verdicts {
    private Verdicts() {}

    /**
     * Only what is the record's own fault is refused. A topic that may not be written to is not: it would park every key of the topic for what one
     * grant puts right.
     */
    static Publication of(Throwable failure) {
        String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        return switch (failure) {
            case TopicAuthorizationException denied -> new Publication.TopicUnavailable(reason);
            case RecordTooLargeException tooLarge -> new Publication.Refused(reason);
            case InvalidRecordException invalid -> new Publication.Refused(reason);
            case SerializationException unreadable -> new Publication.Refused(reason);
            case InvalidTimestampException timestamp -> new Publication.Refused(reason);
            case InvalidTopicException topic -> new Publication.Refused(reason);
            case PolicyViolationException policy -> new Publication.Refused(reason);
            case UnsupportedForMessageFormatException format -> new Publication.Refused(reason);
            default -> new Publication.Failed(reason);
        };
    }

    /** Whether the producer itself may be beyond use. A new one costs milliseconds. */
    static boolean needsNewProducer(Throwable failure) {
        if (failure instanceof ClusterAuthorizationException) {
            return true;
        }
        return of(failure) instanceof Publication.Failed
                && !(failure instanceof RetriableException)
                && (failure instanceof KafkaException || failure instanceof IllegalStateException);
    }
}
