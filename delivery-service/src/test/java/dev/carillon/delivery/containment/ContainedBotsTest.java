package dev.carillon.delivery.containment;

import static dev.carillon.delivery.containment.ContainmentFixture.DOWN;
import static dev.carillon.delivery.containment.ContainmentFixture.OK;
import static dev.carillon.delivery.containment.ContainmentFixture.QUICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.containment.ContainmentFixture.Asking;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/** Permits of bots and their chats. */
class ContainedBotsTest {
    private final ContainmentFixture permits = new ContainmentFixture();

    @Test
    void telegram_is_left_alone_when_several_chats_ask_for_it_at_once() {
        for (int i = 1; i <= 3; i++) {
            assertThat(permits.denial(permits.chat("9" + i))).isNull();
            var permit = permits.granted(permits.chat("1" + i));
            permit.begins();
            permit.ended(
                    new ProviderAnswer.Transient(429, Reason.RATE_LIMITED, "", null, Duration.ofSeconds(20), false),
                    QUICK);
        }
        assertThat(permits.denial(permits.chat("77"))).isEqualTo(Denial.RATE_LIMITED);
    }

    private void say(String tenant, String chat, ProviderAnswer answer) {
        var permit = permits.granted(permits.chat(tenant, chat));
        permit.begins();
        permit.ended(answer, QUICK);
    }

