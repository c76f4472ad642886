package dev.carillon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SeldomCountedTest {
    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void close() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void what_is_soon_counted_is_counted_every_half_minute_and_what_takes_long_more_rarely() {
        assertThat(SeldomCounted.rest(Duration.ofMillis(3))).isEqualTo(Duration.ofSeconds(30));
        assertThat(SeldomCounted.rest(Duration.ofMillis(600))).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void a_number_is_counted_again_before_it_is_too_old_to_be_told() {
        assertThat(SeldomCounted.rest(Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void there_is_no_number_until_something_was_counted() {
        var counted =
                new SeldomCounted<Long>(VERTX, "Things", () -> Uni.createFrom().item(7L));
        assertThat(counted.told(Long::doubleValue)).isNaN();

        counted.start();

        await().until(() -> counted.told(Long::doubleValue) == 7);
    }

    @Test
    void it_goes_on_after_a_failure_and_after_silence() {
        var asked = new AtomicInteger();
        var counted = new SeldomCounted<Integer>(
                VERTX,
                "Things",
                () -> switch (asked.incrementAndGet()) {
                    case 1 -> Uni.createFrom().failure(new IllegalStateException("away"));
                    case 2 -> Uni.createFrom().nothing();
                    default -> Uni.createFrom().item(asked.get());
                },
                Duration.ofMillis(50),
                took -> Duration.ofMillis(5));

        counted.start();

        await().until(() -> counted.told(Integer::doubleValue) >= 4);
    }
}
