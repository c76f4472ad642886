package dev.carillon.relay.deadletter.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.relay.deadletter.DeadLetters.Unavailable;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class AskedTest {
    @Test
    void what_is_not_answered_in_time_may_have_been_done_and_is_no_refusal() {
        var late = failed(new TimeoutException("Timed out waiting to send the call"));
        assertThatThrownBy(() -> Asked.answerOrRefusal(late)).isInstanceOf(Unavailable.class);
        var refused = failed(new UnknownMemberIdException("The group has members"));
        assertThatThrownBy(() -> Asked.answerOrRefusal(refused)).isInstanceOf(Asked.Refused.class);
    }

    private static KafkaFuture<Void> failed(RuntimeException why) {
        var future = new KafkaFutureImpl<Void>();
        future.completeExceptionally(why);
        return future;
    }
}
