package dev.carillon.scheduler.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.scheduler.message.DeliveryNews.Kind;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WithdrawnMessageTest {
    private static final Instant AT = Instant.parse("2026-01-02T00:00:01Z");

    @Test
    void a_withdrawn_message_whose_recall_was_refused_is_left_alone_while_its_attempt_is_open() {
        assertThat(refused(true).status()).isEqualTo(Status.DELIVERING);
        assertThat(refused(true).isToBeRecalledAgain()).isFalse();
    }

    @Test
    void it_is_to_be_recalled_again_when_the_attempt_has_failed_and_another_one_waits() {
        assertThat(news(Kind.RETRY_SCHEDULED, 2, AT.plusSeconds(240))
                        .applyTo(refused(true))
                        .isToBeRecalledAgain())
                .isTrue();
    }

    @Test
    void it_is_to_be_recalled_again_when_it_is_held_or_redriven() {
        assertThat(news(Kind.HELD, 2, null).applyTo(refused(true)).isToBeRecalledAgain())
                .isTrue();
        var failed = news(Kind.DEAD_LETTERED, 2, null).applyTo(refused(true));
        assertThat(failed.isToBeRecalledAgain()).isFalse();
        assertThat(news(Kind.REDRIVEN, 3, AT).applyTo(failed).isToBeRecalledAgain())
                .isTrue();
    }

    @Test
    void a_clients_own_cancel_is_a_wish_for_once() {
        assertThat(news(Kind.RETRY_SCHEDULED, 2, AT.plusSeconds(240))
                        .applyTo(refused(false))
                        .isToBeRecalledAgain())
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(Status.class)
    void withdrawing_alone_changes_nothing_that_anybody_is_told(Status status) {
        var message = Messages.in(status);
        var withdrawn = message.withdrawn();
        assertThat(withdrawn.unwanted()).isTrue();
        assertThat(withdrawn.status()).isEqualTo(status);
        assertThat(withdrawn.version()).isEqualTo(message.version());
        assertThat(withdrawn.revision()).isEqualTo(message.revision());
    }

    /** Recalled while an attempt is open. */
    private static Message refused(boolean withdrawn) {
        var delivering = Messages.in(Status.DELIVERING);
        var wished = withdrawn ? delivering.withdrawn() : delivering;
        var recalling = ((Cancellation.Recalled) Cancellation.of(wished, AT)).message();
        return news(Kind.RECALL_REFUSED, 1, null).applyTo(recalling);
    }

    private static DeliveryNews news(Kind kind, long version, @Nullable Instant nextAttemptAt) {
        return new DeliveryNews(
                new UUID(1, 1), 1, version, kind, new UUID(2, 2), AT, 1, false, AT, nextAttemptAt, null);
    }
}
