package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.containment.RateLimit.Rate;
import dev.carillon.delivery.containment.Request.Kind;
import dev.carillon.kit.testing.SettableClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Permits as attempts meet them, by a clock that a test holds in its hand. */
class ContainmentTest {
    private static final Duration HEAD_START = Duration.ofMillis(300);
    private static final Duration QUICK = Duration.ofMillis(5);
    private static final ProviderAnswer OK = new ProviderAnswer.Delivered(200, null, null);
    private static final ProviderAnswer DOWN =
            new ProviderAnswer.Transient(503, Reason.PROVIDER_FAILED, "down", null, null, false);
    private static final ProviderAnswer NOBODY =
            ProviderAnswer.Transient.unanswered(Reason.CONNECTION_REFUSED, "nobody", false);

    private final SettableClock clock = SettableClock.at("2026-11-27T09:00:00Z");
    private final Random random = new Random(7);
    private final Map<Denial, Integer> denied = new HashMap<>();
    private final List<Duration> waits = new ArrayList<>();
    private Containment containment = containment(15_000, 1_000);

    private Containment containment(int receiverCalls, long contentBytes) {
        var second = Duration.ofSeconds(1);
        var limits = new Limits(
                BreakerTest.limits(),
                new RetryBudget.Limits(0.2, 1, 500),
                30_000,
                receiverCalls,
                Map.of("webhook", new Limits.Pace(32, Duration.ofSeconds(15))),
                new Limits.Rates(
                        null, new Rate(30, second), new Rate(1, second), new Rate(20, Duration.ofMinutes(1)), null),
                Set.of("clinic"),
                second,
                Duration.ofHours(1),
                contentBytes,
                100);
        return new Containment(limits, HEAD_START, clock, random::nextDouble, new Containment.Observer() {
            @Override
            public void denied(String channel, Denial reason) {
                denied.merge(reason, 1, Integer::sum);
            }

            @Override
            public void admitted(String channel, Duration waited) {
                waits.add(waited);
            }
        });
    }

    private Request webhook(String tenant, String url, Kind kind) {
        return request(tenant, new Destination.WebhookUrl(URI.create(url)), kind, 1);
    }

    private Request webhook(String url) {
        return webhook("acme", url, Kind.FIRST);
    }

    private Request chat(String id) {
        return chat("acme", id);
    }

    /** The tenant "clinic" has a bot of its own, and nobody else has. */
    private Request chat(String tenant, String id) {
        return request(tenant, new Destination.Telegram(id), Kind.FIRST, 1);
    }

    private Request mail(String tenant, Kind kind) {
        return request(tenant, new Destination.Email("ana@example.org"), kind, 1);
    }

    private Request request(String tenant, Destination to, Kind kind, int bytes) {
        return new Request(UUID.randomUUID(), tenant, to.channel(), to, kind, clock.instant(), bytes);
    }

    private Permit granted(Request request) {
        var answer = containment.ask(request);
        assertThat(answer).isInstanceOf(Answer.Granted.class);
        return ((Answer.Granted) answer).permit();
    }

    private void call(String url, ProviderAnswer answer) {
        if (containment.ask(webhook(url)) instanceof Answer.Granted(Permit permit, Instant callAt)) {
            permit.begins();
            permit.ended(answer, QUICK);
        }
    }

    private @Nullable Denial denial(Request request) {
        return switch (containment.ask(request)) {
            case Answer.Denied(Denial reason, Instant askAgainAt) -> {
                assertThat(askAgainAt).isAfter(clock.instant());
                yield reason;
            }
            case Answer.Granted(Permit permit, Instant callAt) -> {
                permit.unused();
                yield null;
            }
        };
    }

    @Test
    void who_begins_while_all_connections_are_in_use_has_to_wait_for_one() {
        for (int i = 0; i < 32; i++) {
            var first = granted(webhook("https://a.example/"));
            first.begins();
            assertThat(first.hadToWait()).isFalse();
        }
        var next = granted(webhook("https://a.example/"));
        next.begins();
        assertThat(next.hadToWait()).isTrue();
        var elsewhere = granted(webhook("https://b.example/"));
        elsewhere.begins();
        assertThat(elsewhere.hadToWait()).isFalse();
    }

