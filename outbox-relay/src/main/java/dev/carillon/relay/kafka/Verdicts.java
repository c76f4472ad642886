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
     * grant puts right. Nor is a timestamp that the broker does not take: a record has that of its sending, each time another one, so it is the fault of
     * this machine's clock or the broker's; it would park every key of all topics, until somebody decided about each.
     */
    static Publication of(Throwable failure) {
        String reason = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        return switch (failure) {
            case TopicAuthorizationException denied -> new Publication.TopicUnavailable(reason);
            case RecordTooLargeException tooLarge -> new Publication.Refused(reason);
            case InvalidRecordException invalid when !isAboutItsTimestamp(invalid) -> new Publication.Refused(reason);
            case SerializationException unreadable -> new Publication.Refused(reason);
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
                && !isAboutItsTimestamp(failure)
                && (failure instanceof KafkaException || failure instanceof IllegalStateException);
    }

    /**
     * Where several records of a batch are at fault, the client knows the fault of each by the broker's words alone, and says of all that the record is
     * invalid.
     */
    private static boolean isAboutItsTimestamp(Throwable failure) {
        return failure instanceof InvalidTimestampException
                || failure instanceof InvalidRecordException
                        && String.valueOf(failure.getMessage()).startsWith("Timestamp ");
    }
}
