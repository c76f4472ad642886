package dev.carillon.kit.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBucketTest {
    private static final long MILLI = 1_000_000;
    private static final Quota TEN_A_SECOND = new Quota(10, 3);

    @ParameterizedTest
    @ValueSource(longs = {0, -5_000_000_000L, Long.MAX_VALUE - 1})
    void a_burst_is_granted_at_once_and_then_one_at_each_interval(long start) {
        var bucket = new TokenBucket(TEN_A_SECOND, start);
        assertThat(IntStream.range(0, 3).mapToLong(n -> bucket.take(start))).containsOnly(0L);

        assertThat(bucket.take(start)).isEqualTo(100 * MILLI);
        assertThat(bucket.take(start + 40 * MILLI)).isEqualTo(60 * MILLI);
        assertThat(bucket.take(start + 100 * MILLI - 1)).isEqualTo(1);
        assertThat(bucket.take(start + 100 * MILLI)).isZero();
        assertThat(bucket.take(start + 100 * MILLI)).isEqualTo(100 * MILLI);
    }

    @Test
    void a_pause_gives_no_more_than_the_burst() {
        var bucket = new TokenBucket(TEN_A_SECOND, 0);
        long later = 3_600_000 * MILLI;
        assertThat(IntStream.range(0, 5).filter(n -> bucket.take(later) == 0)).hasSize(3);
    }

    @Test
    void it_is_full_again_when_all_that_was_taken_has_come_back() {
        var bucket = new TokenBucket(TEN_A_SECOND, 0);
        assertThat(bucket.isFull(0)).isTrue();
        bucket.take(0);
        bucket.take(0);
        assertThat(bucket.isFull(200 * MILLI - 1)).isFalse();
        assertThat(bucket.isFull(200 * MILLI)).isTrue();
    }

    @Test
    void what_is_refused_costs_nothing() {
        var bucket = new TokenBucket(new Quota(1, 1), 0);
        bucket.take(0);
        for (int n = 0; n < 100; n++) {
            bucket.take(500 * MILLI);
        }
        assertThat(bucket.take(1_000 * MILLI)).isZero();
    }

    @Test
    void threads_that_race_get_no_more_than_there_is() {
        var bucket = new TokenBucket(new Quota(1, 1_000), 0);
        var granted = new AtomicInteger();
        CompletableFuture.allOf(IntStream.range(0, 8)
                        .mapToObj(thread -> CompletableFuture.runAsync(() -> {
                            for (int n = 0; n < 1_000; n++) {
                                if (bucket.take(0) == 0) {
                                    granted.incrementAndGet();
                                }
                            }
                        }))
                        .toArray(CompletableFuture[]::new))
                .join();
        assertThat(granted).hasValue(1_000);
    }
}
