package dev.carillon.scheduler.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FailureWordingTest {
    private static Message failed(Recipient to, String error, boolean possiblyDelivered) {
        var message = Messages.in(Status.STAGED);
        var progress = new Progress(
                7, new UUID(2, 2), Messages.DUE, 3, possiblyDelivered, Messages.DUE, null, null, Messages.DUE, error);
        return Message.scheduled(
                        message.id(),
                        "acme",
                        to,
                        message.content(),
                        message.timing(),
                        null,
                        null,
                        null,
                        Map.of(),
                        message.source(),
                        Messages.CREATED)
                .staged(Messages.CREATED)
                .changedByDelivery(Status.FAILED, progress);
    }

    @Test
    void it_says_which_message_why_after_how_many_attempts_and_in_which_trace() {
        var said = FailureWording.of(failed(new Recipient.Email("ana@example.org"), "HTTP 503", true), "abc");
        assertThat(said.subject()).isEqualTo("Message " + new UUID(1, 1) + " failed");
        assertThat(said.text())
                .contains("failed after 3 attempts")
                .contains("may have been delivered")
                .contains("Why: HTTP 503")
                .contains("To: ana@example.org (email)")
                .contains("Due: 2026-01-02T00:00:00Z")
                .contains("Source: api:tester")
                .contains("Trace: abc");
    }

    @Test
    void it_is_short_enough_for_telegram_whatever_failed() {
        var url = new Recipient.Webhook(URI.create("https://example.org/" + "x".repeat(2000)));
        assertThat(FailureWording.of(failed(url, "y".repeat(100_000), false), null)
                        .text())
                .hasSizeLessThan(4096)
                .doesNotContain("Trace:")
                .doesNotContain("may have been");
    }

    @Test
    void what_is_too_long_is_not_cut_within_a_character() {
        var start = "https://example.org/";
        var url = new Recipient.Webhook(URI.create(start + "x".repeat(499 - start.length()) + "😀".repeat(5)));
        var said = FailureWording.of(failed(url, "HTTP 503", false), null).text();
        assertThat(said.codePoints().filter(one -> Character.getType(one) == Character.SURROGATE))
                .isEmpty();
        assertThat(said).contains("x…");
    }
}
