package dev.carillon.kit.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BucketsTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void buckets_that_are_full_again_are_forgotten_and_those_in_use_are_not() {
        var buckets = new Buckets<Integer>(who -> new Quota(1, who == 0 ? 10 : 1), 0);
        for (int n = 0; n < 10; n++) {
            buckets.of(0, 0).take(0);
        }
        for (int who = 1; who < Buckets.FEW; who++) {
            buckets.of(who, 0).take(0);
        }
        assertThat(buckets.size()).isEqualTo(Buckets.FEW);

        buckets.of(-1, 2 * SECOND).take(2 * SECOND);

        assertThat(buckets.size()).isEqualTo(2);
        assertThat(buckets.of(0, 2 * SECOND).isFull(2 * SECOND)).isFalse();
    }

    @Test
    void however_many_come_at_once_memory_is_bounded() {
        var buckets = new Buckets<Integer>(who -> new Quota(1, 1), 0);
        for (int who = 0; who < Buckets.MOST + 100; who++) {
            assertThat(buckets.of(who, 0).take(0)).isZero();
        }
        assertThat(buckets.size()).isEqualTo(Buckets.MOST);
        assertThat(buckets.of(0, 0).take(0)).isPositive();
    }
}
