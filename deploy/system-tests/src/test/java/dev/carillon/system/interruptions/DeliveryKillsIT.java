package dev.carillon.system.interruptions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.Setting;
import dev.carillon.system.clients.BookingPair;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RevivedStack;
import dev.carillon.system.stack.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Thousands of messages while delivery is killed again and again; {@code CARILLON_KILLS_SEED} says when. */
@ExtendWith(RevivedStack.class)
class DeliveryKillsIT {

    private static final int MESSAGES = 5_000;
    private static final int KILLS = 20;
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration APART = Duration.ofMillis(120);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(20);

    private final TestStack stack;
    private final Carillon carillon;

    DeliveryKillsIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @Test
    void twenty_kills_lose_nothing_and_repeat_only_open_calls_which_are_flagged() {
        long seed = Setting.seed("CARILLON_KILLS_SEED");
        System.out.println("kills of delivery: seed " + seed);
        carillon.faults().slowSomeWebhooks();
        try (var burst = new Burst(carillon, MESSAGES, SOON, APART)) {
            burst.awaitArrived(1);
            List<Instant> crashes = killAgainAndAgain(new Random(seed));

            Burst.History history = burst.awaitEndAfter("delivery killed " + crashes.size() + " times, seed " + seed);
            assertThat(history.unknown()).isPositive();
            history.assertThatTheUnknownWereOpenAt(crashes);
        }
    }

    private List<Instant> killAgainAndAgain(Random random) {
        var crashes = new ArrayList<Instant>();
        for (int i = 0; i < KILLS; i++) {
            BookingPair.pause(Duration.ofMillis(random.nextLong(LONGEST_PAUSE.toMillis())));
            crashes.add(stack.crash("delivery"));
        }
        return crashes;
    }
}
