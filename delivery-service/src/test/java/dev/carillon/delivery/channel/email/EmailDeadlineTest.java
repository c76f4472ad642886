package dev.carillon.delivery.channel.email;

import static dev.carillon.delivery.support.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.support.RawServer;
import io.vertx.core.Context;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Nothing is said of a letter when its call's time is over: by then it may have been recalled, or be tried again. */
class EmailDeadlineTest {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONG = Duration.ofSeconds(10);

    @RegisterExtension
    static final EmailCalls emails = new EmailCalls();

    private final AtomicBoolean ill = new AtomicBoolean(true);
    private final AtomicInteger open = new AtomicInteger();

    @Test
    void a_letter_that_timed_out_at_a_relay_that_drips_does_not_leave_when_the_relay_is_well_again() {
        ScriptedRelay relay = new ScriptedRelay(stage -> null);
        RawServer server = emails.raw(socket -> drippingAtFirst(socket, relay));
        EmailChannel channel = emails.channel(server.port(), Map.of("carillon.smtp.pool-size", "1"));

        for (int call = 1; call <= 3; call++) {
            // Each has its turn, on a connection of its own.
            assertThat(emails.begin(channel, SHORT, "late").join())
                    .isInstanceOfSatisfying(
                            Transient.class, late -> assertThat(late.reason()).isEqualTo(Reason.TIMEOUT));
            assertThat(server.connections()).isEqualTo(call);
        }
        await().untilAsserted(() -> assertThat(open).hasValue(0));
        ill.set(false);

        assertThat(emails.begin(channel, LONG, "in time").join()).isInstanceOf(Delivered.class);
        assertThat(relay.letters()).singleElement().asString().contains("in time");
    }

    @Test
    void those_who_wait_get_the_turns_of_those_who_were_cut_off() {
        ScriptedRelay relay = new ScriptedRelay(stage -> null);
        RawServer server = emails.raw(socket -> drippingAtFirst(socket, relay));
        EmailChannel channel = emails.channel(server.port(), Map.of("carillon.smtp.pool-size", "2"));
        List<CompletableFuture<ProviderAnswer>> late = IntStream.range(0, 2)
                .mapToObj(i -> emails.begin(channel, SHORT, "late"))
                .toList();
        List<CompletableFuture<ProviderAnswer>> waiting = IntStream.range(0, 6)
                .mapToObj(i -> emails.begin(channel, LONG, "in time"))
                .toList();

        await().untilAsserted(() -> assertThat(late).allMatch(CompletableFuture::isDone));
        ill.set(false);

        assertThat(waiting).allSatisfy(call -> assertThat(call.join()).isInstanceOf(Delivered.class));
        assertThat(relay.letters()).hasSize(6).allMatch(letter -> letter.contains("in time"));
        await().untilAsserted(() -> assertThat(open).hasValueLessThanOrEqualTo(2));
    }

    @Test
    void a_letter_that_expires_while_it_waits_for_its_turn_is_not_sent_and_says_so_then() throws InterruptedException {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch held = new CountDownLatch(1);
        ScriptedRelay relay = new ScriptedRelay(stage -> {
            if (stage.equals(ScriptedRelay.LETTER)) {
                arrived.countDown();
                held.await();
            }
            return null;
        });
        RawServer server = emails.raw(relay);
        EmailChannel channel = emails.channel(server.port(), Map.of("carillon.smtp.pool-size", "1"));
        CompletableFuture<ProviderAnswer> first = emails.begin(channel, LONG, "first");
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();

        // While the first still holds the only turn.
        assertThat(emails.beginBefore(channel, SHORT, LONG, "second").join())
                .isInstanceOfSatisfying(
                        Transient.class, late -> assertThat(late.reason()).isEqualTo(Reason.NOT_SENT));
        assertThat(first).isNotDone();

        held.countDown();
        assertThat(first.join()).isInstanceOf(Delivered.class);
        assertThat(emails.begin(channel, LONG, "third").join()).isInstanceOf(Delivered.class);
        assertThat(relay.letters()).hasSize(2).noneMatch(letter -> letter.contains("second"));
    }

    @Test
    void after_a_freeze_a_turn_that_comes_too_late_is_not_taken() throws InterruptedException {
        Context loop = emails.loop();
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch frozen = new CountDownLatch(1);
        ScriptedRelay relay = new ScriptedRelay(stage -> {
            if (stage.equals(ScriptedRelay.LETTER)) {
                arrived.countDown();
                frozen.await();
            }
            return null;
        });
        RawServer server = emails.raw(relay);
        EmailChannel channel = emails.channel(server.port(), Map.of("carillon.smtp.pool-size", "1"));
        CompletableFuture<ProviderAnswer> first = emails.begin(channel, LONG, "first");
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<ProviderAnswer> second = emails.begin(channel, SHORT, "second");

        loop.runOnContext(now -> {
            frozen.countDown();
            standStill(SHORT.multipliedBy(2));
        });

        assertThat(first.join()).isInstanceOf(Delivered.class);
        assertThat(second.join()).isInstanceOfSatisfying(Transient.class, late -> {
            assertThat(late.reason()).isEqualTo(Reason.NOT_SENT);
            assertThat(late.possiblyDelivered()).isFalse();
        });
        assertThat(relay.letters()).singleElement().asString().contains("first");
    }

    /** As long as the relay is ill, a byte now and then of a greeting that does not end. */
    private void drippingAtFirst(Socket socket, ScriptedRelay relay) throws IOException, InterruptedException {
        open.incrementAndGet();
        try {
            write(socket, "220-");
            while (ill.get()) {
                write(socket, ".");
                Thread.sleep(20);
            }
            write(socket, "\r\n");
            relay.meet(socket);
        } finally {
            open.decrementAndGet();
        }
    }

    private static void standStill(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
