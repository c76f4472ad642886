package dev.carillon.delivery.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.support.Outbounds;
import dev.carillon.delivery.support.SettingsOf;
import io.vertx.core.Vertx;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mails go by SMTP to a mail server that is not ours, and are read back from its mailbox over IMAP as a customer's program would. */
class MailboxOfAServerTest {
    private static final String ADDRESS = "ana@example.org";
    private static final String PASSWORD = "right";

    private final Vertx vertx = Vertx.vertx();
    private final GreenMail server = new GreenMail(new ServerSetup[] {
        new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP),
        new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_IMAP)
    });

    @BeforeEach
    void start() {
        server.start();
        server.setUser(ADDRESS, ADDRESS, PASSWORD);
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void what_was_sent_stands_in_the_mailbox() throws Exception {
        byte[] file = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".getBytes(StandardCharsets.UTF_8);
        ProviderAnswer answer = send(new Content.Message(
                "Ihr Termin für die Blutabnahme 😀",
                "Grüße\n.\nbis bald",
                "<p>Grüße &amp; <b>bis bald</b></p>",
                null,
                List.of(new Content.Attachment("Größe.ics", "text/calendar; method=REQUEST", file)),
                "Praxis Süd <praxis@example.org>",
                null));
        assertThat(answer).isInstanceOf(Delivered.class);

        try (Store store = Session.getInstance(new Properties()).getStore("imap")) {
            store.connect("127.0.0.1", server.getImap().getPort(), ADDRESS, PASSWORD);
            try (Folder inbox = store.getFolder("INBOX")) {
                inbox.open(Folder.READ_ONLY);
                assertThat(inbox.getMessageCount()).isEqualTo(1);
                assertThatItIsWhatWasSent(inbox.getMessage(1), file);
            }
        }
    }

    private static void assertThatItIsWhatWasSent(Message mail, byte[] file) throws Exception {
        assertThat(mail.getSubject()).isEqualTo("Ihr Termin für die Blutabnahme 😀");
        assertThat(mail.getFrom()[0]).hasToString("=?UTF-8?Q?Praxis_S=C3=BCd?= <praxis@example.org>");
        assertThat(mail.getAllRecipients()[0]).hasToString(ADDRESS);
        var mixed = (MimeMultipart) mail.getContent();
        var alternative = (MimeMultipart) mixed.getBodyPart(0).getContent();
        assertThat(lines(alternative.getBodyPart(0).getContent())).isEqualTo("Grüße\n.\nbis bald");
        assertThat(lines(alternative.getBodyPart(1).getContent())).isEqualTo("<p>Grüße &amp; <b>bis bald</b></p>");
        assertThat(mixed.getBodyPart(1).getContentType()).startsWithIgnoringCase("text/calendar; method=REQUEST");
        assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(file);
    }

    private static String lines(Object content) {
        return content.toString().replace("\r\n", "\n");
    }

    private ProviderAnswer send(Content content) throws Exception {
        Map<String, String> settings = Map.of(
                "carillon.smtp.host",
                "127.0.0.1",
                "carillon.smtp.port",
                Integer.toString(server.getSmtp().getPort()),
                "carillon.smtp.from",
                "Carillon <no-reply@example.org>",
                "carillon.smtp.own-hostname",
                "carillon.test");
        try (var channel = new EmailChannel(vertx, SettingsOf.properties(SmtpSettings.class, settings))) {
            return channel.send(Outbounds.to(new Destination.Email(ADDRESS), content))
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
    }
}