    @Test
    void a_dead_address_is_dead_alone_for_its_own_tenant_alone() {
        for (int i = 0; i < 20; i++) {
            call("https://a.example/dead?token=%d".formatted(i), DOWN);
        }

        assertThat(denial(webhook("https://a.example/dead"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(denial(webhook("https://a.example/alive"))).isNull();
        assertThat(denial(webhook("https://b.example/dead"))).isNull();
        assertThat(denial(webhook("other", "https://a.example/dead", Kind.FIRST)))
                .isNull();
    }

    @Test
    void where_nobody_is_at_all_no_address_is_called() {
        for (int i = 0; i < 20; i++) {
            call("https://gone.example/" + i, NOBODY);
        }
        assertThat(denial(webhook("https://gone.example/new"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(denial(webhook("https://gone.example:8443/new"))).isNull();
    }

    @Test
    void a_thousand_that_wait_for_a_breaker_do_not_come_back_together() {
        for (int i = 0; i < 10; i++) {
            call("https://a.example/", DOWN);
        }
        var back = new ArrayList<Instant>();
        for (int i = 0; i < 1_000; i++) {
            back.add(((Answer.Denied) containment.ask(webhook("https://a.example/"))).askAgainAt());
        }

        var first = back.stream().min(Comparator.naturalOrder()).orElseThrow();
        assertThat(back.stream().filter(first::equals).count()).isEqualTo(3);
        var perTenth = new HashMap<Long, Integer>();
        back.forEach(one -> perTenth.merge(one.toEpochMilli() / 100, 1, Integer::sum));
        assertThat(perTenth.values()).allSatisfy(number -> assertThat(number).isLessThan(110));
        assertThat(waitingAt("https://a.example:443/")).isEqualTo(1_000);
        clock.set(first.plusSeconds(10));
        assertThat(waitingAt("https://a.example:443/")).isZero();
    }

    private int waitingAt(String address) {
        return containment.standings("acme").stream()
                .filter(one -> one.name().name().equals(address))
                .mapToInt(Standing::waiting)
                .sum();
    }

    @Test
    void exhausted_the_budget_lets_retries_wait_and_first_attempts_go() {
        for (int i = 0; i < 10; i++) {
            granted(webhook("acme", "https://a.example/", Kind.RETRY));
        }

        var next = webhook("acme", "https://a.example/", Kind.RETRY);
        assertThat(denial(next)).isEqualTo(Denial.RETRY_BUDGET);
        assertThat(denial(webhook("https://a.example/"))).isNull();
        assertThat(denial(webhook("acme", "https://b.example/", Kind.RETRY))).isNull();
        clock.advance(Duration.ofMillis(1_001));
        assertThat(denial(webhook("acme", "https://a.example/", Kind.RETRY)))
                .as("whose turn it is not")
                .isEqualTo(Denial.RETRY_BUDGET);
        assertThat(denial(next)).isNull();
    }

    @Test
    void what_an_operator_asked_for_takes_nothing_of_the_budget_and_delays_no_retry() {
        for (int i = 0; i < 10; i++) {
            end(granted(mail("acme", Kind.RETRY)));
        }
        for (int i = 0; i < 10_000; i++) {
            end(granted(mail("acme", Kind.ON_REQUEST)));
        }

        var retry = mail("other", Kind.RETRY);
        assertThat(backIn(retry)).isLessThan(Duration.ofSeconds(2));
        clock.advance(Duration.ofSeconds(2));
        end(granted(retry));
    }

    private static void end(Permit permit) {
        permit.begins();
        permit.ended(OK, QUICK);
    }

    private Duration backIn(Request denied) {
        var answer = containment.ask(denied);
        assertThat(answer).isInstanceOf(Answer.Denied.class);
        return Duration.between(clock.instant(), ((Answer.Denied) answer).askAgainAt());
    }

    @Test
    void what_an_operator_asked_for_adds_nothing_to_the_budget_either() {
        for (int i = 0; i < 10; i++) {
            end(granted(mail("acme", Kind.RETRY)));
        }
        granted(mail("acme", Kind.ON_REQUEST)).unused();
        end(granted(mail("acme", Kind.ON_REQUEST)));
        assertThat(denial(mail("acme", Kind.RETRY))).isEqualTo(Denial.RETRY_BUDGET);
    }

    @Test
    void thousands_of_retries_of_one_tenant_do_not_delay_those_of_another() {
        var begun = clock.instant();
        var queue = new PriorityQueue<Asking>(Comparator.comparing(Asking::at));
        for (int i = 0; i < 3_000; i++) {
            queue.add(new Asking(mail("acme", Kind.RETRY), begun));
        }
        var others = new ArrayList<Request>();
        for (int i = 0; i < 3; i++) {
            others.add(mail("other", Kind.RETRY));
            queue.add(new Asking(others.getLast(), begun.plusSeconds(30)));
        }

        var calls = drain(queue, begun.plusSeconds(120));

        var waited = others.stream()
                .map(one -> Duration.between(
                        begun.plusSeconds(30),
                        Objects.requireNonNull(calls.get(one.deliveryId()), "begun within a minute and a half")))
                .sorted()
                .toList();
        assertThat(waited.getFirst()).isLessThan(Duration.ofSeconds(4));
        assertThat(waited.getLast()).isLessThan(Duration.ofSeconds(20));
        assertThat(calls.size()).as("ten at first and one a second").isBetween(70, 10 + 120);
        assertThat(denied.getOrDefault(Denial.RETRY_BUDGET, 0))
                .as("once each, and then a few a second")
                .isLessThan(4_000);
    }

    @Test
    void a_turn_that_is_not_taken_is_somebody_else_s() {
        for (int i = 0; i < 10; i++) {
            end(granted(mail("acme", Kind.RETRY)));
        }
        assertThat(denial(mail("acme", Kind.RETRY)))
                .as("one that is recalled then")
                .isEqualTo(Denial.RETRY_BUDGET);

        clock.advance(Duration.ofSeconds(1));
        assertThat(denial(mail("other", Kind.RETRY))).isEqualTo(Denial.RETRY_BUDGET);
        clock.advance(Duration.ofSeconds(30));
        for (int i = 0; i < 31; i++) {
            end(granted(mail("acme", Kind.RETRY)));
        }
        assertThat(denial(mail("acme", Kind.RETRY))).isEqualTo(Denial.RETRY_BUDGET);
    }

    @Test
    void one_that_asks_for_it_is_left_alone_and_nobody_else() {
        call(
                "https://a.example/",
                new ProviderAnswer.Transient(
                        429, Reason.RATE_LIMITED, "slow down", null, Duration.ofSeconds(35), false));

        assertThat(denial(webhook("https://a.example/"))).isEqualTo(Denial.RATE_LIMITED);
        assertThat(denial(webhook("https://a.example/other"))).isNull();
        clock.advance(Duration.ofSeconds(35));
        assertThat(denial(webhook("https://a.example/"))).isNull();
    }

    @Test
    void telegram_is_left_alone_when_several_chats_ask_for_it_at_once() {
        for (int i = 1; i <= 3; i++) {
            assertThat(denial(chat("9" + i))).isNull();
            var permit = granted(chat("1" + i));
            permit.begins();
            permit.ended(
                    new ProviderAnswer.Transient(429, Reason.RATE_LIMITED, "", null, Duration.ofSeconds(20), false),
                    QUICK);
        }
        assertThat(denial(chat("77"))).isEqualTo(Denial.RATE_LIMITED);
    }

    private void say(String tenant, String chat, ProviderAnswer answer) {
        var permit = granted(chat(tenant, chat));
        permit.begins();
        permit.ended(answer, QUICK);
    }

    @Test
    void a_bot_of_a_tenant_s_own_fails_alone() {
        for (int i = 0; i < 10; i++) {
            say("clinic", "1" + i, DOWN);
        }
        assertThat(denial(chat("clinic", "77"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(denial(chat("acme", "77"))).isNull();

        clock.advance(Duration.ofSeconds(40));
        say("clinic", "78", OK);
        for (int i = 0; i < 10; i++) {
            say("acme", "1" + i, DOWN);
        }
        assertThat(denial(chat("other", "79"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(denial(chat("clinic", "79"))).isNull();
    }

    @Test
    void what_telegram_allows_a_bot_and_a_chat_each_bot_has_for_itself() {
        for (int i = 0; i < 30; i++) {
            say("acme", "1" + i, OK);
        }
        assertThat(denial(chat("other", "77"))).isEqualTo(Denial.RATE_LIMITED);

        say("clinic", "10", OK);
        assertThat(denial(chat("clinic", "10"))).isEqualTo(Denial.RATE_LIMITED);
        assertThat(denial(chat("clinic", "77"))).isNull();
    }

    @Test
    void chats_of_several_bots_that_ask_for_it_at_once_do_not_speak_against_one() {
        var slowDown = new ProviderAnswer.Transient(429, Reason.RATE_LIMITED, "", null, Duration.ofSeconds(20), false);
        say("acme", "11", slowDown);
        say("clinic", "12", slowDown);
        say("acme", "13", slowDown);

        assertThat(denial(chat("acme", "77"))).isNull();
        assertThat(denial(chat("clinic", "77"))).isNull();
        assertThat(denial(chat("acme", "12"))).isNull();
        assertThat(denial(chat("clinic", "12"))).isEqualTo(Denial.RATE_LIMITED);
    }

    @Test
    void a_tenant_sees_the_bot_that_its_messages_go_by_and_no_other() {
        granted(chat("acme", "1"));
        granted(chat("other", "2"));
        granted(chat("clinic", "3"));
        for (int i = 0; i < 5; i++) {
            assertThat(denial(chat("clinic", "3"))).isEqualTo(Denial.RATE_LIMITED);
        }

        assertThat(telegram("acme").inFlight()).isEqualTo(2);
        assertThat(telegram("acme").waiting()).isZero();
        assertThat(telegram("clinic").inFlight()).isEqualTo(1);
        assertThat(telegram("clinic").waiting()).isEqualTo(5);
        assertThat(containment.standings("clinic")).hasSize(3);
        assertThat(containment.totals("telegram").inFlight()).isEqualTo(3);
        assertThat(containment.totals("telegram").waiting()).isEqualTo(5);
        assertThat(containment.totals("telegram").breakers()).containsExactly(Map.entry(Breaker.State.CLOSED, 2));
    }

    private Standing telegram(String tenant) {
        var found = containment.standings(tenant).stream()
                .filter(one -> one.name().channel().equals("telegram"))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private record Asking(Request request, Instant at) {}

    private Map<UUID, Instant> drain(List<Request> all) {
        var queue = new PriorityQueue<Asking>(Comparator.comparing(Asking::at));
        all.forEach(one -> queue.add(new Asking(one, clock.instant())));
        return drain(queue, Instant.MAX);
    }

    /** As the database would: whoever is denied asks again when it was told to. */
    private Map<UUID, Instant> drain(PriorityQueue<Asking> queue, Instant until) {
        var calls = new HashMap<UUID, Instant>();
        while (!queue.isEmpty() && queue.element().at.isBefore(until)) {
            var next = queue.remove();
            var late = next.at.plusMillis(random.nextInt(5));
            clock.set(late.isAfter(clock.instant()) ? late : clock.instant());
            var request = next.request;
            var callAt = request.callAt().isAfter(clock.instant()) ? request.callAt() : clock.instant();
            var asked = new Request(
                    request.deliveryId(),
                    request.tenant(),
                    request.channel(),
                    request.destination(),
                    request.kind(),
                    callAt,
                    1);
            switch (containment.ask(asked)) {
                case Answer.Denied(Denial reason, Instant askAgainAt) -> queue.add(new Asking(request, askAgainAt));
                case Answer.Granted(Permit permit, Instant at) -> {
                    calls.put(request.deliveryId(), at);
                    end(permit);
                }
            }
        }
        return calls;
    }

    private static void assertAtMost(int calls, Duration per, List<Instant> instants) {
        var sorted = instants.stream().sorted().toList();
        for (int i = calls; i < sorted.size(); i++) {
            assertThat(Duration.between(sorted.get(i - calls), sorted.get(i))).isGreaterThanOrEqualTo(per);
        }
    }

    @Test
    void a_bulk_to_telegram_goes_out_at_thirty_a_second_in_order_with_few_questions() {
        var all = new ArrayList<Request>();
        for (int i = 0; i < 600; i++) {
            all.add(chat(String.valueOf(1_000 + i)));
        }
        var begun = clock.instant();

        var calls = drain(all);

        assertAtMost(30, Duration.ofSeconds(1), List.copyOf(calls.values()));
        var last = calls.values().stream().max(Comparator.naturalOrder()).orElseThrow();
        assertThat(Duration.between(begun, last)).isLessThan(Duration.ofSeconds(25));
        assertThat(denied.getOrDefault(Denial.RATE_LIMITED, 0)).isLessThan(1_200);
    }

    @Test
    void a_chat_gets_one_a_second_and_a_group_twenty_a_minute_while_others_go_on() {
        var group = new ArrayList<Request>();
        for (int i = 0; i < 45; i++) {
            group.add(chat("-100123"));
        }
        var other = chat("5");
        var all = new ArrayList<>(group);
        all.add(other);
        var begun = clock.instant();

        var calls = drain(all);

        var toGroup = group.stream()
                .map(one -> Objects.requireNonNull(calls.get(one.deliveryId())))
                .toList();
        assertAtMost(1, Duration.ofSeconds(1), toGroup);
        assertAtMost(20, Duration.ofMinutes(1), toGroup);
        assertThat(calls.get(other.deliveryId())).isBefore(begun.plusSeconds(1));
    }

    @Test
    void a_receiver_that_hangs_has_its_places_full_and_another_has_room() {
        containment = containment(50, 1_000_000);
        for (int i = 0; i < 50; i++) {
            granted(webhook("https://hangs.example/")).begins();
        }

        assertThat(denial(webhook("https://hangs.example/"))).isEqualTo(Denial.TOO_MANY_OPEN);
        for (int i = 0; i < 1_000; i++) {
            assertThat(denial(webhook("https://good.example/" + i))).isNull();
        }
    }

    @Test
    void content_has_its_bounded_memory_and_what_is_larger_goes_alone() {
        var mail = new Destination.Email("ana@example.org");
        var large = granted(request("acme", mail, Kind.FIRST, 600));
        assertThat(denial(request("acme", mail, Kind.FIRST, 600))).isEqualTo(Denial.MEMORY_FULL);

        large.ended(OK, QUICK);
        assertThat(containment.contentBytes()).isZero();

        var larger = granted(request("acme", mail, Kind.FIRST, 5_000));
        assertThat(denial(request("acme", mail, Kind.FIRST, 1))).isEqualTo(Denial.MEMORY_FULL);
        larger.unused();
        assertThat(denial(request("acme", mail, Kind.FIRST, 1))).isNull();
    }

    @Test
    void a_permit_gives_back_what_it_holds_once_and_only_once() {
        var permit = granted(webhook("https://a.example/"));
        permit.begins();
        permit.ended(OK, QUICK);
        permit.unused();
        permit.ended(DOWN, QUICK);

        assertThat(containment.totals("webhook").inFlight()).isZero();
        assertThat(containment.contentBytes()).isZero();
    }

    @Test
    void what_is_remembered_is_bounded_and_the_failing_are_remembered_longer_than_the_idle() {
        for (int i = 0; i < 10; i++) {
            call("https://dead.example/", DOWN);
        }
        for (int i = 0; i < 500; i++) {
            call("https://good.example/" + i, OK);
        }

        assertThat(containment.standings("acme")).hasSizeLessThanOrEqualTo(3 + 100);
        assertThat(denial(webhook("https://dead.example/"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(containment.standings("other")).hasSize(3);
    }
}
