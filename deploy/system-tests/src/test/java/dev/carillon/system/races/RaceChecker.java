package dev.carillon.system.races;

import dev.carillon.system.clients.ReceiverLog.Arrival;
import dev.carillon.system.races.Race.Wish;
import dev.carillon.system.races.RaceStory.Reply;
import dev.carillon.system.races.RaceStory.Terms;
import dev.carillon.system.races.RaceStory.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Judges whether what clients were told is what happened. It knows no state machine: it compares answers, ends and arrivals. */
final class RaceChecker {

    private static final Set<String> ENDS = Set.of("delivered", "failed", "cancelled");

    /** What is promised. */
    enum Rule {
        EVERY_ANSWER_IS_ONE_OF_THOSE_PROMISED,
        EVERY_MESSAGE_ENDS_IN_ONE_WAY,
        DELIVERY_AGREES_WITH_THE_SCHEDULER,
        ARRIVALS_AGREE_WITH_THE_ATTEMPTS,
        NOTHING_ARRIVES_AFTER_A_CONFIRMED_CANCEL,
        A_CONFIRMED_CANCEL_IS_FINAL,
        A_CANCEL_TELLS_OF_EVERY_ATTEMPT,
        WHAT_WAS_REFUSED_AS_FIRED_WAS_ATTEMPTED,
        AN_EDIT_IS_DONE_OR_NOT_AS_ITS_ANSWER_SAYS,
        NEVER_TWO_CONTENTS,
        NEVER_EARLY,
        ONCE_UNLESS_FLAGGED
    }

    /** A promise that a story breaks. */
    record Finding(Rule rule, String what, RaceStory story) {}

    private final RaceStory story;
    private final List<Finding> findings = new ArrayList<>();

    private RaceChecker(RaceStory story) {
        this.story = story;
    }

    static List<Finding> check(RaceStory story) {
        var checker = new RaceChecker(story);
        checker.checkAnswers();
        checker.checkEnd();
        checker.checkAttempts();
        story.told().forEach(checker::checkAgainstTheEnd);
        checker.checkTerms();
        checker.checkArrivals();
        return checker.findings;
    }

    private void require(boolean holds, Rule rule, String otherwise) {
        if (!holds) {
            findings.add(new Finding(rule, otherwise, story));
        }
    }

    private void checkAnswers() {
        for (Told told : story.told()) {
            boolean possible =
                    switch (told.reply()) {
                        case DONE, PENDING, ALREADY_FIRED -> true;
                        // Only a change that meets another wish is asked to come again.
                        case RECALL_PENDING ->
                            told.wish() != Wish.CANCEL && story.told().size() > 1;
                        case IN_THE_PAST ->
                            told.wish() == Wish.RESCHEDULE
                                    && told.answeredAt().isAfter(story.wanted().dueAt());
                        case OTHER -> false;
                    };
            require(possible, Rule.EVERY_ANSWER_IS_ONE_OF_THOSE_PROMISED, told.body());
        }
    }

    private void checkEnd() {
        String end = story.end().status();
        require(ENDS.contains(end), Rule.EVERY_MESSAGE_ENDS_IN_ONE_WAY, end);
        String last = story.deliveries().isEmpty()
                ? "none"
                : story.deliveries().getLast().status();
        boolean agrees =
                switch (end) {
                    case "delivered" -> last.equals("delivered");
                    case "failed" -> last.equals("dead");
                    // One that was cancelled while scheduled delivery never heard of.
                    case "cancelled" -> last.equals("recalled") || last.equals("none");
                    default -> false;
                };
        require(agrees, Rule.DELIVERY_AGREES_WITH_THE_SCHEDULER, end + ", but the last delivery is " + last);
        require(
                story.deliveries().stream()
                        .limit(Math.max(0, story.deliveries().size() - 1))
                        .allMatch(former -> former.status().equals("recalled")
                                && former.attempts().isEmpty()),
                Rule.DELIVERY_AGREES_WITH_THE_SCHEDULER,
                "a former staging was not given up before its first attempt");
    }

    private void checkAttempts() {
        long attempts = story.attempts().count();
        require(
                story.end().attempts() == attempts,
                Rule.DELIVERY_AGREES_WITH_THE_SCHEDULER,
                story.end().attempts() + " attempts told, " + attempts + " made");
        require(
                story.attempts().noneMatch(attempt -> attempt.outcome().isEmpty()),
                Rule.DELIVERY_AGREES_WITH_THE_SCHEDULER,
                "an attempt is open, but the message has ended");
        // But for those that nobody answered each attempt arrived, and nothing arrived that was no attempt.
        int arrived = story.arrivals().size();
        require(
                arrived <= attempts && arrived >= attempts - story.unanswered(),
                Rule.ARRIVALS_AGREE_WITH_THE_ATTEMPTS,
                arrived + " arrivals of " + attempts + " attempts, " + story.unanswered() + " of them unanswered");
    }

