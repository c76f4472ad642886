package dev.carillon.delivery.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.channel.webhook.HostAddresses.Lookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SystemHostAddressesTest {

    private static final int SHARE = SystemHostAddresses.THREADS_OF_TENANT;

    private final CountDownLatch nameServersAreBack = new CountDownLatch(1);
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final SystemHostAddresses hosts = new SystemHostAddresses(this::hangingForDeadNames);

    @AfterEach
    void close() {
        nameServersAreBack.countDown();
        hosts.close();
    }

    private InetAddress[] hangingForDeadNames(String host) throws UnknownHostException {
        asked.add(host);
        if (host.startsWith("dead")) {
            try {
                nameServersAreBack.await();
            } catch (InterruptedException closed) {
                throw new UnknownHostException(host);
            }
        }
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    private List<Lookup> dead(String tenant, int number) {
        return IntStream.range(0, number)
                .mapToObj(name -> hosts.of(tenant, "dead-" + name + "." + tenant))
                .toList();
    }

    private static List<InetAddress> addresses(Lookup lookup) throws Exception {
        return lookup.addresses().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static boolean isRefused(Lookup lookup) {
        return lookup.addresses().toCompletableFuture().isCompletedExceptionally();
    }

    @Test
    void a_known_name_has_addresses_and_an_unknown_one_fails_as_such() throws Exception {
        try (SystemHostAddresses system = new SystemHostAddresses()) {
            assertThat(addresses(system.of("acme", "localhost"))).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
            assertThatThrownBy(() -> system.of("acme", "nowhere.invalid")
                            .addresses()
                            .toCompletableFuture()
                            .get(30, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(UnknownHostException.class);
        }
    }

    @Test
    void names_of_one_tenant_that_hang_leave_threads_to_the_others() throws Exception {
        dead("acme", 2 * SystemHostAddresses.THREADS);
        await().until(() -> asked.size() == SHARE);

        assertThat(addresses(hosts.of("other", "hooks.example"))).hasSize(1);
        assertThat(asked).as("a quarter of the threads, and the other's").hasSize(SHARE + 1);
    }

    @Test
    void what_waits_for_others_is_not_under_way_and_is_asked_when_they_have_ended() throws Exception {
        List<Lookup> lookups = dead("acme", SHARE + 1);
        await().until(() -> asked.size() == SHARE);
        await().until(() -> lookups.getFirst().underWay().get().isPositive());
        assertThat(lookups.getLast().underWay().get()).isEqualTo(Duration.ZERO);

        nameServersAreBack.countDown();

        for (Lookup lookup : lookups) {
            assertThat(addresses(lookup)).hasSize(1);
        }
        assertThat(asked).hasSize(SHARE + 1);
    }

    @Test
    void one_name_is_one_lookup_whoever_asks_and_whether_it_waits_or_is_under_way() throws Exception {
        dead("acme", SHARE);
        Lookup waits = hosts.of("acme", "dead.example");
        assertThat(hosts.of("acme", "dead.example")).isSameAs(waits);

        Lookup underWay = hosts.of("other", "dead.example");
        await().until(() -> asked.contains("dead.example"));
        assertThat(hosts.of("third", "dead.example")).isSameAs(underWay);
        assertThat(hosts.of("acme", "dead.example"))
                .as("nobody waits for what is under way")
                .isSameAs(underWay);

        nameServersAreBack.countDown();
        assertThat(addresses(waits)).hasSize(1);
        assertThat(addresses(underWay)).hasSize(1);
    }

    @Test
    void when_all_threads_are_taken_tenants_take_turns() throws Exception {
        for (String tenant : List.of("a", "b", "c", "d")) {
            dead(tenant, SHARE + 20);
        }
        await().until(() -> asked.size() == SystemHostAddresses.THREADS);
        Lookup late = hosts.of("late", "hooks.example");
        assertThat(late.underWay().get()).isEqualTo(Duration.ZERO);

        nameServersAreBack.countDown();

        assertThat(addresses(late)).hasSize(1);
        assertThat(List.copyOf(asked).indexOf("hooks.example"))
                .as("one of the next, before most of those that wait in longer queues")
                .isLessThan(SystemHostAddresses.THREADS + 40);
    }

    @Test
    void a_tenant_of_whose_questions_too_many_wait_is_refused_alone() throws Exception {
        List<Lookup> lookups = dead("acme", SHARE + SystemHostAddresses.WAITING_OF_TENANT);
        assertThat(lookups).noneMatch(SystemHostAddressesTest::isRefused);

        Lookup oneMore = hosts.of("acme", "hooks.example");

        assertThatThrownBy(() -> addresses(oneMore)).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(addresses(hosts.of("other", "hooks.example"))).hasSize(1);
    }
}
