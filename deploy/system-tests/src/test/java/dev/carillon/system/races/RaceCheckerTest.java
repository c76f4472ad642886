package dev.carillon.system.races;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.clients.ReceiverLog.Arrival;
import dev.carillon.system.races.Race.Wish;
import dev.carillon.system.races.RaceChecker.Finding;
import dev.carillon.system.races.RaceChecker.Rule;
import dev.carillon.system.races.RaceStory.Attempt;
import dev.carillon.system.races.RaceStory.Delivery;
import dev.carillon.system.races.RaceStory.End;
import dev.carillon.system.races.RaceStory.Reply;
import dev.carillon.system.races.RaceStory.Terms;
import dev.carillon.system.races.RaceStory.Told;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing shows nothing, unless it finds what is there. */
class RaceCheckerTest {

    private static final Instant DUE = Instant.parse("2026-11-27T09:00:00Z");
    private static final Terms BEGUN = new Terms("old", DUE);
    private static final Terms REWRITTEN = new Terms("new", DUE);
    private static final Terms POSTPONED = new Terms("old", DUE.plusSeconds(2));

    private static final Attempt YES = new Attempt("delivered", true);
    private static final Attempt NO = new Attempt("transient", true);
    private static final Attempt SILENCE = new Attempt("transient", false);

    // What is right.

    @Test
    void a_message_cancelled_before_its_instant_is_as_it_should_be() {
        assertThat(check(cancelledInTime())).isEmpty();
    }

    @Test
    void a_message_that_was_delivered_before_its_cancel_came_is_as_it_should_be() {
        assertThat(check(deliveredFirst())).isEmpty();
    }

    @Test
    void a_message_cancelled_after_a_failed_attempt_is_as_it_should_be() {
        var story = story(
                BEGUN,
                List.of(told(Wish.CANCEL, 1_000, Reply.DONE, "cancelled", 1)),
                new End("cancelled", BEGUN, 1, false),
                List.of(new Delivery(1, "recalled", false, List.of(NO))),
                List.of(arrival(3, false, "old")));

        assertThat(check(story)).isEmpty();
    }

    @Test
    void a_message_rewritten_in_time_is_as_it_should_be() {
        assertThat(check(rewritten())).isEmpty();
    }

    @Test
    void a_message_repeated_after_a_silent_call_is_as_it_should_be_when_it_says_so() {
        assertThat(check(repeated(true))).isEmpty();
    }

    // What is broken.

    @Test
    void an_answer_that_nobody_promised_is_found() {
        var story = deliveredFirst();

        assertThat(check(with(story, told(Wish.CANCEL, 500, Reply.OTHER, "delivered", 1))))
                .contains(Rule.EVERY_ANSWER_IS_ONE_OF_THOSE_PROMISED);
        assertThat(check(with(story, told(Wish.CANCEL, 500, Reply.RECALL_PENDING, "delivered", 1))))
                .contains(Rule.EVERY_ANSWER_IS_ONE_OF_THOSE_PROMISED);
    }

    @Test
    void a_message_that_never_ends_is_found() {
        var story = cancelledInTime();

        assertThat(check(with(story, new End("recalling", BEGUN, 0, false))))
                .contains(Rule.EVERY_MESSAGE_ENDS_IN_ONE_WAY);
    }

    @Test
    void a_message_that_is_delivered_and_cancelled_is_found() {
        var story = story(
                BEGUN,
                List.of(told(Wish.CANCEL, -500, Reply.DONE, "cancelled", 0)),
                new End("cancelled", BEGUN, 0, false),
                List.of(new Delivery(1, "delivered", false, List.of(YES))),
                List.of(arrival(3, true, "old")));

        assertThat(check(story))
                .contains(
                        Rule.DELIVERY_AGREES_WITH_THE_SCHEDULER,
                        Rule.NOTHING_ARRIVES_AFTER_A_CONFIRMED_CANCEL,
                        Rule.ONCE_UNLESS_FLAGGED);
    }

    @Test
    void a_confirmed_cancel_that_is_not_the_end_is_found() {
        var story = with(deliveredFirst(), told(Wish.CANCEL, -500, Reply.DONE, "cancelled", 0));

        assertThat(check(story))
                .contains(Rule.A_CONFIRMED_CANCEL_IS_FINAL, Rule.NOTHING_ARRIVES_AFTER_A_CONFIRMED_CANCEL);
    }

