package dev.carillon.kit.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Vertx vertx = Vertx.vertx();
    private final List<Integer> begun = Collections.synchronizedList(new ArrayList<>());
    private final ConcurrentLinkedQueue<Runnable> held = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        vertx.close();
    }

    @Test
    void so_many_are_let_in_and_the_others_one_by_one_in_their_order() {
        var gate = new Gate(2, PATIENCE);
        var results = List.of(pass(gate, 1), pass(gate, 2), pass(gate, 3), pass(gate, 4));
        assertThat(begun).containsExactly(1, 2);
        release();
        assertThat(begun).containsExactly(1, 2, 3);
        release();
        release();
        release();
        assertThat(begun).containsExactly(1, 2, 3, 4);
        assertThat(results.stream().map(CompletableFuture::join)).containsExactly(1, 2, 3, 4);
        assertThat(pass(gate, 5)).isNotDone();
        assertThat(pass(gate, 6)).isNotDone();
        assertThat(begun).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void what_fails_or_throws_makes_room_for_the_next() {
        var gate = new Gate(1, PATIENCE);
        var failed = gate.<Integer>pass(() -> Uni.createFrom().failure(new IllegalStateException("failed")))
                .subscribeAsCompletionStage();
        var thrown = gate.<Integer>pass(() -> {
                    throw new IllegalStateException("thrown");
                })
                .subscribeAsCompletionStage();
        assertThatThrownBy(failed::join).hasMessageContaining("failed");
        assertThatThrownBy(thrown::join).hasMessageContaining("thrown");
        assertThat(pass(gate, 1)).isNotDone();
        assertThat(begun).containsExactly(1);
    }

    @Test
    void whose_caller_has_gone_is_left_out() {
        var gate = new Gate(1, PATIENCE);
        assertThat(pass(gate, 1)).isNotDone();
        var gone = gate.pass(() -> held(2)).subscribe().with(result -> begun.add(-2));
        var last = pass(gate, 3);
        gone.cancel();
        release();
        release();
        assertThat(last.join()).isEqualTo(3);
        assertThat(begun).containsExactly(1, 3);
    }

    @Test
    void who_waits_for_longer_than_the_gates_patience_is_refused_and_nothing_was_done() {
        var gate = new Gate(1, Duration.ZERO);
        assertThat(pass(gate, 1)).isNotDone();
        var late = pass(gate, 2);
        release();
        assertThatThrownBy(late::join).hasCauseInstanceOf(Overloaded.class);
        assertThat(begun).containsExactly(1);
    }

    @Test
    void a_turn_is_had_on_the_context_that_asked() {
        var gate = new Gate(1, PATIENCE);
        assertThat(pass(gate, 1)).isNotDone();
        var asked = vertx.getOrCreateContext();
        var hadOn = new CompletableFuture<Object>();
        var waits = new CompletableFuture<Boolean>();
        asked.runOnContext(ignored -> {
            gate.pass(() -> Uni.createFrom().item(hadOn.complete(Vertx.currentContext())))
                    .subscribe()
                    .with(result -> begun.add(2), hadOn::completeExceptionally);
            waits.complete(true);
        });
        waits.join();
        release();
        assertThat(hadOn.join()).isSameAs(asked);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(begun).containsExactly(1, 2));
    }

    private CompletableFuture<Integer> pass(Gate gate, int number) {
        return gate.pass(() -> held(number)).subscribeAsCompletionStage();
    }

    private Uni<Integer> held(int number) {
        begun.add(number);
        return Uni.createFrom().emitter(emitter -> held.add(() -> emitter.complete(number)));
    }

    private void release() {
        held.remove().run();
    }
}
