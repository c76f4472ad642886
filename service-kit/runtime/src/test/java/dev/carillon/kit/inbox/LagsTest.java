package dev.carillon.kit.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.inbox.Lags.Where;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LagsTest {
    private static final Where FIRST = new Where("booking", new TopicPartition("news", 0));
    private static final Where SECOND = new Where("booking", new TopicPartition("news", 1));
    private static final Where OTHER = new Where("booking", new TopicPartition("keys", 0));
    // That of a JVM may be anything, and pass from positive to negative.
    private static final long START = Math.subtractExact(Long.MAX_VALUE, 5);
    private static final long GOOD_FOR = 30;

    private final Lags lags = new Lags(Duration.ofNanos(GOOD_FOR));

    @Test
    void a_partition_that_is_taken_away_has_no_lag_any_more() {
        lags.found("news", START, Map.of(FIRST, 7L, SECOND, 8L));
        lags.found("keys", START, Map.of(OTHER, 9L));
        lags.found("news", START + 10, Map.of(SECOND, 6L));
        assertThat(lags.known(START + 10)).isEqualTo(Map.of(SECOND, 6L, OTHER, 9L));
        lags.found("news", START + 20, Map.of());
        assertThat(lags.known(START + 20)).isEqualTo(Map.of(OTHER, 9L));
    }

    @Test
    void what_nothing_could_be_learnt_of_for_long_is_not_known() {
        lags.found("news", START, Map.of(FIRST, 7L));
        lags.found("keys", START + 1, Map.of(OTHER, 9L));
        assertThat(lags.known(START + GOOD_FOR)).isEqualTo(Map.of(FIRST, 7L, OTHER, 9L));
        assertThat(lags.known(START + GOOD_FOR + 1)).isEqualTo(Map.of(OTHER, 9L));
        lags.found("news", START + GOOD_FOR + 2, Map.of(FIRST, 1L));
        assertThat(lags.known(START + GOOD_FOR + 2)).isEqualTo(Map.of(FIRST, 1L));
    }

    @Test
    void an_answer_that_comes_after_that_to_a_later_question_brings_nothing_back() {
        lags.found("news", START + 10, Map.of());
        lags.found("news", START, Map.of(FIRST, 7L));
        assertThat(lags.known(START + 10)).isEmpty();
    }
}
