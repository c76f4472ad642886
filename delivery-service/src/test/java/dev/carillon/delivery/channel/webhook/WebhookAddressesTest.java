package dev.carillon.delivery.channel.webhook;

import static dev.carillon.delivery.channel.webhook.WebhookCalls.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.webhook.HostAddresses.Lookup;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From the name in a URL to the address that is called, or not. */
class WebhookAddressesTest {
    @RegisterExtension
    static final WebhookCalls calls = new WebhookCalls();

    @Test
    void an_unknown_name_is_transient_because_name_servers_recover() {
        assertThat(calls.post(calls.channel(() -> NOW), "http://nowhere.test/"))
                .isInstanceOfSatisfying(Transient.class, unknown -> {
                    assertThat(unknown.reason()).isEqualTo(Reason.HOST_NOT_FOUND);
                    assertThat(unknown.error()).contains("nowhere.test");
                });
    }

    @Test
    void name_servers_that_hang_cost_the_timeout() {
        AtomicInteger left = new AtomicInteger();
        Lookup hanging = new Lookup(new CompletableFuture<>(), () -> Duration.ZERO, left::incrementAndGet);
        WebhookChannel channel = calls.resolving((tenant, host, patience) -> hanging);

        assertThat(calls.within(Duration.ofMillis(200), channel, "http://hooks.test/"))
                .isInstanceOfSatisfying(Transient.class, late -> {
                    assertThat(late.reason()).isEqualTo(Reason.NOT_SENT);
                    assertThat(late.possiblyDelivered()).isFalse();
                });
        assertThat(left).as("nothing is held for a call that has ended").hasValue(1);
    }

    @Test
    void name_servers_that_hang_until_the_message_expires_cost_no_more_time() {
        Lookup hanging = new Lookup(new CompletableFuture<>(), () -> Duration.ZERO, () -> {});
        WebhookChannel channel = calls.resolving((tenant, host, patience) -> hanging);

        Instant start = Instant.now();

        assertThat(calls.expiring(Duration.ofMillis(200), channel, "http://hooks.test/"))
                .isInstanceOfSatisfying(
                        Transient.class, late -> assertThat(late.reason()).isEqualTo(Reason.NOT_SENT));
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void a_name_that_waited_for_others_to_be_looked_up_is_not_its_receiver_s_failure() {
        Lookup refused = Lookup.failed(new RejectedExecutionException("too many"));
        for (HostAddresses busy : List.<HostAddresses>of(
                (tenant, host, patience) -> neverAsked(() -> {}),
                (tenant, host, patience) -> refused,
                (tenant, host, patience) -> askedLate())) {
            assertThatItIsBusy(calls.within(Duration.ofSeconds(1), calls.resolving(busy), "http://hooks.test/"));
        }
    }

    @Test
    void a_name_waits_for_others_for_a_quarter_of_the_call_s_time_and_then_it_is_left() {
        AtomicInteger left = new AtomicInteger();
        AtomicReference<Duration> patient = new AtomicReference<>(Duration.ZERO);
        WebhookChannel channel = calls.resolving((tenant, host, patience) -> {
            patient.set(patience);
            return neverAsked(left::incrementAndGet);
        });

        Instant start = Instant.now();

        assertThatItIsBusy(calls.within(Duration.ofSeconds(8), channel, "http://hooks.test/"));

        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofMillis(1990), Duration.ofSeconds(7));
        assertThat(patient).hasValue(Duration.ofSeconds(2));
        assertThat(left).hasValue(1);
    }

