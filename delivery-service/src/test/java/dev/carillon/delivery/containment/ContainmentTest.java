package dev.carillon.delivery.containment;

import static dev.carillon.delivery.containment.ContainmentFixture.DOWN;
import static dev.carillon.delivery.containment.ContainmentFixture.OK;
import static dev.carillon.delivery.containment.ContainmentFixture.QUICK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.containment.Request.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import org.junit.jupiter.api.Test;

/** Permits as attempts meet them, by a clock that a test holds in its hand. */
class ContainmentTest {
    private static final ProviderAnswer NOBODY =
            ProviderAnswer.Transient.unanswered(Reason.CONNECTION_REFUSED, "nobody", false);

    private final ContainmentFixture permits = new ContainmentFixture();

    @Test
    void who_begins_while_all_connections_are_in_use_has_to_wait_for_one() {
        for (int i = 0; i < 32; i++) {
            var first = permits.granted(permits.webhook("https://a.example/"));
            first.begins();
            assertThat(first.hadToWait()).isFalse();
        }
        var next = permits.granted(permits.webhook("https://a.example/"));
        next.begins();
        assertThat(next.hadToWait()).isTrue();
        var elsewhere = permits.granted(permits.webhook("https://b.example/"));
        elsewhere.begins();
        assertThat(elsewhere.hadToWait()).isFalse();
    }

    @Test
    void a_dead_address_is_dead_alone_for_its_own_tenant_alone() {
        for (int i = 0; i < 20; i++) {
            permits.call("https://a.example/dead?token=%d".formatted(i), DOWN);
        }

        assertThat(permits.denial(permits.webhook("https://a.example/dead"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(permits.denial(permits.webhook("https://a.example/alive"))).isNull();
        assertThat(permits.denial(permits.webhook("https://b.example/dead"))).isNull();
        assertThat(permits.denial(permits.webhook("other", "https://a.example/dead", Kind.FIRST)))
                .isNull();
    }

    @Test
    void where_nobody_is_at_all_no_address_is_called() {
        for (int i = 0; i < 20; i++) {
            permits.call("https://gone.example/" + i, NOBODY);
        }
        assertThat(permits.denial(permits.webhook("https://gone.example/new"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(permits.denial(permits.webhook("https://gone.example:8443/new")))
                .isNull();
    }

    @Test
    void a_thousand_that_wait_for_a_breaker_do_not_come_back_together() {
        for (int i = 0; i < 10; i++) {
            permits.call("https://a.example/", DOWN);
        }
        var back = new ArrayList<Instant>();
        for (int i = 0; i < 1_000; i++) {
            back.add(((Answer.Denied) permits.containment.ask(permits.webhook("https://a.example/"))).askAgainAt());
        }

        var first = back.stream().min(Comparator.naturalOrder()).orElseThrow();
        assertThat(back.stream().filter(first::equals).count()).isEqualTo(3);
        var perTenth = new HashMap<Long, Integer>();
        back.forEach(one -> perTenth.merge(one.toEpochMilli() / 100, 1, Integer::sum));
        assertThat(perTenth.values()).allSatisfy(number -> assertThat(number).isLessThan(110));
        assertThat(waitingAt("https://a.example:443/")).isEqualTo(1_000);
        permits.clock.set(first.plusSeconds(10));
        assertThat(waitingAt("https://a.example:443/")).isZero();
    }

    private int waitingAt(String address) {
        return permits.containment.standings("acme").stream()
                .filter(one -> one.name().name().equals(address))
                .mapToInt(Standing::waiting)
                .sum();
    }

    @Test
    void one_that_asks_for_it_is_left_alone_and_nobody_else() {
        permits.call(
                "https://a.example/",
                new ProviderAnswer.Transient(
                        429, Reason.RATE_LIMITED, "slow down", null, Duration.ofSeconds(35), false));

        assertThat(permits.denial(permits.webhook("https://a.example/"))).isEqualTo(Denial.RATE_LIMITED);
        assertThat(permits.denial(permits.webhook("https://a.example/other"))).isNull();
        permits.clock.advance(Duration.ofSeconds(35));
        assertThat(permits.denial(permits.webhook("https://a.example/"))).isNull();
    }

    @Test
    void a_receiver_that_hangs_has_its_places_full_and_another_has_room() {
        var fewPlaces = new ContainmentFixture(50, 1_000_000);
        for (int i = 0; i < 50; i++) {
            fewPlaces.granted(fewPlaces.webhook("https://hangs.example/")).begins();
        }

        assertThat(fewPlaces.denial(fewPlaces.webhook("https://hangs.example/")))
                .isEqualTo(Denial.TOO_MANY_OPEN);
        for (int i = 0; i < 1_000; i++) {
            assertThat(fewPlaces.denial(fewPlaces.webhook("https://good.example/" + i)))
                    .isNull();
        }
    }

    @Test
    void content_has_its_bounded_memory_and_what_is_larger_goes_alone() {
        var mail = new Destination.Email("ana@example.org");
        var large = permits.granted(permits.request("acme", mail, Kind.FIRST, 600));
        assertThat(permits.denial(permits.request("acme", mail, Kind.FIRST, 600)))
                .isEqualTo(Denial.MEMORY_FULL);

        large.ended(OK, QUICK);
        assertThat(permits.containment.contentBytes()).isZero();

        var larger = permits.granted(permits.request("acme", mail, Kind.FIRST, 5_000));
        assertThat(permits.denial(permits.request("acme", mail, Kind.FIRST, 1))).isEqualTo(Denial.MEMORY_FULL);
        larger.unused();
        assertThat(permits.denial(permits.request("acme", mail, Kind.FIRST, 1))).isNull();
    }

    @Test
    void a_permit_gives_back_what_it_holds_once_and_only_once() {
        var permit = permits.granted(permits.webhook("https://a.example/"));
        permit.begins();
        permit.ended(OK, QUICK);
        permit.unused();
        permit.ended(DOWN, QUICK);

        assertThat(permits.containment.totals("webhook").inFlight()).isZero();
        assertThat(permits.containment.contentBytes()).isZero();
    }

    @Test
    void the_retries_that_are_left_are_those_of_the_scope_that_has_fewest() {
        assertThat(permits.containment.totals("webhook").lowestBudget()).isNaN();
        permits.granted(permits.webhook("https://a.example/"));
        double before = permits.containment.totals("webhook").lowestBudget();

        permits.granted(permits.webhook("acme", "https://b.example/", Kind.RETRY));

        assertThat(permits.containment.totals("webhook").lowestBudget()).isLessThan(before);
    }

    @Test
    void what_is_remembered_is_bounded_and_the_failing_are_remembered_longer_than_the_idle() {
        for (int i = 0; i < 10; i++) {
            permits.call("https://dead.example/", DOWN);
        }
        for (int i = 0; i < 500; i++) {
            permits.call("https://good.example/" + i, OK);
        }

        assertThat(permits.containment.standings("acme")).hasSizeLessThanOrEqualTo(3 + 100);
        assertThat(permits.denial(permits.webhook("https://dead.example/"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(permits.containment.standings("other")).hasSize(3);
    }
}
