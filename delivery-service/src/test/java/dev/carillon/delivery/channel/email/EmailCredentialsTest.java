package dev.carillon.delivery.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.support.RawServer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailCredentialsTest {
    @RegisterExtension
    static final EmailCalls emails = new EmailCalls();

    @Test
    void a_password_that_the_relay_does_not_take_keeps_the_message_alive() {
        EmailChannel channel = emails.channel(
                emails.relay(),
                Map.of(
                        "carillon.smtp.username", "carillon",
                        "carillon.smtp.password", "wrong",
                        "carillon.smtp.start-tls", "optional"));

        assertThat(emails.send(channel, Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Transient.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.CREDENTIALS_REFUSED);
                    assertThat(refused.providerStatus()).isEqualTo(535);
                    assertThat(refused.toString()).doesNotContain("wrong");
                });
    }

    @Test
    void with_the_right_password_mail_goes_out() {
        EmailChannel channel = emails.channel(
                emails.relay(),
                Map.of(
                        "carillon.smtp.username", "carillon",
                        "carillon.smtp.password", "right",
                        "carillon.smtp.start-tls", "disabled"));

        assertThat(emails.send(channel, Content.Message.text("Hi"))).isInstanceOf(Delivered.class);
    }

    @Test
    void a_password_never_travels_in_the_clear_unless_so_configured() {
        EmailChannel channel = emails.channel(
                emails.relay(), Map.of("carillon.smtp.username", "carillon", "carillon.smtp.password", "right"));

        assertThat(emails.send(channel, Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Transient.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.TLS_FAILED);
                    assertThat(refused.error()).contains("STARTTLS");
                });
        assertThat(emails.received).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"504 5.5.4 no such mechanism", "535 5.7.8 wrong", "554 5.7.0 too many failed logins", "550 no"})
    void whatever_is_said_against_signing_in_keeps_the_message_alive(String reply) {
        RawServer server =
                emails.raw(ScriptedRelay.saying(Map.of("EHLO", "250-relay\r\n250 AUTH PLAIN", "AUTH", reply)));
        EmailChannel channel = emails.channel(
                server.port(),
                Map.of(
                        "carillon.smtp.username", "carillon",
                        "carillon.smtp.password", "right",
                        "carillon.smtp.start-tls", "disabled"));

        assertThat(emails.send(channel, Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Transient.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.CREDENTIALS_REFUSED);
                    assertThat(refused.providerStatus()).isEqualTo(Integer.valueOf(reply.substring(0, 3)));
                });
    }
}
