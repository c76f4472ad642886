package dev.carillon.delivery.containment;

import static dev.carillon.delivery.containment.ContainmentFixture.OK;
import static dev.carillon.delivery.containment.ContainmentFixture.QUICK;
import static dev.carillon.delivery.containment.ContainmentFixture.end;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.containment.Request.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who gets how much of the places for open calls and of the memory for their content, with the memory and the shares that are the default. */
class ContainedRoomTest {
    private static final long MEMORY = 64L << 20;
    private static final int LARGE = 250_000;
    private static final int SMALL = 300;
    private static final String HANGING = "https://hangs.example/";

    private final ContainmentFixture permits = new ContainmentFixture(15_000, MEMORY);

    private Request webhook(String tenant, String url, int bytes) {
        return permits.request(tenant, new Destination.WebhookUrl(URI.create(url)), Kind.FIRST, bytes);
    }

    private Request mail(String tenant, int bytes) {
        return permits.request(tenant, new Destination.Email("ana@example.org"), Kind.FIRST, bytes);
    }

    private Request chat(String tenant, int bytes) {
        return permits.request(tenant, new Destination.Telegram("77"), Kind.FIRST, bytes);
    }

    private boolean begins(Request request) {
        return permits.containment.ask(request) instanceof Answer.Granted;
    }

    /** As many as are permitted, none of which ends. */
    private int hang(String tenant, String url, int bytes) {
        int begun = 0;
        while (begins(webhook(tenant, url, bytes))) {
            begun++;
        }
        return begun;
    }

    @Test
    void the_content_of_one_receiver_leaves_memory_for_every_other() {
        assertThat((long) hang("acme", HANGING, LARGE) * LARGE).isBetween(MEMORY / 4, MEMORY / 2);

        assertThat(permits.denial(webhook("acme", HANGING, LARGE))).isEqualTo(Denial.MEMORY_FULL);
        assertThat(permits.denial(webhook("acme", "https://good.example/", LARGE)))
                .isNull();
        assertThat(permits.denial(webhook("other", HANGING, LARGE))).isNull();
        assertThat(permits.denial(mail("acme", LARGE))).isNull();
        assertThat(permits.denial(chat("acme", LARGE))).isNull();
    }

    @Test
    void ever_new_addresses_get_a_tenant_most_of_the_memory_and_leave_some_for_others() {
        long begun = IntStream.range(0, 1_000)
                .filter(i -> begins(webhook("acme", HANGING + i, LARGE)))
                .count();

        assertThat(begun * LARGE).isBetween(MEMORY / 2, MEMORY * 3 / 4);
        assertThat(permits.denial(webhook("acme", "https://good.example/", LARGE)))
                .isEqualTo(Denial.MEMORY_FULL);
        for (int i = 0; i < 20; i++) {
            assertThat(begins(webhook("other", "https://good.example/" + i, LARGE)))
                    .isTrue();
        }
    }

    @Test
    void however_many_webhooks_of_however_many_tenants_hang_mail_and_telegram_have_memory() {
        for (int i = 0; i < 100; i++) {
            hang("tenant-" + i, HANGING, LARGE);
        }

        for (int i = 0; i < 10; i++) {
            assertThat(begins(mail("tenant-" + i, LARGE))).isTrue();
        }
        assertThat(begins(chat("acme", LARGE))).isTrue();
    }

    @Test
    void mail_that_hangs_leaves_memory_for_webhooks() {
        for (int i = 0; i < 100; i++) {
            while (begins(mail("tenant-" + i, LARGE))) {
                assertThat(permits.containment.contentBytes()).isLessThanOrEqualTo(MEMORY);
            }
        }

        for (int i = 0; i < 10; i++) {
            assertThat(begins(webhook("acme", "https://good.example/", LARGE))).isTrue();
        }
    }

    @Test
    void a_burst_to_one_receiver_finds_all_places_at_once_and_no_more() {
        assertThat(hang("acme", "https://good.example/", SMALL)).isEqualTo(15_000);
    }

    @Test
    void two_addresses_that_hang_leave_places_for_other_tenants() {
        hang("acme", HANGING + 1, SMALL);
        hang("acme", HANGING + 2, SMALL);
        hang("acme", HANGING + 3, SMALL);

        assertThat(permits.denial(webhook("acme", HANGING + 4, SMALL))).isEqualTo(Denial.TOO_MANY_OPEN);
        for (int i = 0; i < 1_000; i++) {
            assertThat(begins(webhook("other", "https://good.example/", SMALL))).isTrue();
        }
    }

    @Test
    void what_is_larger_than_all_goes_alone_in_its_channel_and_keeps_no_other_waiting() {
        end(permits.granted(webhook("acme", HANGING, SMALL)));
        var first = permits.granted(webhook("acme", HANGING, SMALL));
        var larger = permits.granted(mail("acme", 100 << 20));

        assertThat(permits.denial(mail("other", SMALL))).isEqualTo(Denial.MEMORY_FULL);
        assertThat(permits.denial(webhook("acme", HANGING, SMALL))).isNull();
        assertThat(permits.denial(webhook("acme", HANGING, 100 << 20))).isEqualTo(Denial.MEMORY_FULL);
        first.ended(OK, QUICK);
        assertThat(permits.denial(webhook("acme", HANGING, 100 << 20))).isNull();
        larger.ended(OK, QUICK);
        assertThat(permits.denial(mail("other", SMALL))).isNull();
    }

    @Test
    void what_one_has_and_may_have_is_told_and_given_back() {
        var held = new ArrayList<Permit>();
        for (int i = 0; i < 10; i++) {
            held.add(permits.granted(webhook("acme", HANGING, LARGE)));
        }
        permits.granted(webhook("other", HANGING, LARGE));

        var receiver = share("acme", ScopeName.Kind.ENDPOINT);
        assertThat(receiver.calls()).isEqualTo(10);
        assertThat(receiver.mostCalls()).isEqualTo(14_999);
        assertThat(receiver.contentBytes()).isEqualTo(10 * LARGE);
        assertThat(receiver.mostContentBytes()).isBetween(MEMORY / 4, MEMORY / 2);
        assertThat(share("acme", ScopeName.Kind.CHANNEL).contentBytes()).isEqualTo(10 * LARGE);
        assertThat(share("acme", ScopeName.Kind.CHANNEL).mostCalls()).isEqualTo(22_499);
        assertThat(share("other", ScopeName.Kind.CHANNEL).calls()).isEqualTo(1);

        held.forEach(Permit::unused);
        assertThat(share("acme", ScopeName.Kind.ENDPOINT).contentBytes()).isZero();
        assertThat(share("acme", ScopeName.Kind.CHANNEL).calls()).isZero();
    }

    private Standing.ShareStanding share(String tenant, ScopeName.Kind kind) {
        var found = permits.containment.standings(tenant).stream()
                .filter(one -> one.name().kind() == kind)
                .map(one -> Objects.requireNonNull(one.share()))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void shares_that_would_let_nothing_pass_are_refused() {
        assertThatThrownBy(() -> new Limits.Shares(0, 0.75, 0.125)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits.Shares(0.5, 1.5, 0.125)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Limits.Shares(0.5, 0.75, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
