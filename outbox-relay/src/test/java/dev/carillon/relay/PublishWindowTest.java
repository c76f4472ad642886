package dev.carillon.relay;

import static dev.carillon.relay.Events.behindParked;
import static dev.carillon.relay.Events.event;
import static dev.carillon.relay.Events.found;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.relay.OutboxEvents.Found;
import dev.carillon.relay.OutboxEvents.Parking;
import dev.carillon.relay.PublishWindow.ParkBatch;
import dev.carillon.relay.PublishWindow.Sending;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishWindowTest {
    private static final long LEASE_END = 1_000;
    private static final LaneLease LANE_1 = new LaneLease(new Lane(1), 5);
    private static final LaneLease LANE_2 = new LaneLease(new Lane(2), 3);

    private final PublishWindow window = new PublishWindow(100, 1_000);

    @BeforeEach
    void open() {
        window.open(LANE_1, LEASE_END);
        window.open(LANE_2, LEASE_END);
    }

    @Test
    void the_next_event_of_a_key_goes_only_when_the_one_before_it_is_acknowledged() {
        admit(found(event(1, 10, "k")), found(event(1, 11, "k")));

        Sending first = next();
        assertThat(nextOrNone()).isNull();
        window.acknowledged(first);

        assertThat(next().event().seq()).isEqualTo(11);
    }

    @Test
    void different_keys_do_not_wait_for_each_other() {
        admit(found(event(1, 10, "a")), found(event(1, 11, "b")), found(event(2, 12, "c")));

        assertThat(allNext()).extracting(sending -> sending.event().seq()).containsExactly(10L, 11L, 12L);
    }

    @Test
    void one_key_in_two_topics_is_two_keys() {
        admit(found(event(1, 10, "one", "k")), found(event(1, 11, "two", "k")));

        assertThat(allNext()).hasSize(2);
    }

    @Test
    void an_event_that_failed_is_sent_again_before_any_later_one_of_its_key() {
        admit(found(event(1, 10, "k")), found(event(1, 11, "k")));

        window.failed(next());

        assertThat(next().event().seq()).isEqualTo(10);
        assertThat(nextOrNone()).isNull();
    }

    @Test
    void an_acknowledged_event_stays_known_until_it_is_taken_to_be_settled() {
        admit(found(event(1, 10, "k")));
        window.acknowledged(next());

        assertThat(window.known()).containsExactly(10L);
        admit(found(event(1, 10, "k")));
        assertThat(nextOrNone()).isNull();

        assertThat(window.takeAcknowledged()).isEqualTo(Map.of(LANE_1, List.of(10L)));
        assertThat(window.known()).isEmpty();
        assertThat(window.takeAcknowledged()).isEmpty();
    }

    @Test
    void nothing_is_sent_after_the_end_of_the_lease_and_a_renewal_lets_it_go_on() {
        admit(found(event(1, 10, "k")));

        assertThat(window.next(LEASE_END, topic -> true)).isNull();
        window.extend(LANE_1, LEASE_END + 500);

        assertThat(window.next(LEASE_END, topic -> true)).isNotNull();
    }

    @Test
    void a_closed_lane_takes_its_events_along_and_late_answers_change_nothing() {
        admit(found(event(1, 10, "k")), found(event(1, 11, "k")), found(event(2, 12, "z")));
        Sending late = next();

        window.close(new Lane(1));
        window.acknowledged(late);

        assertThat(window.known()).containsExactly(12L);
        assertThat(window.takeAcknowledged()).isEmpty();
    }

    @Test
    void an_answer_from_a_former_lease_does_not_settle_the_event_under_the_new_one() {
        admit(found(event(1, 10, "k")), found(event(1, 11, "k")));
        Sending former = next();
        var renewed = new LaneLease(new Lane(1), 6);
        window.open(renewed, LEASE_END);
        window.admit(List.of(found(event(1, 10, "k")), found(event(1, 11, "k"))), Set.of(renewed));

        window.acknowledged(former);

        assertThat(next().event().seq()).isEqualTo(10);
        assertThat(nextOrNone()).isNull();
    }

    @Test
    void what_was_read_under_a_former_lease_is_not_taken_in() {
        window.open(new LaneLease(new Lane(1), 6), LEASE_END);

        admit(found(event(1, 10, "k")));

        assertThat(window.isEmpty()).isTrue();
    }

    @Test
    void a_yielding_lane_forgets_what_waits_and_is_drained_when_what_is_out_is_settled() {
        admit(found(event(1, 10, "k")), found(event(1, 11, "k")), found(event(1, 12, "z")));
        Sending out = next();

        window.letGo(new Lane(1));
        admit(found(event(1, 13, "y")));

        assertThat(window.drained()).isEmpty();
        assertThat(nextOrNone()).isNull();
        window.acknowledged(out);
        assertThat(window.drained()).isEmpty();
        window.takeAcknowledged();
        assertThat(window.drained()).containsExactly(LANE_1);
    }

    @Test
    void a_refused_event_parks_with_all_later_ones_of_its_key_and_no_other() {
        admit(found(event(1, 10, "k")), found(event(1, 11, "k")), found(event(1, 12, "z")));

        window.refused(next(), "too large");
        window.acknowledged(next());

        assertThat(window.takeRefused())
                .isEqualTo(new ParkBatch(LANE_1, List.of(new Parking(10, "too large"), new Parking(11, null))));
        assertThat(nextOrNone()).isNull();
    }

    @Test
    void an_event_read_behind_a_parked_one_of_its_key_is_not_sent() {
        admit(behindParked(event(1, 10, "k")), found(event(1, 11, "z")));

        assertThat(allNext()).extracting(sending -> sending.event().seq()).containsExactly(11L);
        assertThat(window.takeRefused()).isEqualTo(new ParkBatch(LANE_1, List.of(new Parking(10, null))));
    }

    @Test
    void what_comes_behind_a_parked_one_while_its_key_is_on_its_way_waits_for_that_and_follows() {
        admit(found(event(1, 10, "k")));
        Sending out = next();
        admit(behindParked(event(1, 11, "k")));

        window.acknowledged(out);

        assertThat(nextOrNone()).isNull();
        assertThat(window.takeRefused()).isEqualTo(new ParkBatch(LANE_1, List.of(new Parking(11, null))));
    }

    @Test
    void a_parking_that_failed_is_tried_again_and_one_that_succeeded_is_forgotten() {
        admit(found(event(1, 10, "k")));
        window.refused(next(), "too large");

        window.notParked(Objects.requireNonNull(window.takeRefused()));
        ParkBatch again = Objects.requireNonNull(window.takeRefused());
        window.parked(again);

        assertThat(window.isEmpty()).isTrue();
        assertThat(window.roomForBytes()).isEqualTo(1_000);
    }

    @Test
    void events_of_a_topic_that_cannot_be_sent_to_are_left_to_a_later_read() {
        admit(found(event(1, 10, "missing", "k")), found(event(1, 11, "there", "k")));

        Sending sent = Objects.requireNonNull(window.next(0, "there"::equals));

        assertThat(sent.event().seq()).isEqualTo(11);
        assertThat(window.known()).containsExactly(11L);
    }

    @Test
    void room_counts_events_until_they_are_settled_and_bytes_until_they_are_acknowledged() {
        admit(found(event(1, 10, "k")));
        assertThat(window.roomForEvents()).isEqualTo(99);
        assertThat(window.roomForBytes()).isEqualTo(998);

        window.acknowledged(next());
        assertThat(window.roomForBytes()).isEqualTo(1_000);
        assertThat(window.roomForEvents()).isEqualTo(99);

        window.takeAcknowledged();
        assertThat(window.roomForEvents()).isEqualTo(100);
    }

    private void admit(Found... found) {
        window.admit(List.of(found), Set.of(LANE_1, LANE_2));
    }

    private @Nullable Sending nextOrNone() {
        return window.next(0, topic -> true);
    }

    private Sending next() {
        return Objects.requireNonNull(nextOrNone(), "there is an event to send");
    }

    private List<Sending> allNext() {
        List<Sending> all = new ArrayList<>();
        for (@Nullable Sending next = nextOrNone(); next != null; next = nextOrNone()) {
            all.add(next);
        }
        return all;
    }
}
