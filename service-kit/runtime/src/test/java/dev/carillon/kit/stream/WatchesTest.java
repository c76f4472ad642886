package dev.carillon.kit.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.tx.Overloaded;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchesTest {
    private static final State OPEN = new State(new UUID(1, 1), 1);

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Watches<State> watches = new Watches<>(
            vertx,
            new Watches.Limits(10, 1),
            new OfStates(),
            seen -> Uni.createFrom().item(List.of()),
            metrics);

    private record State(UUID id, long version) {}

    private static final class OfStates implements Watches.Shape<State> {
        @Override
        public String tenant(State state) {
            return "acme";
        }

        @Override
        public UUID id(State state) {
            return state.id();
        }

        @Override
        public long version(State state) {
            return state.version();
        }

        @Override
        public boolean isEnd(State state) {
            return false;
        }
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }

    private double open() {
        return metrics.get("carillon.streams.open").gauge().value();
    }

    @Test
    void who_watches_counts_until_it_leaves() {
        var watching = watches.states(OPEN, 0).subscribe().with(state -> {});

        assertThat(open()).isEqualTo(1);
        assertThatThrownBy(() -> watches.admit("acme")).isInstanceOf(Overloaded.class);
        watching.cancel();
        assertThat(open()).isZero();
        assertThatCode(() -> watches.admit("acme")).doesNotThrowAnyException();
    }

    @Test
    void who_leaves_while_its_first_state_is_shown_is_not_counted_any_more() {
        var shown = watches.states(OPEN, 0).toUni().await().atMost(Duration.ofSeconds(5));

        assertThat(shown).isEqualTo(OPEN);
        assertThat(open()).isZero();
        assertThatCode(() -> watches.admit("acme")).doesNotThrowAnyException();
    }
}
