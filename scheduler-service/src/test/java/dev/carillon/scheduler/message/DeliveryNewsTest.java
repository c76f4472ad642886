package dev.carillon.scheduler.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.scheduler.message.DeliveryNews.Kind;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryNewsTest {
    private static final Instant AT = Instant.parse("2026-01-02T00:00:01Z");
    private static final UUID DELIVERY = new UUID(2, 2);

    @ParameterizedTest(name = "{1} while {0} makes it {2}")
    @CsvSource({
        "STAGED, ACCEPTED, STAGED",
        "STAGED, RETRY_SCHEDULED, DELIVERING",
        "STAGED, HELD, HELD",
        "STAGED, DELIVERED, DELIVERED",
        "STAGED, DEAD_LETTERED, FAILED",
        "STAGED, EXPIRED, EXPIRED",
        "STAGED, RECALLED, STAGED",
        "STAGED, RECALL_REFUSED, STAGED",
        "DELIVERING, ACCEPTED, DELIVERING",
        "DELIVERING, RETRY_SCHEDULED, DELIVERING",
        "DELIVERING, HELD, HELD",
        "DELIVERING, DELIVERED, DELIVERED",
        "DELIVERING, DEAD_LETTERED, FAILED",
        "DELIVERING, EXPIRED, EXPIRED",
        "DELIVERING, RECALLED, CANCELLED",
        "HELD, ACCEPTED, HELD",
        "HELD, RETRY_SCHEDULED, DELIVERING",
        "HELD, DELIVERED, DELIVERED",
        "HELD, DEAD_LETTERED, FAILED",
        "HELD, EXPIRED, EXPIRED",
        "HELD, RECALLED, CANCELLED",
        "RECALLING, ACCEPTED, RECALLING",
        "RECALLING, RETRY_SCHEDULED, RECALLING",
        "RECALLING, HELD, RECALLING",
        "RECALLING, RECALLED, CANCELLED",
        "RECALLING, RECALL_REFUSED, DELIVERING",
        "RECALLING, DELIVERED, DELIVERED",
        "RECALLING, DEAD_LETTERED, FAILED",
        "RECALLING, EXPIRED, EXPIRED",
        "RECALLING, REDRIVEN, RECALLING",
        "FAILED, RECALLED, FAILED",
        "DELIVERED, RECALLED, DELIVERED",
        "FAILED, REDRIVEN, DELIVERING",
        "DELIVERED, REDRIVEN, DELIVERING",
    })
    void each_report_leads_to_its_status(Status before, Kind kind, Status after) {
        var message = Messages.in(before);
        var changed = news(kind, 1, 1).applyTo(message);
        assertThat(changed.status()).isEqualTo(after);
        assertThat(changed.version()).isEqualTo(message.version() + 1);
        assertThat(changed.revision()).as("the client changed nothing").isEqualTo(message.revision());
        assertThat(changed.progress().deliveryId()).isEqualTo(DELIVERY);
        assertThat(changed.progress().acceptedAt()).isNotNull();
        assertThat(changed.progress().endedAt() != null).isEqualTo(after.isEnd());
    }

    @Test
    void a_refusal_that_is_read_after_a_second_recall_does_not_hide_the_end_by_that_one() {
        var secondRecall = Messages.in(Status.RECALLING);
        var late = news(Kind.RECALL_REFUSED, 1, 3).applyTo(secondRecall);
        assertThat(news(Kind.RECALLED, 1, 5).applyTo(late).status()).isEqualTo(Status.CANCELLED);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_confirmed_cancellation_is_final(Kind kind) {
        var cancelled = Messages.in(Status.CANCELLED);
        assertThat(news(kind, 1, 5).applyTo(cancelled)).isSameAs(cancelled);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void news_of_a_former_generation_change_nothing(Kind kind) {
        var second = Messages.in(Status.STAGED).staged(AT);
        assertThat(news(kind, 1, 9).applyTo(second)).isSameAs(second);
    }

    @Test
    void older_or_repeated_news_never_undo_newer_ones() {
        var delivered = news(Kind.DELIVERED, 1, 5).applyTo(Messages.in(Status.STAGED));
        assertThat(news(Kind.RETRY_SCHEDULED, 1, 4).applyTo(delivered)).isSameAs(delivered);
        assertThat(news(Kind.DELIVERED, 1, 5).applyTo(delivered)).isSameAs(delivered);
    }

    @Test
    void the_end_of_a_message_is_its_first_end_and_a_redrive_takes_it_back() {
        var failed = news(Kind.DEAD_LETTERED, 1, 5).applyTo(Messages.in(Status.STAGED));
        assertThat(failed.progress().endedAt()).isEqualTo(AT);
        var redriven = news(Kind.REDRIVEN, 1, 6).applyTo(failed);
        assertThat(redriven.progress().endedAt()).isNull();
    }

    @Test
    void only_what_was_delivered_has_an_instant_of_delivery() {
        var staged = Messages.in(Status.STAGED);
        assertThat(news(Kind.DELIVERED, 1, 1).applyTo(staged).progress().deliveredAt())
                .isEqualTo(AT);
        assertThat(news(Kind.DEAD_LETTERED, 1, 1).applyTo(staged).progress().deliveredAt())
                .isNull();
    }

    private static DeliveryNews news(Kind kind, int generation, long version) {
        return new DeliveryNews(new UUID(1, 1), generation, version, kind, DELIVERY, AT, 1, false, AT, null, null);
    }
}
