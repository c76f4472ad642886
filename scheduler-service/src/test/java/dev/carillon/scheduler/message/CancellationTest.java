package dev.carillon.scheduler.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CancellationTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void a_scheduled_message_is_cancelled_at_once() {
        assertThat(Cancellation.of(Messages.scheduled(), NOW))
                .isInstanceOfSatisfying(Cancellation.Cancelled.class, cancelled -> {
                    assertThat(cancelled.message().status()).isEqualTo(Status.CANCELLED);
                    assertThat(cancelled.message().revision()).isEqualTo(2);
                    assertThat(cancelled.message().version()).isEqualTo(2);
                    assertThat(cancelled.message().progress().endedAt()).isEqualTo(NOW);
                });
    }

    @ParameterizedTest
    @EnumSource(names = {"STAGED", "DELIVERING", "HELD"})
    void a_message_that_delivery_has_is_called_back_in_the_same_generation(Status status) {
        var message = Messages.in(status);
        assertThat(Cancellation.of(message, NOW)).isInstanceOfSatisfying(Cancellation.Recalled.class, recalled -> {
            assertThat(recalled.message().status()).isEqualTo(Status.RECALLING);
            assertThat(recalled.message().generation()).isEqualTo(message.generation());
            assertThat(recalled.message().progress().endedAt()).isNull();
        });
    }

    @Test
    void a_second_wish_waits_for_the_same_answer() {
        assertThat(Cancellation.of(Messages.in(Status.RECALLING), NOW)).isEqualTo(new Cancellation.Pending());
    }

    @Test
    void a_cancelled_message_gives_the_same_answer_again_and_does_not_change() {
        var cancelled = Messages.in(Status.CANCELLED);
        assertThat(Cancellation.of(cancelled, NOW)).isEqualTo(new Cancellation.Repeated(cancelled));
    }

    @ParameterizedTest
    @EnumSource(names = {"DELIVERED", "FAILED", "EXPIRED"})
    void a_message_that_has_ended_otherwise_cannot_be_cancelled(Status status) {
        var ended = Messages.in(status);
        assertThat(Cancellation.of(ended, NOW)).isEqualTo(new Cancellation.TooLate(ended));
    }
}
