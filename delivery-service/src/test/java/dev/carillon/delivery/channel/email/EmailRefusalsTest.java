package dev.carillon.delivery.channel.email;

import static dev.carillon.delivery.support.RawServer.hang;
import static dev.carillon.delivery.support.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.support.Outbounds;
import dev.carillon.delivery.support.RawServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not taken, by the channel or by the relay, and which of it is tried again. */
class EmailRefusalsTest {
    @RegisterExtension
    static final EmailCalls emails = new EmailCalls();

    @ParameterizedTest
    @ValueSource(
            strings = {"ana@example.org\r\nRCPT TO:<eve@example.org>", "ana", "ana@example.org,eve@example.org", ""})
    void an_address_that_is_none_is_refused_before_the_relay_is_asked(String address) {
        ProviderAnswer answer = emails.channel(emails.relay())
                .send(Outbounds.to(new Destination.Email(address), Content.Message.text("Hi")))
                .toCompletableFuture()
                .join();

        assertThat(answer).isInstanceOfSatisfying(Permanent.class, refused -> assertThat(refused.reason())
                .isEqualTo(Reason.DESTINATION_REFUSED));
        assertThat(emails.received).isEmpty();
    }

    @Test
    void a_sender_with_a_line_of_its_own_is_refused() {
        ProviderAnswer answer = emails.send(
                emails.channel(emails.relay()),
                new Content.Message(
                        "Hi", "text", null, null, List.of(), "a@example.org\r\nBcc: eve@example.org", null));

        assertThat(answer).isInstanceOfSatisfying(Permanent.class, refused -> assertThat(refused.reason())
                .isEqualTo(Reason.CONTENT_REFUSED));
    }

    @ParameterizedTest
    @CsvSource({"from, 451", "recipient, 452", "data, 451", "data, 421"})
    void what_the_relay_puts_off_is_transient(String stage, int code) {
        emails.refusals.put(stage, code);

        assertThat(emails.send(emails.channel(emails.relay()), Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Transient.class, later -> {
                    assertThat(later.providerStatus()).isEqualTo(code);
                    assertThat(later.reason()).isEqualTo(Reason.PROVIDER_FAILED);
                    assertThat(later.error()).contains("not today");
                    assertThat(later.responseExcerpt()).contains(Integer.toString(code));
                    assertThat(later.possiblyDelivered()).isFalse();
                });
    }

    @ParameterizedTest
    @CsvSource({"from, 553", "recipient, 550", "recipient, 551", "data, 554", "data, 552"})
    void what_the_relay_refuses_is_permanent(String stage, int code) {
        emails.refusals.put(stage, code);

        assertThat(emails.send(emails.channel(emails.relay()), Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Permanent.class, refused -> {
                    assertThat(refused.providerStatus()).isEqualTo(code);
                    assertThat(refused.reason()).isEqualTo(Reason.REJECTED);
                    assertThat(refused.error()).contains("not today");
                });
    }

    @Test
    void after_a_refusal_the_next_message_goes_out() {
        EmailChannel channel = emails.channel(emails.relay());
        emails.refusals.put("recipient", 550);
        emails.send(channel, Content.Message.text("refused"));
        emails.refusals.clear();

        assertThat(emails.send(channel, Content.Message.text("accepted"))).isInstanceOf(Delivered.class);
    }

    @Test
    void a_relay_that_turns_everybody_away_keeps_the_message_alive() {
        RawServer server = emails.raw(socket -> {
            write(socket, "554 5.3.2 no service here\r\n");
            hang(socket);
        });

        assertThat(emails.send(emails.channel(server.port()), Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Transient.class, later -> assertThat(later.providerStatus())
                        .isEqualTo(554));
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 450 try again later",
        "RCPT, 452 4.2.2 the mailbox is full",
        "RCPT, 451 4.1.1 nobody can say now whether there is such a mailbox",
        "letter, 452-4.2.2 the mailbox is full"
    })
    void what_is_about_one_mailbox_says_so(String stage, String reply) {
        assertThat(answerTo(stage, reply)).isInstanceOfSatisfying(Transient.class, later -> {
            assertThat(later.reason()).isEqualTo(Reason.MAILBOX_UNAVAILABLE);
            assertThat(later.retryAfter()).isNull();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "connected, 450 4.3.2 not now",
        "MAIL, 452 4.3.1 the disk is full",
        "RCPT, 451 4.7.1 greylisted",
        "letter, 451 44.2.2 is no such code",
        "letter, 454 4.3.0 failed for now"
    })
    void what_is_not_about_one_mailbox_speaks_of_the_relay(String stage, String reply) {
        assertThat(answerTo(stage, reply)).isInstanceOfSatisfying(Transient.class, later -> assertThat(later.reason())
                .isEqualTo(Reason.PROVIDER_FAILED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"MAIL", "letter"})
    void too_many_a_second_are_a_limit_and_no_failure_of_the_relay(String stage) {
        assertThat(answerTo(stage, "454 Throttling failure: Maximum sending rate exceeded"))
                .isInstanceOfSatisfying(Transient.class, limited -> {
                    assertThat(limited.reason()).isEqualTo(Reason.RATE_LIMITED);
                    assertThat(limited.retryAfter()).isNull();
                });
    }

    @Test
    void a_days_quota_is_asked_for_again_after_ten_minutes() {
        assertThat(answerTo("letter", "454 Throttling failure: Daily message quota exceeded"))
                .isInstanceOfSatisfying(Transient.class, limited -> {
                    assertThat(limited.reason()).isEqualTo(Reason.RATE_LIMITED);
                    assertThat(limited.retryAfter()).isEqualTo(Duration.ofMinutes(10));
                });
    }

    private static @Nullable ProviderAnswer answerTo(String stage, String reply) {
        String whole = reply.charAt(3) == '-' ? reply + "\r\n" + reply.replace('-', ' ') : reply;
        RawServer server = emails.raw(ScriptedRelay.saying(Map.of(stage, whole)));
        return emails.send(emails.channel(server.port()), Content.Message.text("Hi"));
    }
}
