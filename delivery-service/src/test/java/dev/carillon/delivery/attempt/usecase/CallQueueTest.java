package dev.carillon.delivery.attempt.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.store.Consignment;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.containment.Permit;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.SettableClock;
import dev.carillon.kit.testing.log.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** By a clock that stands still until a test moves it, with a receiver that is called by one at a time. */
class CallQueueTest {
    private static final Instant DUE = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final SettableClock clock = SettableClock.at(DUE);
    private final List<PendingCall> begun = new CopyOnWriteArrayList<>();
    private final List<PendingCall> expired = new CopyOnWriteArrayList<>();
    private final Map<UUID, CompletableFuture<PendingCall>> ends = new ConcurrentHashMap<>();
    private final CallQueue queue = new CallQueue(clock, Runnable::run, this::take, expired::add);

    @BeforeEach
    void start() {
        queue.start();
    }

    @AfterEach
    void close() {
        queue.close();
    }

    private CompletionStage<PendingCall> take(PendingCall call) {
        begun.add(call);
        return end(call);
    }

    private CompletableFuture<PendingCall> end(PendingCall call) {
        return ends.computeIfAbsent(call.delivery().id(), id -> new CompletableFuture<>());
    }

    private CompletionStage<PendingCall> takeButFirst(PendingCall call) {
        begun.add(call);
        if (begun.size() == 1) {
            throw new IllegalStateException("no such span");
        }
        return end(call);
    }

    private PendingCall added(@Nullable Instant expiresAt) {
        var call = pending(expiresAt);
        queue.add(call);
        return call;
    }

    private static PendingCall pending(@Nullable Instant expiresAt) {
        var delivery = Delivery.pending(
                        UUID.randomUUID(), "acme", UUID.randomUUID(), 1, "webhook", DUE, expiresAt, null)
                .inFlight(DUE);
        var inFlight = new Consignment(delivery, TraceContext.NONE, "{}", "{}");
        return new PendingCall(inFlight, null, DeliveryStatus.PENDING, new Leave(), TIMEOUT, "clinic", 1);
    }

    private void awaitBegun(PendingCall... calls) {
        await().untilAsserted(() -> assertThat(begun).containsExactly(calls));
    }

    private void awaitExpired(PendingCall... calls) {
        await().untilAsserted(() -> assertThat(expired).containsExactly(calls));
    }

    /** Counts how often its call is said to have ended. */
    private static final class Leave implements Permit {
        private final AtomicInteger ended = new AtomicInteger();

        @Override
        public void begins() {}

        @Override
        public boolean hadToWait() {
            return false;
        }

        @Override
        public void ended(@Nullable ProviderAnswer answer, Duration took) {
            ended.incrementAndGet();
        }

        @Override
        public void unused() {}
    }

    private static int timesEnded(PendingCall call) {
        return ((Leave) call.permit()).ended.get();
    }

    @Test
    void who_waits_in_a_line_begins_when_the_one_before_it_has_ended() {
        var first = added(null);
        var second = added(null);
        awaitBegun(first);
        assertThat(queue.open()).isEqualTo(2);

        end(first).complete(first);

        awaitBegun(first, second);
        assertThat(queue.open()).isEqualTo(1);
        end(second).complete(second);
        await().until(() -> queue.open() == 0);
    }

    @Test
    void what_expires_in_a_line_is_told_of_then_although_nobody_before_it_ends() {
        var first = added(DUE.plusSeconds(1));
        var later = added(DUE.plusSeconds(3));
        var sooner = added(DUE.plusSeconds(2));
        var lasting = added(null);
        awaitBegun(first);

        clock.set(DUE.plusSeconds(2));
        awaitExpired(sooner);
        clock.set(DUE.plusSeconds(3));
        awaitExpired(sooner, later);

        assertThat(begun).containsExactly(first);
        end(first).complete(first);
        end(later).complete(later);
        end(sooner).complete(sooner);
        awaitBegun(first, later, sooner, lasting);
    }

    @Test
    void what_fails_by_a_bug_gives_its_place_on_and_is_told_of_once_with_its_delivery() {
        try (var log = LogLines.at(Level.INFO, CallQueue.class.getName())) {
            var broken = added(null);
            var next = added(null);
            awaitBegun(broken);

            end(broken).completeExceptionally(new IllegalStateException("no such meter"));

            awaitBegun(broken, next);
            assertThat(queue.open()).isEqualTo(1);
            assertThat(timesEnded(broken)).isEqualTo(1);
            assertThat(timesEnded(next)).isZero();
            assertThat(log.thrown()).singleElement().isInstanceOf(IllegalStateException.class);
            assertThat(log.lines()).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo("ERROR");
                assertThat(line.fields())
                        .containsEntry("deliveryId", broken.delivery().id().toString())
                        .containsEntry("attempt", "1");
            });
        }
    }

    @Test
    void what_throws_before_it_is_called_gives_its_place_on_too() {
        try (var log = LogLines.at(Level.INFO, CallQueue.class.getName());
                var throwing = new CallQueue(clock, Runnable::run, this::takeButFirst, expired::add)) {
            var broken = pending(null);
            var next = pending(null);
            throwing.add(broken);
            throwing.add(next);
            throwing.start();

            awaitBegun(broken, next);
            await().until(() -> throwing.open() == 1);
            assertThat(timesEnded(broken)).isEqualTo(1);
            assertThat(log.lines()).hasSize(1);
        }
    }
}
