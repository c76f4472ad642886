package dev.carillon.delivery.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.email.EmailCalls.Received;
import dev.carillon.delivery.support.Outbounds;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EmailChannelTest {
    @RegisterExtension
    static final EmailCalls emails = new EmailCalls();

    @Test
    void text_html_and_a_calendar_file_arrive_as_they_were_written() throws Exception {
        EmailChannel channel = emails.channel(emails.relay());
        byte[] file = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".getBytes(StandardCharsets.UTF_8);

        ProviderAnswer answer = emails.send(
                channel,
                new Content.Message(
                        "Ihr Termin 😀 für die Blutabnahme, mit einem Betreff, der nicht in eine Zeile passt",
                        "Grüße\r\n.\r\n..\r\nFrom here\nzum Schluss 👩‍⚕️",
                        "<p>Grüße &amp; <b>bis bald</b></p>",
                        null,
                        List.of(new Content.Attachment("Größe \"1\".ics", "text/calendar; method=REQUEST", file)),
                        "Praxis Süd <praxis@example.org>",
                        "Empfang <empfang@example.org>"));

        assertThat(answer).isEqualTo(new Delivered(250, "<" + Outbounds.MESSAGE + ".1@carillon>", null));
        Received got = emails.received.element();
        assertThat(got.from()).isEqualTo("praxis@example.org");
        assertThat(got.to()).isEqualTo("ana@example.org");
        MimeMessage mail = got.parsed();
        assertThat(mail.getSubject())
                .isEqualTo("Ihr Termin 😀 für die Blutabnahme, mit einem Betreff, der nicht in eine Zeile passt");
        assertThat(mail.getMessageID()).isEqualTo("<" + Outbounds.MESSAGE + ".1@carillon>");
        assertThat(mail.getFrom()).containsExactly(new InternetAddress("praxis@example.org"));
        assertThat(((InternetAddress) mail.getFrom()[0]).getPersonal()).isEqualTo("Praxis Süd");
        assertThat(mail.getReplyTo()).containsExactly(new InternetAddress("empfang@example.org"));
        assertThat(mail.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(mail.getSentDate()).isNotNull();
        MimeMultipart mixed = (MimeMultipart) mail.getContent();
        MimeMultipart alternative = (MimeMultipart) mixed.getBodyPart(0).getContent();
        assertThat(text(alternative.getBodyPart(0))).isEqualTo("Grüße\n.\n..\nFrom here\nzum Schluss 👩‍⚕️");
        assertThat(text(alternative.getBodyPart(1))).isEqualTo("<p>Grüße &amp; <b>bis bald</b></p>");
        BodyPart ics = mixed.getBodyPart(1);
        assertThat(ics.getContentType()).startsWith("text/calendar; method=REQUEST");
        assertThat(ics.getHeader("Content-Disposition")[0]).contains("filename*=UTF-8''Gr%C3%B6%C3%9Fe");
        assertThat(ics.getInputStream().readAllBytes()).isEqualTo(file);
    }

    @Test
    void every_line_ends_as_relays_demand() {
        EmailChannel channel = emails.channel(emails.relay());

        emails.send(
                channel,
                new Content.Message(
                        "ein sehr langer Betreff mit Umlauten: ".repeat(5) + "äöü",
                        "a\rb\nc\r\nd",
                        null,
                        null,
                        List.of(new Content.Attachment("ü".repeat(60) + ".txt", "text/plain", new byte[500])),
                        null,
                        null));

        assertThat(emails.received.element().raw().replace("\r\n", "")).doesNotContain("\n", "\r");
    }

    @Test
    void nobody_can_write_a_header_through_subject_name_or_type() throws Exception {
        EmailChannel channel = emails.channel(emails.relay());

        ProviderAnswer answer = emails.send(
                channel,
                new Content.Message(
                        "Hi\r\nBcc: eve@example.org\r\n\r\nevil",
                        "text",
                        null,
                        null,
                        List.of(new Content.Attachment(
                                "a\r\nX-Evil: 1\r\n", "text/plain\r\nX-Evil: 2", new byte[] {1})),
                        null,
                        null));

        assertThat(answer).isInstanceOf(Delivered.class);
        MimeMessage mail = emails.received.element().parsed();
        assertThat(mail.getSubject()).isEqualTo("Hi Bcc: eve@example.org evil");
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(emails.received.element().raw()).doesNotContainPattern("(?m)^X-Evil");
    }

    @Test
    void without_a_sender_of_its_own_a_message_comes_from_the_configured_one() throws Exception {
        emails.send(emails.channel(emails.relay()), Content.Message.text("Hi"));

        assertThat(emails.received.element().from()).isEqualTo("no-reply@example.org");
        assertThat(emails.received.element().parsed().getHeader("From"))
                .containsExactly("Carillon <no-reply@example.org>");
    }

    @Test
    void a_megabyte_goes_through_whole() throws Exception {
        byte[] file = new byte[1_000_000];
        new Random(7).nextBytes(file);

        ProviderAnswer answer = emails.send(
                emails.channel(emails.relay()),
                new Content.Message(
                        "big",
                        "line\n".repeat(50_000),
                        null,
                        null,
                        List.of(new Content.Attachment("big.bin", "application/octet-stream", file)),
                        null,
                        null));

        assertThat(answer).isInstanceOf(Delivered.class);
        MimeMultipart mixed = (MimeMultipart) emails.received.element().parsed().getContent();
        assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(file);
    }

    @Test
    void connections_are_reused() {
        EmailChannel channel = emails.channel(emails.relay());

        emails.send(channel, Content.Message.text("one"));
        emails.send(channel, Content.Message.text("two"));

        assertThat(emails.received)
                .hasSize(2)
                .extracting(Received::connection)
                .containsOnly(emails.received.element().connection());
    }

    @Test
    void more_at_once_than_there_are_connections_all_arrive() {
        EmailChannel channel = emails.channel(emails.relay(), Map.of("carillon.smtp.pool-size", "3"));

        List<CompletionStage<ProviderAnswer>> calls = IntStream.range(0, 60)
                .mapToObj(i -> channel.send(
                        Outbounds.to(new Destination.Email("ana@example.org"), Content.Message.text("no " + i))))
                .toList();

        assertThat(calls)
                .extracting(call -> call.toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join())
                .allMatch(Delivered.class::isInstance);
        assertThat(emails.received).hasSize(60);
        assertThat(emails.received.stream().map(Received::connection).distinct())
                .hasSizeLessThanOrEqualTo(3);
    }

    private static String text(BodyPart part) throws IOException, MessagingException {
        return ((String) part.getContent()).replace("\r\n", "\n").strip();
    }
}
