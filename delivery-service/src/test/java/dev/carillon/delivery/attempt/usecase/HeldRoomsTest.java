package dev.carillon.delivery.attempt.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** By a clock that stands still until a test moves it. */
class HeldRoomsTest {
    private static final UUID ENDPOINT = new UUID(0, 1);
    private static final UUID ANOTHER = new UUID(0, 2);

    private final AtomicLong nanos = new AtomicLong();
    private final HeldRooms rooms = new HeldRooms(3, nanos::get);

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void as_many_are_taken_as_the_count_leaves_room_for() {
        rooms.counted(Map.of(ENDPOINT, 1));

        assertThat(rooms.takes(ENDPOINT)).isTrue();
        assertThat(rooms.takes(ENDPOINT)).isTrue();
        assertThat(rooms.takes(ENDPOINT)).isFalse();
    }

    @Test
    void they_are_counted_once_and_again_when_a_while_has_passed() {
        assertThat(rooms.toCount(List.of(ENDPOINT, ANOTHER))).containsExactly(ENDPOINT, ANOTHER);
        rooms.counted(Map.of(ENDPOINT, 3));

        pass(Duration.ofSeconds(5));
        assertThat(rooms.toCount(List.of(ENDPOINT, ANOTHER))).containsExactly(ANOTHER);
        pass(Duration.ofMillis(1));
        assertThat(rooms.toCount(List.of(ENDPOINT))).containsExactly(ENDPOINT);
    }

    @Test
    void what_was_taken_and_is_not_held_after_all_is_counted_before_anything_is_refused_for_it() {
        rooms.counted(Map.of(ENDPOINT, 2));
        assertThat(rooms.takes(ENDPOINT)).isTrue();
        rooms.countAnew(List.of(ENDPOINT, ANOTHER));

        assertThat(rooms.toCount(List.of(ENDPOINT))).containsExactly(ENDPOINT);
        rooms.counted(Map.of(ENDPOINT, 2));
        assertThat(rooms.toCount(List.of(ENDPOINT))).isEmpty();
        assertThat(rooms.takes(ENDPOINT)).isTrue();
        assertThat(rooms.takes(ENDPOINT)).isFalse();
    }

    @Test
    void whoever_has_counted_is_refused_although_others_count_meanwhile() {
        rooms.counted(Map.of(ENDPOINT, 3));
        pass(Duration.ofSeconds(10));
        rooms.counted(Map.of(ANOTHER, 0));

        assertThat(rooms.takes(ENDPOINT)).isFalse();
    }
}
