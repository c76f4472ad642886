package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthTest {
    private static ProviderAnswer failed(@Nullable Integer status, Reason reason, @Nullable Duration retryAfter) {
        return new ProviderAnswer.Transient(status, reason, "failed", null, retryAfter, false);
    }

    @Test
    void a_refusal_of_the_message_is_an_answer_and_one_of_ours_says_nothing() {
        assertThat(Health.of(new ProviderAnswer.Delivered(200, null, null))).isEqualTo(Health.ANSWERED);
        assertThat(Health.of(new ProviderAnswer.Permanent(400, Reason.REJECTED, "no", null)))
                .isEqualTo(Health.ANSWERED);
        assertThat(Health.of(failed(null, Reason.RESOLVER_BUSY, null))).isEqualTo(Health.UNKNOWN);
        assertThat(Health.of(failed(null, Reason.NO_TURN, null))).isEqualTo(Health.UNKNOWN);
        assertThat(Health.of(ProviderAnswer.Permanent.unasked(Reason.DESTINATION_REFUSED, "private")))
                .isEqualTo(Health.UNKNOWN);
    }

    @Test
    void too_many_requests_speaks_of_us_and_one_mailbox_of_itself() {
        assertThat(Health.of(failed(429, Reason.RATE_LIMITED, null))).isEqualTo(Health.UNKNOWN);
        assertThat(Health.of(failed(452, Reason.MAILBOX_UNAVAILABLE, null))).isEqualTo(Health.UNKNOWN);
        assertThat(Health.of(failed(451, Reason.PROVIDER_FAILED, null))).isEqualTo(Health.FAILED);
    }

    @Test
    void what_cannot_be_reached_is_told_from_what_fails_or_hangs() {
        assertThat(Health.of(failed(null, Reason.CONNECTION_REFUSED, null))).isEqualTo(Health.UNREACHABLE);
        assertThat(Health.of(failed(null, Reason.TIMEOUT, null))).isEqualTo(Health.TIMED_OUT);
        assertThat(Health.of(failed(null, Reason.NOT_SENT, null))).isEqualTo(Health.TIMED_OUT);
        assertThat(Health.of(failed(503, Reason.PROVIDER_FAILED, null))).isEqualTo(Health.FAILED);
        assertThat(Health.of(failed(401, Reason.CREDENTIALS_REFUSED, null))).isEqualTo(Health.FAILED);
    }

    @Test
    void it_is_left_alone_when_it_asks_for_it_for_as_long_as_it_says() {
        assertThat(Health.wantsToBeLeftAlone(failed(429, Reason.RATE_LIMITED, Duration.ofSeconds(35))))
                .isEqualTo(Duration.ofSeconds(35));
        assertThat(Health.wantsToBeLeftAlone(failed(429, Reason.RATE_LIMITED, null)))
                .isEqualTo(Duration.ZERO);
        assertThat(Health.wantsToBeLeftAlone(failed(503, Reason.PROVIDER_FAILED, Duration.ofSeconds(5))))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(Health.wantsToBeLeftAlone(failed(503, Reason.PROVIDER_FAILED, null)))
                .isNull();
        assertThat(Health.wantsToBeLeftAlone(failed(503, Reason.PROVIDER_FAILED, Duration.ZERO)))
                .isNull();
    }
}