    @Test
    void a_confirmed_cancel_that_is_refused_afterwards_is_found() {
        var story = cancelledInTime();
        var twice = new RaceStory(
                story.race(),
                story.id(),
                BEGUN,
                BEGUN,
                List.of(story.told().getFirst(), told(Wish.CANCEL, 500, Reply.ALREADY_FIRED, "cancelled", 0)),
                story.end(),
                story.deliveries(),
                story.arrivals());

        assertThat(check(twice))
                .contains(Rule.A_CONFIRMED_CANCEL_IS_FINAL, Rule.WHAT_WAS_REFUSED_AS_FIRED_WAS_ATTEMPTED);
    }

    @Test
    void a_confirmed_cancel_that_keeps_quiet_about_an_attempt_is_found() {
        var story = story(
                BEGUN,
                List.of(told(Wish.CANCEL, 1_000, Reply.DONE, "cancelled", 0)),
                new End("cancelled", BEGUN, 1, false),
                List.of(new Delivery(1, "recalled", false, List.of(NO))),
                List.of(arrival(3, false, "old")));

        assertThat(check(story)).containsExactly(Rule.A_CANCEL_TELLS_OF_EVERY_ATTEMPT);
    }

    @Test
    void a_refusal_of_what_was_never_attempted_is_found() {
        var story = with(cancelledInTime(), told(Wish.CANCEL, -500, Reply.ALREADY_FIRED, "delivering", 0));

        assertThat(check(story)).containsExactly(Rule.WHAT_WAS_REFUSED_AS_FIRED_WAS_ATTEMPTED);
    }

    @Test
    void an_edit_that_was_confirmed_and_not_made_is_found() {
        var story = rewritten();
        var old = new RaceStory(
                story.race(),
                story.id(),
                BEGUN,
                REWRITTEN,
                story.told(),
                new End("delivered", BEGUN, 1, false),
                story.deliveries(),
                List.of(arrival(3, true, "old")));

        assertThat(check(old)).containsExactly(Rule.AN_EDIT_IS_DONE_OR_NOT_AS_ITS_ANSWER_SAYS);
    }

    @Test
    void an_edit_that_was_refused_and_made_all_the_same_is_found() {
        var story = with(rewritten(), told(Wish.REWRITE, -500, Reply.ALREADY_FIRED, "delivering", 1));

        assertThat(check(story)).containsExactly(Rule.AN_EDIT_IS_DONE_OR_NOT_AS_ITS_ANSWER_SAYS);
    }

    @Test
    void two_contents_are_found() {
        var story = new RaceStory(
                race(),
                UUID.randomUUID(),
                BEGUN,
                REWRITTEN,
                rewritten().told(),
                new End("delivered", REWRITTEN, 2, false),
                List.of(new Delivery(1, "delivered", false, List.of(NO, YES))),
                List.of(arrival(3, false, "old"), arrival(500, true, "new")));

        assertThat(check(story)).containsExactly(Rule.NEVER_TWO_CONTENTS);
    }

    @Test
    void a_message_that_came_at_its_former_instant_is_found() {
        var story = new RaceStory(
                race(),
                UUID.randomUUID(),
                BEGUN,
                POSTPONED,
                List.of(told(Wish.RESCHEDULE, -500, Reply.DONE, "staged", 0)),
                new End("delivered", POSTPONED, 1, false),
                List.of(new Delivery(2, "delivered", false, List.of(YES))),
                List.of(arrival(3, true, "old")));

        assertThat(check(story)).containsExactly(Rule.NEVER_EARLY);
    }

    @Test
    void a_repetition_in_silence_is_found() {
        assertThat(check(repeated(false)))
                .containsOnly(Rule.ONCE_UNLESS_FLAGGED)
                .hasSize(2);
    }