    private void checkAgainstTheEnd(Told told) {
        boolean cancelled = story.end().status().equals("cancelled");
        switch (told.reply()) {
            case DONE -> {
                if (told.wish() == Wish.CANCEL) {
                    checkConfirmedCancel(told);
                }
            }
            case PENDING ->
                require(
                        told.status().equals("recalling") && (cancelled || story.wasAttempted() || isEdited()),
                        Rule.WHAT_WAS_REFUSED_AS_FIRED_WAS_ATTEMPTED,
                        "neither done nor attempted: " + told.body());
            case ALREADY_FIRED -> {
                boolean fired = story.wasAttempted()
                        && (story.arrivals().size() > 0 || story.unanswered() > 0)
                        && told.attempts() <= story.end().attempts();
                require(
                        fired || (told.wish() != Wish.CANCEL && told.status().equals("cancelled") && cancelled),
                        Rule.WHAT_WAS_REFUSED_AS_FIRED_WAS_ATTEMPTED,
                        told.body());
            }
            case RECALL_PENDING, IN_THE_PAST, OTHER -> {}
        }
    }

    private void checkConfirmedCancel(Told told) {
        require(
                told.status().equals("cancelled") && story.end().status().equals("cancelled"),
                Rule.A_CONFIRMED_CANCEL_IS_FINAL,
                told.status() + " was told, " + story.end().status() + " in the end");
        require(
                story.arrivals().stream().noneMatch(arrival -> arrival.at().isAfter(told.answeredAt())),
                Rule.NOTHING_ARRIVES_AFTER_A_CONFIRMED_CANCEL,
                "cancelled at " + told.answeredAt());
        require(
                told.attempts() == story.end().attempts()
                        && told.possiblyDelivered() == story.end().possiblyDelivered(),
                Rule.A_CANCEL_TELLS_OF_EVERY_ATTEMPT,
                told.body());
        for (Told later : story.told()) {
            if (later.sentAt().isAfter(told.answeredAt())) {
                require(
                        later.wish() == Wish.CANCEL
                                ? later.reply() == Reply.DONE
                                : later.reply() != Reply.DONE && later.reply() != Reply.PENDING,
                        Rule.A_CONFIRMED_CANCEL_IS_FINAL,
                        "afterwards " + later.wish() + " was answered " + later.body());
            }
        }
    }

    private boolean isEdited() {
        return story.end().terms().equals(story.wanted()) && !story.begun().equals(story.wanted());
    }

    /** The message is as it was begun, or as it was wanted, and which of both follows from the answer. */
    private void checkTerms() {
        Terms end = story.end().terms();
        boolean wished = !story.begun().equals(story.wanted());
        require(
                end.equals(story.begun()) || end.equals(story.wanted()),
                Rule.AN_EDIT_IS_DONE_OR_NOT_AS_ITS_ANSWER_SAYS,
                "neither as begun nor as wanted: " + end);
        for (Told told : story.told()) {
            if (told.wish() == Wish.CANCEL) {
                continue;
            }
            boolean right =
                    switch (told.reply()) {
                        case DONE -> end.equals(story.wanted());
                        case ALREADY_FIRED, RECALL_PENDING, IN_THE_PAST -> end.equals(story.begun());
                        case PENDING, OTHER -> true;
                    };
            require(
                    right && wished,
                    Rule.AN_EDIT_IS_DONE_OR_NOT_AS_ITS_ANSWER_SAYS,
                    told.reply() + " was told, and in the end it is " + (isEdited() ? "changed" : "as it was"));
        }
    }

    private void checkArrivals() {
        Terms end = story.end().terms();
        List<Arrival> arrivals = story.arrivals();
        require(
                arrivals.stream().allMatch(arrival -> arrival.text().equals(end.text())),
                Rule.NEVER_TWO_CONTENTS,
                "not all arrivals are " + end.text());
        require(
                arrivals.stream().noneMatch(arrival -> arrival.at().isBefore(end.dueAt())),
                Rule.NEVER_EARLY,
                "due at " + end.dueAt());
        long accepted = arrivals.stream().filter(Arrival::accepted).count();
        boolean flagged = story.end().possiblyDelivered();
        switch (story.end().status()) {
            case "delivered" ->
                require(
                        accepted >= 1 && (accepted == 1 || flagged && accepted <= 1 + story.unanswered()),
                        Rule.ONCE_UNLESS_FLAGGED,
                        accepted + " were accepted");
            case "cancelled", "failed" ->
                require(
                        accepted == 0 || flagged,
                        Rule.ONCE_UNLESS_FLAGGED,
                        accepted + " were accepted, and the message does not say so");
            default -> {}
        }
        require(
                flagged == (story.unanswered() > 0),
                Rule.ONCE_UNLESS_FLAGGED,
                "possiblyDelivered is " + flagged + ", and " + story.unanswered() + " attempts got no answer");
    }
}
