package dev.carillon.local.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import jakarta.mail.MessagingException;
import java.util.Base64;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(WithProviders.class)
class SmtpProviderTest {

    private final RunningProviders providers;

    SmtpProviderTest(RunningProviders providers) {
        this.providers = providers;
    }

    @Test
    void an_email_is_taken_apart_as_its_reader_sees_it() throws Exception {
        providers.sendEmail();

        JsonObject received = providers.only("email");
        assertThat(received.getString("subject")).isEqualTo("Ihr Termin ✓");
        assertThat(received.getString("from")).isEqualTo("Práxis <desk@example.org>");
        assertThat(received.getJsonArray("to")).containsExactly("ana@example.org");
        assertThat(received.getJsonObject("envelope").getJsonArray("to")).containsExactly("ana@example.org");
        assertThat(received.getString("text")).isEqualTo("Um neun. Grüße");
        assertThat(received.getString("html")).isEqualTo("<p>Um neun.</p>");
        assertThat(received.getJsonObject("headers").getString("X-Visit")).isEqualTo("1234");
        JsonObject attachment = received.getJsonArray("attachments").getJsonObject(0);
        assertThat(attachment.getString("name")).isEqualTo("visit.ics");
        assertThat(attachment.getString("contentType")).isEqualTo("text/calendar");
        assertThat(Base64.getDecoder().decode(attachment.getString("base64")))
                .asString()
                .startsWith("BEGIN:VCALENDAR");
    }

    @Test
    void smtp_fails_as_it_is_told_and_recovers() throws Exception {
        providers.inject("{'channel':'email','mode':'error'}");
        assertThatThrownBy(providers::sendEmail)
                .isInstanceOfSatisfying(SMTPSendFailedException.class, e -> assertThat(e.getReturnCode())
                        .isEqualTo(451));
        providers.inject("{'channel':'email','mode':'error','status':550}");
        assertThatThrownBy(providers::sendEmail)
                .isInstanceOfSatisfying(SMTPSendFailedException.class, e -> assertThat(e.getReturnCode())
                        .isEqualTo(550));
        providers.inject("{'channel':'email','mode':'rate-limit'}");
        assertThatThrownBy(providers::sendEmail).hasMessageContaining("451 4.7.1");
        providers.inject("{'channel':'email','mode':'reset'}");
        assertThatThrownBy(providers::sendEmail)
                .isInstanceOf(MessagingException.class)
                .hasMessageNotContaining("Read timed out");
        providers.inject("{'channel':'email','mode':'hang'}");
        assertThatThrownBy(providers::sendEmail).isInstanceOf(MessagingException.class);
        assertThat(providers.received("email")).isEmpty();

        providers.delete("/faults");
        providers.sendEmail();
        assertThat(providers.received("email")).hasSize(1);
    }
}
