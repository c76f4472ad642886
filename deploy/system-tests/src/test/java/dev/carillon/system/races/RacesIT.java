package dev.carillon.system.races;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.Setting;
import dev.carillon.system.races.Race.Kind;
import dev.carillon.system.races.Race.Wish;
import dev.carillon.system.races.RaceStory.Reply;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.TwoOfEach;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Cancel, reschedule and rewrite against fire, and against each other, with two schedulers and two deliveries. {@code make races} runs more of them;
 * {@code CARILLON_RACES_SEED} and {@code CARILLON_RACES} say which.
 */
@Order(Integer.MAX_VALUE - 2)
@ExtendWith(TwoOfEach.class)
class RacesIT {

    private final TestStack stack;

    RacesIT(TestStack stack) {
        this.stack = stack;
    }

    @Test
    void every_message_ends_in_one_way_and_every_answer_agrees_with_what_the_receiver_got() {
        var plan = RacePlan.of(
                Setting.number("CARILLON_RACES_SEED", 20_261_127), (int) Setting.number("CARILLON_RACES", 600));
        Instant start = Instant.now();
        List<RaceStory> stories;
        try (var run = new RaceRun(stack)) {
            stories = run.run(plan);
        }

        System.out.printf(
                "seed %d, %d races, took %s%n%s",
                plan.seed(), stories.size(), Duration.between(start, Instant.now()), table(stories));
        assertThat(stories).hasSameSizeAs(plan.races());
        assertThat(stories.stream().map(RaceChecker::check).flatMap(List::stream))
                .as("seed %d", plan.seed())
                .isEmpty();
        // Who never lost and never won was in no race.
        for (Wish wish : Wish.values()) {
            assertThat(stories).anyMatch(story -> story.wasTold(wish, Reply.DONE));
            assertThat(stories).anyMatch(story -> story.wasTold(wish, Reply.ALREADY_FIRED));
        }
        assertThat(stories)
                .as("cancelled after an attempt")
                .anyMatch(story -> story.wasAttempted() && story.end().status().equals("cancelled"));
    }

    private static String table(List<RaceStory> stories) {
        var table = new StringBuilder();
        for (Kind kind : Kind.values()) {
            Map<String, Long> ways = stories.stream()
                    .filter(story -> story.race().kind() == kind)
                    .collect(groupingBy(RacesIT::way, TreeMap::new, counting()));
            table.append(kind).append(": ").append(ways).append('\n');
        }
        long repeated =
                stories.stream().filter(story -> story.attempts().count() > 1).count();
        long flagged = stories.stream()
                .filter(story -> story.end().possiblyDelivered())
                .count();
        return table.append("%d attempted more than once, %d possibly delivered%n".formatted(repeated, flagged))
                .toString();
    }

    private static String way(RaceStory story) {
        return String.join(
                        " and ",
                        story.told().stream().map(told -> told.reply().name()).toList())
                + " -> " + story.end().status();
    }
}
