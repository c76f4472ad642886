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
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By a clock that stands still until a test moves it. */
class SystemHostAddressesTest {

    private static final int SHARE = SystemHostAddresses.THREADS_OF_TENANT;
    private static final Duration PATIENT = Duration.ofDays(1);

    private final CountDownLatch nameServersAreBack = new CountDownLatch(1);
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final AtomicLong nanos = new AtomicLong();
    private final SystemHostAddresses hosts = new SystemHostAddresses(this::answer, nanos::get);

    @AfterEach
    void close() {
        nameServersAreBack.countDown();
        hosts.close();
    }

    /** Names that begin so are dead, and hang, until the name servers are back; of gone ones, there are none even then. */
    private InetAddress[] answer(String host) throws UnknownHostException {
        asked.add(host);
        if (host.startsWith("dead") || host.startsWith("gone")) {
            try {
                nameServersAreBack.await();
            } catch (InterruptedException closed) {
                throw new UnknownHostException(host);
            }
        }
        if (host.startsWith("gone") || host.startsWith("unknown")) {
            throw new UnknownHostException(host);
        }
        if (host.startsWith("fatal")) {
            throw new StackOverflowError(host);
        }
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    private Lookup lookup(String tenant, String host) {
        return hosts.of(tenant, host, PATIENT);
    }

    private List<Lookup> dead(String tenant, int number) {
        return IntStream.range(0, number)
                .mapToObj(name -> lookup(tenant, "dead-" + name + "." + tenant))
                .toList();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private long times(String host) {
        return asked.stream().filter(host::equals).count();
    }

    private static List<InetAddress> addresses(Lookup lookup) throws Exception {
        return lookup.addresses().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void assertThatThereAreNone(Lookup lookup) {
        assertThatThrownBy(() -> addresses(lookup)).hasCauseInstanceOf(UnknownHostException.class);
    }

    @Test
    void an_error_of_the_resolver_is_told_and_takes_no_thread_from_those_who_ask_later() throws Exception {
        for (int one = 0; one < SHARE; one++) {
            var fatal = lookup("acme", "fatal-" + one + ".example");
            assertThatThrownBy(() -> addresses(fatal)).hasCauseInstanceOf(StackOverflowError.class);
        }

        assertThatThrownBy(() -> addresses(lookup("acme", "fatal-0.example")))
                .as("asked anew, and not taken for one that hangs")
                .hasCauseInstanceOf(StackOverflowError.class);
        assertThat(addresses(lookup("acme", "well.example"))).isNotEmpty();
    }

    private static boolean isAnswered(Lookup lookup) {
        return lookup.addresses().toCompletableFuture().isDone();
    }

    private static boolean isRefused(Lookup lookup) {
        return lookup.addresses().toCompletableFuture().isCompletedExceptionally();
    }

    @Test
    void a_known_name_has_addresses_and_an_unknown_one_fails_as_such() throws Exception {
        try (SystemHostAddresses system = new SystemHostAddresses()) {
            assertThat(addresses(system.of("acme", "localhost", PATIENT)))
                    .isNotEmpty()
                    .allMatch(InetAddress::isLoopbackAddress);
            assertThatThrownBy(() -> system.of("acme", "nowhere.invalid", PATIENT)
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

        assertThat(addresses(lookup("other", "hooks.example"))).hasSize(1);
        assertThat(asked).as("a quarter of the threads, and the other's").hasSize(SHARE + 1);
    }

    @Test
    void what_waits_for_others_says_for_how_long_and_is_asked_when_they_have_ended() throws Exception {
        List<Lookup> lookups = dead("acme", SHARE + 1);
        await().until(() -> asked.size() == SHARE);
        pass(Duration.ofSeconds(2));
        assertThat(lookups.getFirst().waited().get()).isEqualTo(Duration.ZERO);
        assertThat(lookups.getLast().waited().get()).isEqualTo(Duration.ofSeconds(2));

        nameServersAreBack.countDown();

        for (Lookup lookup : lookups) {
            assertThat(addresses(lookup)).hasSize(1);
        }
        pass(Duration.ofSeconds(1));
        assertThat(lookups.getLast().waited().get())
                .as("from then on it does not wait for others")
                .isEqualTo(Duration.ofSeconds(2));
        assertThat(asked).hasSize(SHARE + 1);
    }

    @Test
    void one_name_is_one_lookup_whoever_asks_and_whether_it_waits_or_is_under_way() throws Exception {
        dead("acme", SHARE);
        List<Lookup> wait = List.of(lookup("acme", "dead.example"), lookup("acme", "dead.example"));
        await().until(() -> asked.size() == SHARE);
        pass(Duration.ofSeconds(2));

        Lookup begins = lookup("other", "dead.example");
        await().until(() -> asked.contains("dead.example"));
        pass(Duration.ofSeconds(2));
        assertThat(wait)
                .as("nobody waits for what is under way")
                .allSatisfy(lookup -> assertThat(lookup.waited().get()).isEqualTo(Duration.ofSeconds(2)));
        List<Lookup> join = List.of(lookup("third", "dead.example"), lookup("acme", "dead.example"));

        nameServersAreBack.countDown();
        for (Lookup lookup : List.of(wait.getFirst(), wait.getLast(), begins, join.getFirst(), join.getLast())) {
            assertThat(addresses(lookup)).hasSize(1);
        }
        assertThat(times("dead.example")).isEqualTo(1);
    }

    @Test
    void when_all_threads_are_taken_tenants_take_turns() throws Exception {
        for (String tenant : List.of("a", "b", "c", "d")) {
            dead(tenant, SHARE + 20);
        }
        await().until(() -> asked.size() == SystemHostAddresses.THREADS);
        Lookup late = lookup("late", "hooks.example");
        assertThat(isAnswered(late)).isFalse();

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

        Lookup oneMore = lookup("acme", "hooks.example");

        assertThatThrownBy(() -> addresses(oneMore)).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(addresses(lookup("other", "hooks.example"))).hasSize(1);
    }

    @Test
    void a_question_that_would_wait_for_too_long_is_refused_at_once_and_the_more_so_the_longer_the_others_take()
            throws Exception {
        Duration patience = Duration.ofMillis(1_200);
        dead("acme", SHARE);
        assertThat(hosts.of("acme", "first.example", patience)).matches(one -> !isAnswered(one), "waits");

        // Eight threads of which each ends within four seconds, as it seems: two a second.
        pass(Duration.ofSeconds(4));
        assertThat(hosts.of("acme", "second.example", patience)).matches(one -> !isAnswered(one), "waits");
        Lookup third = hosts.of("acme", "third.example", patience);

        assertThatThrownBy(() -> addresses(third)).hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(addresses(hosts.of("other", "third.example", patience)))
                .as("the threads of others are free")
                .hasSize(1);
    }

    @Test
    void when_all_threads_are_taken_a_tenant_s_turn_comes_at_the_pace_of_all() {
        for (String tenant : List.of("a", "b", "c", "d")) {
            dead(tenant, SHARE + 1);
        }
        // 32 threads of which each ends within eight seconds, as it seems: four a second.
        pass(Duration.ofSeconds(8));

        assertThat(isRefused(hosts.of("late", "one.example", Duration.ofMillis(300))))
                .isFalse();
        assertThat(isRefused(hosts.of("late", "two.example", Duration.ofMillis(300))))
                .isTrue();
    }

    @Test
    void a_question_that_nobody_waits_for_any_more_is_not_asked() throws Exception {
        List<Lookup> dead = dead("acme", SHARE);
        Lookup one = lookup("acme", "left.example");
        Lookup other = lookup("acme", "left.example");
        Lookup stays = lookup("acme", "stays.example");
        Lookup leaves = lookup("acme", "stays.example");
        one.leave().run();
        one.leave().run();
        other.leave().run();
        leaves.leave().run();
        dead.getFirst().leave().run();

        nameServersAreBack.countDown();

        assertThat(addresses(stays)).hasSize(1);
        assertThat(addresses(lookup("acme", "last.example"))).hasSize(1);
        assertThat(asked).doesNotContain("left.example").contains("stays.example");
        assertThat(List.of(one, other, leaves, dead.getFirst())).noneMatch(SystemHostAddressesTest::isAnswered);
    }

    @Test
    void a_name_that_was_found_of_late_is_answered_while_all_others_hang() throws Exception {
        assertThat(addresses(lookup("acme", "hooks.example"))).hasSize(1);
        dead("acme", SHARE);

        assertThat(isAnswered(lookup("acme", "hooks.example"))).isTrue();
        assertThat(addresses(hosts.of("other", "hooks.example", Duration.ZERO))).hasSize(1);
        assertThat(times("hooks.example")).isEqualTo(1);

        pass(Duration.ofSeconds(30));
        Lookup asksAgain = lookup("acme", "hooks.example");
        assertThat(isAnswered(asksAgain)).isFalse();
        nameServersAreBack.countDown();
        assertThat(addresses(asksAgain)).hasSize(1);
        assertThat(times("hooks.example")).isEqualTo(2);
    }

    @Test
    void a_name_that_was_not_found_is_not_found_for_a_while() {
        assertThatThereAreNone(lookup("acme", "unknown.example"));
        pass(Duration.ofSeconds(9));
        assertThatThereAreNone(lookup("acme", "unknown.example"));
        assertThat(times("unknown.example")).isEqualTo(1);

        pass(Duration.ofSeconds(1));
        assertThatThereAreNone(lookup("acme", "unknown.example"));
        assertThat(times("unknown.example")).isEqualTo(2);
    }

    @Test
    void a_name_that_took_long_not_to_be_found_is_left_alone_for_six_times_as_long() {
        Lookup first = lookup("acme", "gone.example");
        pass(Duration.ofSeconds(8));
        nameServersAreBack.countDown();
        assertThatThereAreNone(first);

        pass(Duration.ofSeconds(47));
        assertThatThereAreNone(lookup("acme", "gone.example"));
        assertThat(times("gone.example")).isEqualTo(1);

        pass(Duration.ofSeconds(1));
        assertThatThereAreNone(lookup("acme", "gone.example"));
        assertThat(times("gone.example")).isEqualTo(2);
    }

    @Test
    void whoever_asks_for_a_name_that_has_hung_for_long_is_told_so_at_once() {
        Lookup first = lookup("acme", "dead.example");
        pass(Duration.ofSeconds(9));
        Lookup joins = lookup("other", "dead.example");
        pass(Duration.ofSeconds(1));

        assertThatThereAreNone(lookup("other", "dead.example"));
        assertThat(List.of(first, joins)).noneMatch(SystemHostAddressesTest::isAnswered);
        assertThat(asked.size()).isLessThanOrEqualTo(1);
    }

    @Test
    void what_ends_with_the_process_is_no_word_about_the_name() {
        hosts.close();

        assertThatThrownBy(() -> addresses(lookup("acme", "hooks.example")))
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> addresses(lookup("acme", "hooks.example")))
                .hasCauseInstanceOf(RejectedExecutionException.class);
    }
}
