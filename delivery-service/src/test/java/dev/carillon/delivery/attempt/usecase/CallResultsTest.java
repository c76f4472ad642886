package dev.carillon.delivery.attempt.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import org.junit.jupiter.api.Test;

class CallResultsTest {
    private static boolean isNoAttempt(Reason reason, boolean hadToWait) {
        return CallResults.nobodyWasAsked(Transient.unanswered(reason, "in vain", false), hadToWait);
    }

    @Test
    void whoever_waited_for_other_names_or_for_other_calls_was_not_attempted() {
        assertThat(isNoAttempt(Reason.RESOLVER_BUSY, false)).isTrue();
        assertThat(isNoAttempt(Reason.RESOLVER_BUSY, true)).isTrue();
        assertThat(isNoAttempt(Reason.NO_TURN, false)).isTrue();
        assertThat(isNoAttempt(Reason.NOT_SENT, true)).isTrue();
    }

    @Test
    void name_servers_that_hang_and_names_that_are_not_found_are_the_receiver_s() {
        assertThat(isNoAttempt(Reason.NOT_SENT, false)).isFalse();
        assertThat(isNoAttempt(Reason.HOST_NOT_FOUND, true)).isFalse();
        assertThat(isNoAttempt(Reason.TIMEOUT, true)).isFalse();
    }
}
