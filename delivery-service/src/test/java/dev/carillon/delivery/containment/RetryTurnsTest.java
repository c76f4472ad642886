package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.containment.Request.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Turns at a budget that is so slow that they lie far ahead. */
class RetryTurnsTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final double ONE_IN_THIRTY_YEARS = 1e-9;

    @Test
    void nobody_is_sent_away_for_longer_than_a_quarter_of_an_hour_however_slow_the_budget_is() {
        var turns = usedUp(0, ONE_IN_THIRTY_YEARS);
        for (int sharer = 0; sharer < 3; sharer++) {
            for (int retry = 0; retry < 100; retry++) {
                assertThat(turns.back(retry(), "tenant-" + sharer, NOW))
                        .isBetween(NOW.plus(LONGEST.dividedBy(2)), NOW.plus(LONGEST));
            }
        }
    }

    @Test
    void who_comes_back_before_its_turn_has_its_place_still() {
        var turns = usedUp(0, 0.001);
        var first = retry();
        var second = retry();
        assertThat(turns.back(first, "acme", NOW)).isEqualTo(at(900));
        assertThat(turns.back(second, "clinic", NOW)).isEqualTo(at(900));

        assertThat(turns.allows(second, "clinic", at(900))).isFalse();
        assertThat(turns.back(second, "clinic", at(900))).as("behind the first").isEqualTo(at(1_800));
        assertThat(turns.allows(first, "acme", at(900))).isFalse();
        assertThat(turns.back(first, "acme", at(900)))
                .as("as soon as the budget has one")
                .isBetween(at(1_000), at(1_001));

        assertThat(turns.allows(first, "acme", at(1_001))).isTrue();
        turns.begins(first, "acme", at(1_001));
        turns.back(retry(), "acme", at(1_001));
        assertThat(turns.allows(second, "clinic", at(1_800))).isFalse();
        assertThat(turns.back(second, "clinic", at(1_800)))
                .as("before the next one of the first")
                .isBetween(at(2_001), at(2_002));
    }

    @Test
    void who_does_not_come_back_holds_up_others_for_no_longer_than_it_was_sent_away() {
        var turns = usedUp(1, ONE_IN_THIRTY_YEARS);
        assertThat(turns.back(retry(), "acme", NOW))
                .as("one that is recalled then")
                .isEqualTo(at(900));
        turns.begins(request(Kind.FIRST), "clinic", NOW);

        var other = retry();
        assertThat(turns.allows(other, "clinic", at(909))).isFalse();
        assertThat(turns.allows(other, "clinic", at(911))).isTrue();
    }

    @Test
    void who_does_not_come_back_is_forgotten_although_one_before_it_waits_on() {
        var turns = usedUp(1, ONE_IN_THIRTY_YEARS);
        var waits = retry();
        turns.back(waits, "acme", NOW);
        assertThat(turns.back(retry(), "gone", NOW)).isEqualTo(at(900));
        assertThat(turns.allows(waits, "acme", at(900))).isFalse();
        assertThat(turns.back(waits, "acme", at(900))).isEqualTo(at(1_800));

        var next = retry();
        assertThat(turns.allows(next, "gone", at(911))).isFalse();
        assertThat(turns.back(next, "gone", at(911)))
                .as("the turn of its next one")
                .isEqualTo(at(1_811));
    }

    /** Turns of a budget that keeps one retry, which has begun. */
    private static RetryTurns usedUp(double ratio, double floorPerSecond) {
        var budget = new RetryBudget(new RetryBudget.Limits(ratio, floorPerSecond, 1), NOW);
        var turns = new RetryTurns(budget, () -> 0.5);
        turns.begins(retry(), "acme", NOW);
        return turns;
    }

    private static Request retry() {
        return request(Kind.RETRY);
    }

    private static Request request(Kind kind) {
        var to = new Destination.Email("ana@example.org");
        return new Request(UUID.randomUUID(), "acme", to.channel(), to, kind, NOW, 1);
    }

    private static Instant at(int second) {
        return NOW.plusSeconds(second);
    }
}