    @Test
    void a_bot_of_a_tenant_s_own_fails_alone() {
        for (int i = 0; i < 10; i++) {
            say("clinic", "1" + i, DOWN);
        }
        assertThat(permits.denial(permits.chat("clinic", "77"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(permits.denial(permits.chat("acme", "77"))).isNull();

        permits.clock.advance(Duration.ofSeconds(40));
        say("clinic", "78", OK);
        for (int i = 0; i < 10; i++) {
            say("acme", "1" + i, DOWN);
        }
        assertThat(permits.denial(permits.chat("other", "79"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(permits.denial(permits.chat("clinic", "79"))).isNull();
    }

    @Test
    void what_telegram_allows_a_bot_and_a_chat_each_bot_has_for_itself() {
        for (int i = 0; i < 30; i++) {
            say("acme", "1" + i, OK);
        }
        assertThat(permits.denial(permits.chat("other", "77"))).isEqualTo(Denial.RATE_LIMITED);

        say("clinic", "10", OK);
        assertThat(permits.denial(permits.chat("clinic", "10"))).isEqualTo(Denial.RATE_LIMITED);
        assertThat(permits.denial(permits.chat("clinic", "77"))).isNull();
    }

    @Test
    void chats_of_several_bots_that_ask_for_it_at_once_do_not_speak_against_one() {
        var slowDown = new ProviderAnswer.Transient(429, Reason.RATE_LIMITED, "", null, Duration.ofSeconds(20), false);
        say("acme", "11", slowDown);
        say("clinic", "12", slowDown);
        say("acme", "13", slowDown);

        assertThat(permits.denial(permits.chat("acme", "77"))).isNull();
        assertThat(permits.denial(permits.chat("clinic", "77"))).isNull();
        assertThat(permits.denial(permits.chat("acme", "12"))).isNull();
        assertThat(permits.denial(permits.chat("clinic", "12"))).isEqualTo(Denial.RATE_LIMITED);
    }

    @Test
    void a_tenant_sees_the_bot_that_its_messages_go_by_and_no_other() {
        permits.granted(permits.chat("acme", "1"));
        permits.granted(permits.chat("other", "2"));
        permits.granted(permits.chat("clinic", "3"));
        for (int i = 0; i < 5; i++) {
            assertThat(permits.denial(permits.chat("clinic", "3"))).isEqualTo(Denial.RATE_LIMITED);
        }

        assertThat(telegram("acme").inFlight()).isEqualTo(2);
        assertThat(telegram("acme").waiting()).isZero();
        assertThat(telegram("clinic").inFlight()).isEqualTo(1);
        assertThat(telegram("clinic").waiting()).isEqualTo(5);
        assertThat(permits.containment.standings("clinic")).hasSize(3);
        assertThat(permits.containment.totals("telegram").inFlight()).isEqualTo(3);
        assertThat(permits.containment.totals("telegram").waiting()).isEqualTo(5);
        assertThat(permits.containment.totals("telegram").breakers())
                .containsExactly(Map.entry(Breaker.State.CLOSED, 2));
    }

    private Standing telegram(String tenant) {
        var found = permits.containment.standings(tenant).stream()
                .filter(one -> one.name().channel().equals("telegram"))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void a_bulk_to_telegram_goes_out_at_thirty_a_second_in_order_with_few_questions() {
        var all = new ArrayList<Request>();
        for (int i = 0; i < 600; i++) {
            all.add(permits.chat(String.valueOf(1_000 + i)));
        }
        var begun = permits.clock.instant();

        var calls = permits.drain(all);

        assertAtMost(30, Duration.ofSeconds(1), List.copyOf(calls.values()));
        var last = calls.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        assertThat(Duration.between(begun, last)).isLessThan(Duration.ofSeconds(25));
        assertThat(permits.denied.getOrDefault(Denial.RATE_LIMITED, 0)).isLessThan(1_200);
    }

    /** What is left of a bulk to Telegram once a second's calls are permitted: the last is told to come in nineteen seconds. */
    private PriorityQueue<Asking> waitingForTheirTurns() {
        var begun = permits.clock.instant();
        var bulk = new PriorityQueue<Asking>(Comparator.comparing(Asking::at));
        for (int i = 0; i < 600; i++) {
            bulk.add(new Asking(permits.chat(String.valueOf(1_000 + i)), begun));
        }
        permits.drain(bulk, begun.plusMillis(20));
        assertThat(bulk).hasSize(570);
        return bulk;
    }

    @Test
    void whoever_comes_for_its_turn_has_it_however_many_have_begun_to_wait_since() {
        for (int i = 0; i < 10; i++) {
            permits.call("https://dead.example/", DOWN);
        }
        var begun = permits.clock.instant();
        var bulk = waitingForTheirTurns();

        for (int i = 0; i < 100_000; i++) {
            permits.containment.ask(permits.webhook("https://dead.example/"));
        }
        var calls = permits.drain(bulk, Instant.MAX);

        assertThat(calls).hasSize(570);
        assertAtMost(30, Duration.ofSeconds(1), List.copyOf(calls.values()));
        var last = calls.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        assertThat(Duration.between(begun, last)).isLessThan(Duration.ofSeconds(25));
    }

    @Test
    void those_that_do_not_come_for_their_turns_hold_up_nobody_for_long() {
        var begun = permits.clock.instant();
        waitingForTheirTurns();

        permits.clock.set(begun.plusSeconds(5));
        assertThat(permits.denial(permits.chat("77"))).as("while they may come").isEqualTo(Denial.RATE_LIMITED);
        permits.clock.set(begun.plusSeconds(15));
        assertThat(permits.denial(permits.chat("78")))
                .as("since they were recalled")
                .isNull();
    }

    @Test
    void a_chat_gets_one_a_second_and_a_group_twenty_a_minute_while_others_go_on() {
        var group = new ArrayList<Request>();
        for (int i = 0; i < 45; i++) {
            group.add(permits.chat("-100123"));
        }
        var other = permits.chat("5");
        var all = new ArrayList<>(group);
        all.add(other);
        var begun = permits.clock.instant();

        var calls = permits.drain(all);

        var toGroup = group.stream()
                .map(one -> Objects.requireNonNull(calls.get(one.deliveryId())))
                .toList();
        assertAtMost(1, Duration.ofSeconds(1), toGroup);
        assertAtMost(20, Duration.ofMinutes(1), toGroup);
        assertThat(calls.get(other.deliveryId())).isBefore(begun.plusSeconds(1));
    }

    private static void assertAtMost(int calls, Duration per, List<Instant> instants) {
        var sorted = instants.stream().sorted().toList();
        for (int i = calls; i < sorted.size(); i++) {
            assertThat(Duration.between(sorted.get(i - calls), sorted.get(i))).isGreaterThanOrEqualTo(per);
        }
    }
}
