package dev.carillon.relay.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneCursorTest {
    private static final LaneLease LEASE = new LaneLease(new Lane(7), 1);
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final Snapshot FIRST = new Snapshot("10:12:10");
    private static final Snapshot SECOND = new Snapshot("20:20:");

    private final LaneCursor cursor = new LaneCursor(LEASE, Position.START, 0);

    @Test
    void a_position_stops_before_the_first_event_that_is_not_settled() {
        readBatch(FIRST, 1, 2, 3);

        cursor.settle(1);
        cursor.settle(3);

        assertThat(saved()).isEqualTo(new Position(Snapshot.BEFORE_ALL, FIRST, 1, List.of(3L)));
    }

    @Test
    void a_batch_that_is_read_and_settled_moves_the_base() {
        readBatch(FIRST, 1, 2);

        cursor.settle(2);
        cursor.settle(1);

        assertThat(saved()).isEqualTo(new Position(FIRST, null, 0, List.of()));
    }

    @Test
    void a_later_batch_with_lower_seqs_is_remembered_behind_an_unsettled_one() {
        readBatch(FIRST, 5, 6);
        readBatch(SECOND, 2, 7);

        cursor.settle(6);
        cursor.settle(2);

        assertThat(saved()).isEqualTo(new Position(Snapshot.BEFORE_ALL, FIRST, 4, List.of(2L, 6L)));
    }

    @Test
    void an_empty_read_behind_an_unsettled_batch_makes_that_batch_end_later() {
        readBatch(FIRST, 1);

        readBatch(SECOND);

        assertThat(cursor.base()).isEqualTo(SECOND);
        assertThat(saved()).isEqualTo(new Position(Snapshot.BEFORE_ALL, SECOND, 0, List.of()));
    }

    @Test
    void what_was_settled_before_a_restart_is_not_published_again_and_stays_in_the_next_position() {
        var again = new LaneCursor(LEASE, new Position(Snapshot.BEFORE_ALL, FIRST, 1, List.of(3L, 9L)), 0);

        assertThat(again.read(2, "10", "topic", FIRST)).isTrue();
        assertThat(again.read(3, "10", "topic", FIRST)).isFalse();

        assertThat(again.position(List.of())).isEqualTo(new Position(Snapshot.BEFORE_ALL, FIRST, 1, List.of(3L, 9L)));
    }

    @Test
    void what_was_handed_out_and_is_known_no_more_is_forgotten() {
        readBatch(FIRST, 1, 2, 3);
        cursor.settle(2);

        assertThat(cursor.isAnyForgotten(Set.of(1L))).isTrue();
        assertThat(cursor.forgotten(Set.of(1L), Set.of())).isEqualTo(Map.of(3L, "11"));
    }

    @Test
    void what_waits_for_a_topic_is_not_to_be_read_again_yet_and_holds_its_lane_all_the_same() {
        readBatch(FIRST, 1, 2);

        assertThat(cursor.forgotten(Set.of(1L), Set.of("topic"))).isEmpty();
        assertThat(cursor.isAnyForgotten(Set.of(1L))).isTrue();
        assertThat(cursor.isAnyForgotten(Set.of(1L, 2L))).isFalse();
    }

    @Test
    void what_was_settled_is_saved_at_once_and_saved_once() {
        readBatch(FIRST, 1);
        assertThat(cursor.due(1)).isNull();

        cursor.settle(1);

        assertThat(cursor.due(1)).isEqualTo(new Position(FIRST, null, 0, List.of()));
        assertThat(cursor.due(2)).isNull();
    }

    @Test
    void how_far_a_lane_without_events_was_read_is_saved_once_a_minute() {
        readBatch(FIRST);
        assertThat(cursor.due(MINUTE - 1)).isNull();

        assertThat(cursor.due(MINUTE)).isEqualTo(new Position(FIRST, null, 0, List.of()));
        assertThat(cursor.due(2 * MINUTE)).isNull();
        readBatch(SECOND);
        assertThat(cursor.due(3 * MINUTE)).isEqualTo(new Position(SECOND, null, 0, List.of()));
    }

    @Test
    void a_settling_of_what_was_not_handed_out_changes_nothing() {
        cursor.settle(4);

        assertThat(cursor.position(List.of())).isEqualTo(Position.START);
        assertThat(cursor.due(1)).isNull();
    }

    private void readBatch(Snapshot target, long... seqs) {
        for (long seq : seqs) {
            assertThat(cursor.read(seq, "11", "topic", target)).isTrue();
        }
        cursor.wholeUpTo(target);
    }

    /** As a save leaves it, to see that nothing is forgotten by saving. */
    private Position saved() {
        Position position = cursor.position(List.of());
        cursor.saved(position, 0);
        assertThat(cursor.position(List.of())).isEqualTo(position);
        return position;
    }
}