    private static void assertThatItIsBusy(ProviderAnswer answer) {
        assertThat(answer).isInstanceOfSatisfying(Transient.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.RESOLVER_BUSY);
            assertThat(failed.possiblyDelivered()).isFalse();
        });
    }

    private static Lookup neverAsked(Runnable leave) {
        return new Lookup(new CompletableFuture<>(), sinceNow(), leave);
    }

    private static Supplier<Duration> sinceNow() {
        long start = System.nanoTime();
        return () -> Duration.ofNanos(System.nanoTime() - start);
    }

    /** Answered as soon as it was asked, but that was late, and nobody noticed until then. */
    private static Lookup askedLate() {
        CompletableFuture<List<InetAddress>> addresses = new CompletableFuture<List<InetAddress>>()
                .completeOnTimeout(List.of(InetAddress.getLoopbackAddress()), 700, TimeUnit.MILLISECONDS);
        return new Lookup(addresses, () -> addresses.isDone() ? Duration.ofMillis(690) : Duration.ZERO, () -> {});
    }

    @Test
    void addresses_that_are_remembered_are_checked_for_each_call() {
        AtomicInteger asked = new AtomicInteger();
        SystemHostAddresses remembering = new SystemHostAddresses(
                host -> {
                    asked.incrementAndGet();
                    return new InetAddress[] {InetAddress.getByAddress(host, new byte[] {10, 0, 0, 1})};
                },
                System::nanoTime);
        WebhookChannel channel = calls.resolving(remembering);

        for (int call = 1; call <= 2; call++) {
            assertThat(calls.post(channel, "http://inside.test/"))
                    .isInstanceOfSatisfying(Permanent.class, refused -> assertThat(refused.reason())
                            .isEqualTo(Reason.DESTINATION_REFUSED));
        }
        assertThat(asked).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "169.254.169.254", "fd00::1", "64:ff9b::7f00:1", "::ffff:10.0.0.1"})
    void a_name_that_stands_for_a_refused_address_is_refused(String address) {
        calls.hosts().answering("inside.test", address);

        assertThat(calls.post(calls.channel(() -> NOW), "http://inside.test/"))
                .isInstanceOfSatisfying(Permanent.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.DESTINATION_REFUSED);
                    assertThat(refused.error())
                            .startsWith("destination-refused")
                            .contains("inside.test");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1,private",
        "169.254.169.254,metadata",
        "169.254.1.1,link-local",
        "64:ff9b::7f00:1,embedded",
        "192.0.2.1,documentation"
    })
    void what_is_refused_is_counted_by_its_range_and_logged_without_its_url(String address, String range) {
        calls.hosts().answering("inside.test", address);

        calls.post(calls.channel(() -> NOW), "http://inside.test/hooks?token=secret");

        assertThat(calls.refused(range)).isEqualTo(1);
        assertThat(calls.logged).singleElement().satisfies(line -> assertThat(line)
                .contains("delivery ", "tenant acme", range)
                .doesNotContain("inside.test", "token", address));
    }

    @Test
    void a_literal_address_that_is_refused_is_counted_and_logged_too() {
        calls.post(calls.channel(() -> NOW), "http://10.0.0.1/hooks");
        calls.post(calls.channel(() -> NOW), "http://user:password@example.org/");

        assertThat(calls.refused("private")).isEqualTo(1);
        assertThat(calls.refused("none")).isEqualTo(1);
        assertThat(calls.logged).as("the second came within the same second").hasSize(1);
    }

    @Test
    void what_is_reached_is_not_counted() {
        int port = calls.server(HttpServerResponse::end);
        calls.hosts().answering("two.test", "10.0.0.1", "127.0.0.1");

        calls.post(calls.channel(() -> NOW), "http://two.test:" + port);

        assertThat(calls.refused("private")).isZero();
        assertThat(calls.logged).isEmpty();
    }

    @Test
    void a_literal_refused_address_is_refused_without_asking_anybody() {
        assertThat(calls.post(calls.channel(() -> NOW), "http://169.254.169.254/latest/meta-data/"))
                .isInstanceOfSatisfying(
                        Permanent.class, refused -> assertThat(refused.error()).contains("metadata service"));
        assertThat(calls.hosts().questions()).isZero();
    }

    @Test
    void a_name_that_changes_its_address_between_check_and_dial_gains_nothing() {
        // The first answer passes the check. Were the name asked again for the dial, or the pooled connection reused
        // for the name, the second would be reached or pass.
        int port = calls.server(HttpServerResponse::end);
        calls.hosts().answering("rebinding.test", "127.0.0.1").answering("rebinding.test", "10.0.0.1");
        WebhookChannel channel = calls.channel(() -> NOW);

        assertThat(calls.post(channel, "http://rebinding.test:" + port)).isInstanceOf(Delivered.class);
        assertThat(calls.hosts().questions()).isEqualTo(1);
        assertThat(calls.refused("private")).isZero();
        assertThat(calls.post(channel, "http://rebinding.test:" + port)).isInstanceOf(Permanent.class);
        assertThat(calls.received).hasSize(1);
        assertThat(calls.refused("private")).isEqualTo(1);
        assertThat(calls.logged).singleElement().satisfies(line -> assertThat(line)
                .contains("tenant acme", "private")
                .doesNotContain("rebinding.test"));
    }

    @Test
    void the_next_address_is_tried_when_one_cannot_be_connected_to() {
        int port = calls.server(HttpServerResponse::end);
        calls.hosts().answering("two.test", "10.0.0.1", "127.0.0.77", "127.0.0.1");

        assertThat(calls.post(calls.channel(() -> NOW), "http://two.test:" + port))
                .isInstanceOf(Delivered.class);
    }

    @Test
    void a_literal_ipv6_address_is_reached() {
        int port = calls.server("::1", HttpServerResponse::end);

        assertThat(calls.post(calls.channel(() -> NOW), "http://[::1]:" + port + "/"))
                .isInstanceOf(Delivered.class);
        assertThat(calls.received.element().host()).isEqualTo("[::1]:" + port);
    }
}
