package dev.carillon.relay.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.relay.Publication;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictsTest {
    // As a broker says it whose clock is an hour behind this machine's, or more.
    private static final String OUT_OF_RANGE = "Timestamp 1776230740705 of message with offset 0 is out of range."
            + " The timestamp should be within [-9223370260710424559, 1776147951248]";

    @ParameterizedTest
    @MethodSource("wrongClocks")
    void a_wrong_clock_parks_no_event_and_wants_no_other_producer(KafkaException wrongClock) {
        assertThat(Verdicts.of(wrongClock)).isInstanceOf(Publication.Failed.class);
        assertThat(Verdicts.needsNewProducer(wrongClock)).isFalse();
    }

    /** Of one record in its batch, and of several. */
    static Stream<KafkaException> wrongClocks() {
        return Stream.of(new InvalidTimestampException(OUT_OF_RANGE), new InvalidRecordException(OUT_OF_RANGE));
    }

    @ParameterizedTest
    @MethodSource("faultyRecords")
    void a_record_that_is_at_fault_itself_is_refused(KafkaException faulty) {
        assertThat(Verdicts.of(faulty)).isInstanceOf(Publication.Refused.class);
        assertThat(Verdicts.needsNewProducer(faulty)).isFalse();
    }

    static Stream<KafkaException> faultyRecords() {
        return Stream.of(
                new RecordTooLargeException("too large"),
                new InvalidRecordException("Compacted topic cannot accept message without key in topic partition a-0."),
                new InvalidRecordException(null));
    }

    @Test
    void a_topic_that_may_not_be_written_to_parks_nothing() {
        assertThat(Verdicts.of(new TopicAuthorizationException("no grant")))
                .isInstanceOf(Publication.TopicUnavailable.class);
    }

    @Test
    void what_may_pass_is_sent_again_by_the_same_producer_and_what_the_client_does_not_know_by_another() {
        var passing = new NotEnoughReplicasException("one of two");
        var unknown = new KafkaException("the sender has gone");

        assertThat(Verdicts.of(passing)).isInstanceOf(Publication.Failed.class);
        assertThat(Verdicts.needsNewProducer(passing)).isFalse();
        assertThat(Verdicts.of(unknown)).isInstanceOf(Publication.Failed.class);
        assertThat(Verdicts.needsNewProducer(unknown)).isTrue();
    }
}
