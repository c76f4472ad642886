package dev.carillon.booking.reservation.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.reservation.usecase.LockedSlots.Need;
import dev.carillon.kit.telemetry.Traces;
import io.opentelemetry.api.OpenTelemetry;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LockedSlotsTest {
    private static final Duration SHORT = Duration.ofMillis(10);
    private static final Duration LONG = Duration.ofSeconds(40);
    private static final Need A = new Need(UUID.randomUUID(), null);
    private static final Need B = new Need(UUID.randomUUID(), null);
    private static final Need C = new Need(B.slotId(), "id:ana");

    private final Vertx vertx = Vertx.vertx();
    private final ConcurrentLinkedQueue<Transaction> transactions = new ConcurrentLinkedQueue<>();

    /** One that waits until the test says what it comes to. */
    private record Transaction(
            Need need, List<String> requests, Duration longest, UniEmitter<? super List<Optional<String>>> emitter) {
        void hasIt() {
            emitter.complete(
                    requests.stream().map(request -> Optional.of(request + "!")).toList());
        }

        void findsItLocked() {
            emitter.complete(
                    requests.stream().map(request -> Optional.<String>empty()).toList());
        }
    }

    @AfterEach
    void stop() {
        vertx.close();
    }

    @Test
    void who_comes_while_a_line_is_served_shares_the_next_transaction_and_each_gets_its_own_result() {
        var slots = slots(10, 10, LONG, LONG);
        var first = stand(slots, A, "1");
        var running = next();
        assertThat(running.requests()).containsExactly("1");
        assertThat(running.longest()).isEqualTo(SHORT);
        var second = stand(slots, A, "2");
        var third = stand(slots, A, "3");
        running.hasIt();
        assertThat(first.join()).hasValue("1!");
        assertThat(next("2", "3").need()).isEqualTo(A);
        assertThat(second.join()).hasValue("2!");
        assertThat(third.join()).hasValue("3!");
    }

    @Test
    void what_stays_locked_is_refused_to_all_who_wait_and_remembered_for_a_while() {
        var slots = slots(10, 10, LONG, Duration.ofMillis(200));
        var first = stand(slots, A, "1");
        assertThat(slots.isLocked(A)).isFalse();
        next().findsItLocked();
        var patient = next();
        assertThat(patient.longest()).isGreaterThan(SHORT).isLessThanOrEqualTo(LONG);
        assertThat(slots.isLocked(A)).isTrue();
        assertThat(slots.isLocked(B)).isFalse();
        var late = stand(slots, A, "2");
        patient.findsItLocked();
        assertThat(first.join()).isEmpty();
        assertThat(late.join()).isEmpty();
        assertThat(transactions).isEmpty();
        await().until(() -> !slots.isLocked(A));
    }

    @Test
    void what_is_had_after_all_is_no_longer_locked() {
        var slots = slots(10, 10, LONG, LONG);
        var refused = stand(slots, A, "1");
        next().findsItLocked();
        next().findsItLocked();
        assertThat(refused.join()).isEmpty();
        assertThat(slots.isLocked(A)).isTrue();
        var had = stand(slots, A, "2");
        next("2");
        assertThat(had.join()).hasValue("2!");
        assertThat(slots.isLocked(A)).isFalse();
    }

    @Test
    void as_many_wait_as_may_and_more_are_refused_at_once() {
        var slots = slots(3, 2, LONG, LONG);
        var served = stand(slots, A, "1");
        var running = next();
        var waiting = List.of(stand(slots, A, "2"), stand(slots, B, "3"));
        assertThat(slots.hasRoomFor(A)).isFalse();
        assertThat(stand(slots, A, "4").join()).isEmpty();
        assertThat(slots.hasRoomFor(C)).isFalse();
        assertThat(stand(slots, C, "5").join()).isEmpty();
        running.hasIt();
        assertThat(served.join()).hasValue("1!");
        assertThat(slots.hasRoomFor(A)).isTrue();
        next().hasIt();
        next().hasIt();
        assertThat(waiting.stream().map(CompletableFuture::join)).containsExactly(Optional.of("2!"), Optional.of("3!"));
    }

    @Test
    void a_failure_is_that_of_those_whom_it_was_for_and_none_of_them_is_tried_again() {
        var slots = slots(10, 10, LONG, LONG);
        var had = stand(slots, A, "1");
        var running = next();
        var failed = List.of(stand(slots, A, "2"), stand(slots, A, "3"));
        running.hasIt();
        assertThat(had.join()).hasValue("1!");
        running = next();
        assertThat(running.requests()).containsExactly("2", "3");
        var later = stand(slots, A, "4");
        running.emitter().fail(new IllegalStateException("57014"));
        failed.forEach(one -> assertThatThrownBy(one::join).hasMessageContaining("57014"));
        next("4");
        assertThat(later.join()).hasValue("4!");
        assertThat(transactions).isEmpty();
    }

    @Test
    void few_wait_for_long_and_what_is_locked_for_a_moment_does_not_wait_behind_them() {
        var slots = slots(10, 10, LONG, LONG);
        var first = stand(slots, A, "1");
        next().findsItLocked();
        var patient = next();
        var second = stand(slots, B, "2");
        next().findsItLocked();
        var third = stand(slots, C, "3");
        next("3");
        assertThat(third.join()).hasValue("3!");
        assertThat(slots.isLocked(B)).isTrue();
        assertThat(transactions).isEmpty();
        patient.hasIt();
        assertThat(first.join()).hasValue("1!");
        assertThat(next("2").need()).isEqualTo(B);
        assertThat(second.join()).hasValue("2!");
    }

    @Test
    void whose_turn_to_wait_for_long_does_not_come_in_time_is_refused() {
        var slots = slots(10, 10, Duration.ofMillis(300), LONG);
        var first = stand(slots, A, "1");
        next().findsItLocked();
        var patient = next();
        var second = stand(slots, B, "2");
        next().findsItLocked();
        assertThat(second.join()).isEmpty();
        patient.hasIt();
        assertThat(first.join()).hasValue("1!");
        var third = stand(slots, A, "3");
        next("3");
        assertThat(third.join()).hasValue("3!");
        assertThat(transactions).isEmpty();
    }

    @Test
    void whose_patience_ends_while_it_is_found_locked_waits_for_no_other_turn() {
        var patience = Duration.ofMillis(300);
        var slots = slots(10, 10, patience, LONG);
        var first = stand(slots, A, "1");
        var running = next();
        long began = System.nanoTime();
        await().until(() -> System.nanoTime() - began > patience.toNanos());
        running.findsItLocked();
        assertThat(first).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(Optional.empty());
        assertThat(transactions).isEmpty();
        var second = stand(slots, A, "2");
        next("2");
        assertThat(second.join()).hasValue("2!");
    }

    @Test
    void whose_caller_has_gone_is_left_out() {
        var slots = slots(2, 2, LONG, LONG);
        var first = stand(slots, A, "1");
        var running = next();
        var gone = slots.await(A, "2").subscribe().with(result -> transactions.clear());
        assertThat(slots.awaitsAny("1"::equals)).isTrue();
        assertThat(slots.awaitsAny("2"::equals)).isTrue();
        gone.cancel();
        running.hasIt();
        assertThat(first.join()).hasValue("1!");
        await().until(() -> !slots.awaitsAny("2"::equals));
        assertThat(transactions).isEmpty();
        var third = stand(slots, A, "3");
        next("3");
        assertThat(third.join()).hasValue("3!");
    }

    private LockedSlots<String, String> slots(int most, int longestLine, Duration patience, Duration memory) {
        return new LockedSlots<>(
                vertx,
                new Traces(OpenTelemetry.noop()),
                "requests",
                new LockedSlots.Limits(most, longestLine, 1, SHORT, patience, memory),
                (need, requests, longest) -> Uni.createFrom()
                        .emitter(emitter -> transactions.add(new Transaction(need, requests, longest, emitter))));
    }

    private static CompletableFuture<Optional<String>> stand(
            LockedSlots<String, String> slots, Need need, String request) {
        return slots.await(need, request).subscribeAsCompletionStage();
    }

    private Transaction next() {
        return await().atMost(LONG).until(transactions::poll, Objects::nonNull);
    }

    /** It is of these requests, and has what they need. */
    private Transaction next(String... requests) {
        var transaction = next();
        assertThat(transaction.requests()).containsExactly(requests);
        transaction.hasIt();
        return transaction;
    }
}