    @Test
    void an_arrival_that_was_no_attempt_and_an_attempt_that_never_arrived_are_found() {
        var story = deliveredFirst();
        var twice = new RaceStory(
                story.race(),
                story.id(),
                BEGUN,
                BEGUN,
                story.told(),
                story.end(),
                story.deliveries(),
                List.of(arrival(3, true, "old"), arrival(4, false, "old")));
        var never = new RaceStory(
                story.race(), story.id(), BEGUN, BEGUN, story.told(), story.end(), story.deliveries(), List.of());

        assertThat(check(twice)).containsExactly(Rule.ARRIVALS_AGREE_WITH_THE_ATTEMPTS);
        assertThat(check(never)).contains(Rule.ARRIVALS_AGREE_WITH_THE_ATTEMPTS);
    }

    @Test
    void a_former_staging_that_was_attempted_is_found() {
        var story = rewritten();
        var both = new RaceStory(
                story.race(),
                story.id(),
                BEGUN,
                REWRITTEN,
                story.told(),
                new End("delivered", REWRITTEN, 2, false),
                List.of(
                        new Delivery(1, "delivered", false, List.of(YES)),
                        new Delivery(2, "delivered", false, List.of(YES))),
                List.of(arrival(3, true, "new"), arrival(5, true, "new")));

        assertThat(check(both)).contains(Rule.DELIVERY_AGREES_WITH_THE_SCHEDULER, Rule.ONCE_UNLESS_FLAGGED);
    }

    private static RaceStory cancelledInTime() {
        return story(
                BEGUN,
                List.of(told(Wish.CANCEL, -500, Reply.DONE, "cancelled", 0)),
                new End("cancelled", BEGUN, 0, false),
                List.of(new Delivery(1, "recalled", false, List.of())),
                List.of());
    }

    private static RaceStory deliveredFirst() {
        return story(
                BEGUN,
                List.of(told(Wish.CANCEL, 500, Reply.ALREADY_FIRED, "delivered", 1)),
                new End("delivered", BEGUN, 1, false),
                List.of(new Delivery(1, "delivered", false, List.of(YES))),
                List.of(arrival(3, true, "old")));
    }

    private static RaceStory rewritten() {
        return story(
                REWRITTEN,
                List.of(told(Wish.REWRITE, -500, Reply.DONE, "staged", 0)),
                new End("delivered", REWRITTEN, 1, false),
                List.of(
                        new Delivery(1, "recalled", false, List.of()),
                        new Delivery(2, "delivered", false, List.of(YES))),
                List.of(arrival(3, true, "new")));
    }

    private static RaceStory repeated(boolean flagged) {
        return story(
                BEGUN,
                List.of(told(Wish.CANCEL, 500, Reply.ALREADY_FIRED, "delivering", 1)),
                new End("delivered", BEGUN, 2, flagged),
                List.of(new Delivery(1, "delivered", flagged, List.of(SILENCE, YES))),
                List.of(arrival(3, true, "old"), arrival(6_000, true, "old")));
    }

    private static RaceStory story(
            Terms wanted, List<Told> told, End end, List<Delivery> deliveries, List<Arrival> arrivals) {
        return new RaceStory(race(), UUID.randomUUID(), BEGUN, wanted, told, end, deliveries, arrivals);
    }

    private static RaceStory with(RaceStory story, Told told) {
        return new RaceStory(
                story.race(),
                story.id(),
                story.begun(),
                story.wanted(),
                List.of(told),
                story.end(),
                story.deliveries(),
                story.arrivals());
    }

    private static RaceStory with(RaceStory story, End end) {
        return new RaceStory(
                story.race(),
                story.id(),
                story.begun(),
                story.wanted(),
                story.told(),
                end,
                story.deliveries(),
                story.arrivals());
    }

    private static Told told(Wish wish, long millisAfterTheInstant, Reply reply, String status, int attempts) {
        Instant answeredAt = DUE.plusMillis(millisAfterTheInstant);
        return new Told(wish, answeredAt.minusMillis(5), answeredAt, reply, status, attempts, false, "{}");
    }

    private static Arrival arrival(long millisAfterTheInstant, boolean accepted, String text) {
        return new Arrival(DUE.plusMillis(millisAfterTheInstant), accepted, text);
    }

    private static Race race() {
        return Race.drawn(0, Race.Moment.STAGED, new Random(1));
    }

    private static List<Rule> check(RaceStory story) {
        return RaceChecker.check(story).stream().map(Finding::rule).toList();
    }
}
