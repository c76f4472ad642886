package dev.carillon.system.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.local.ServiceName;
import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.mail.MailServer.Inbox;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The running stack sends by a mail server that is not ours, Exim; what arrived is read as Dovecot shows it to any program. */
// It starts delivery anew, so it comes after those who tell how soon delivery answers.
@Order(Integer.MAX_VALUE - 1)
@ExtendWith(RunningStack.class)
class MailServerIT {

    private static final int ATTEMPTS = 3;
    private static final Duration RETRY_WAIT = Duration.ofSeconds(2);

    private static final String HOSTNAME = "carillon.example.org";
    private static final String SENDER = "praxis@example.org";
    /** Where the locale is none of UTF-8, Java neither writes nor reads such a letter in a variable. */
    private static final String SENDERS_NAME =
            "UTF-8".equals(System.getProperty("sun.jnu.encoding")) ? "Praxis Süd" : "Praxis";

    private static final String ANA = "ana@example.org";
    private static final String IDA = "ida@bücher.example";
    private static final String WARY = "wary@example.org";
    private static final String LATE = "late@example.org";
    private static final String UNKNOWN = "unknown@example.org";

    private static final String SUBJECT =
            "Ihr Termin 😀 für die Blutabnahme, mit einem Betreff, der nicht in eine Zeile passt";
    private static final String TEXT = "Grüße\n.\n..\nFrom here\nzum Schluss 👩‍⚕️";
    private static final String HTML = "<p>Grüße &amp; <b>bis bald</b> 👩‍⚕️</p>";
    private static final byte[] CALENDAR =
            "BEGIN:VCALENDAR\r\nSUMMARY:Prüfung\r\nEND:VCALENDAR\r\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] EVERY_BYTE = everyByte();

    private final TestStack stack;
    private final Carillon carillon;
    private final MailServer mail = MailServer.start();

    MailServerIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    private static byte[] everyByte() {
        var bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @BeforeEach
    void let_delivery_send_by_it() {
        stack.endSecondInstances();
        Map<String, String> variables = new HashMap<>(mail.variables());
        variables.put(
                "CARILLON_JAVA_OPTIONS", RunningStack.javaOptions() + " " + RunningStack.NAMES.looksAgainOption());
        variables.put("CARILLON_SMTP_FROM", SENDERS_NAME + " <" + SENDER + ">");
        variables.put("CARILLON_SMTP_OWN_HOSTNAME", HOSTNAME);
        variables.put("CARILLON_DELIVERY_RETRY_CHANNELS_EMAIL_WAITS", RETRY_WAIT + "," + RETRY_WAIT);
        stack.startAnew(ServiceName.DELIVERY, variables);
    }

    @AfterEach
    void let_delivery_send_to_the_inbox_again() {
        try {
            stack.startAnew(ServiceName.DELIVERY, Map.of());
        } finally {
            mail.close();
        }
    }

    @TestFactory
    List<DynamicTest> what_was_sent_stands_in_the_mailbox_once_and_what_was_refused_is_tried_again_or_given_up() {
        DynamicTest found = new UnknownMailServer(carillon, mail, ATTEMPTS, RETRY_WAIT).foundAgain(LATE);
        Instant soon = Instant.now().plusSeconds(1);
        Drill greylisted = Drill.mail(carillon, "greylisted", WARY).ask(soon, Duration.ZERO, 1);
        Drill unknown = Drill.mail(carillon, "unknown", UNKNOWN).ask(soon, Duration.ZERO, 1);
        Accepted rich = send(ANA, richLetter());
        Accepted plain = send(IDA, new JsonObject().put("subject", "Hello").put("text", TEXT));
        return List.of(
                found,
                dynamicTest("text, HTML and files are what was written", () -> assertThatTheRichLetterArrived(rich)),
                dynamicTest("text alone goes to a domain in another script", () -> assertThatThePlainOneArrived(plain)),
                dynamicTest(
                        "one that is greylisted arrives once", () -> assertThatItArrivedOnceItCameAgain(greylisted)),
                dynamicTest("one to nobody is a dead letter at once", () -> assertThatItWasGivenUpAtOnce(unknown)));
    }

    private static JsonObject richLetter() {
        return new JsonObject()
                .put("subject", SUBJECT)
                .put("text", TEXT)
                .put("html", HTML)
                .put(
                        "attachments",
                        new JsonArray()
                                .add(attachment("Größe \"1\".ics", "text/calendar; method=REQUEST", CALENDAR))
                                .add(attachment("bytes.bin", "application/octet-stream", EVERY_BYTE)));
    }

    private static JsonObject attachment(String name, String contentType, byte[] bytes) {
        return new JsonObject()
                .put("name", name)
                .put("contentType", contentType)
                .put("base64", Base64.getEncoder().encodeToString(bytes));
    }

    private Accepted send(String address, JsonObject content) {
        var message = new JsonObject()
                .put("to", new JsonObject().put("channel", "email").put("address", address))
                .put("content", content)
                .put("schedule", new JsonObject().put("now", true));
        JsonObject accepted =
                carillon.scheduler("POST", "/v1/messages", message.encode()).jsonOf(201);
        return new Accepted(UUID.fromString(accepted.getString("id")), Way.EMAIL, content.getString("subject"));
    }

    private void assertThatTheRichLetterArrived(Accepted sent) throws MessagingException, IOException {
        carillon.awaitStatus(sent, "delivered");
        try (Inbox inbox = mail.awaitInbox(ANA)) {
            Message letter = only(inbox.letters());
            assertThat(letter.getSubject()).isEqualTo(SUBJECT);
            assertThat(letter.getAllRecipients()).containsExactly(new InternetAddress(ANA));
            assertThatItsHeadersAreAsPromised(letter, sent.id().toString());

            var all = (Multipart) letter.getContent();
            assertThat(all.getContentType()).startsWithIgnoringCase("multipart/mixed");
            assertThat(all.getCount()).isEqualTo(3);
            var both = (Multipart) all.getBodyPart(0).getContent();
            assertThat(both.getContentType()).startsWithIgnoringCase("multipart/alternative");
            assertThat(both.getCount()).isEqualTo(2);
            assertThatItReads(both.getBodyPart(0), "text/plain", TEXT);
            assertThatItReads(both.getBodyPart(1), "text/html", HTML);
            assertThatItIsAFile(all.getBodyPart(1), "Größe \"1\".ics", "text/calendar; method=REQUEST", CALENDAR);
            assertThatItIsAFile(all.getBodyPart(2), "bytes.bin", "application/octet-stream", EVERY_BYTE);
        }
        assertThat(mail.taken()).containsOnlyOnce(sent.id() + ".1@carillon");
    }

    private void assertThatThePlainOneArrived(Accepted sent) throws MessagingException, IOException {
        carillon.awaitStatus(sent, "delivered");
        try (Inbox inbox = mail.awaitInbox(IDA)) {
            Message letter = only(inbox.letters());
            assertThat(letter.getAllRecipients()).containsExactly(new InternetAddress("ida@xn--bcher-kva.example"));
            assertThatItsHeadersAreAsPromised(letter, sent.id().toString());
            assertThatItReads(letter, "text/plain", TEXT);
        }
    }

    /** As {@code docs/operating/email.md} has them; and what Exim writes of how a letter came. */
    private static void assertThatItsHeadersAreAsPromised(Message letter, String id) throws MessagingException {
        assertThat(letter.getHeader("Message-ID")).containsExactly("<" + id + ".1@carillon>");
        assertThat(letter.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(letter.getHeader("MIME-Version")).containsExactly("1.0");
        assertThat(letter.getSentDate().toInstant()).isCloseTo(Instant.now(), within(5, ChronoUnit.MINUTES));
        assertThat(letter.getFrom()).singleElement().isInstanceOfSatisfying(InternetAddress.class, from -> {
            assertThat(from.getAddress()).isEqualTo(SENDER);
            assertThat(from.getPersonal()).isEqualTo(SENDERS_NAME);
        });
        assertThat(letter.getHeader("Reply-To")).isNull();
        assertThat(letter.getHeader("Return-path")).containsExactly("<" + SENDER + ">");
        assertThat(letter.getHeader("Received"))
                .singleElement()
                .asString()
                .contains("helo=" + HOSTNAME)
                // With TLS and signed in (RFC 3848).
                .contains("with esmtpsa");
    }

    private static void assertThatItReads(Part part, String type, String text) throws MessagingException, IOException {
        assertThat(part.getContentType()).startsWithIgnoringCase(type).containsIgnoringCase("charset=utf-8");
        assertThat(part.getContent().toString().replace("\r\n", "\n").strip()).isEqualTo(text);
    }

    private static void assertThatItIsAFile(Part part, String name, String type, byte[] bytes)
            throws MessagingException, IOException {
        assertThat(part.getDisposition()).isEqualToIgnoringCase(Part.ATTACHMENT);
        assertThat(part.getFileName()).isEqualTo(name);
        assertThat(part.getContentType()).startsWithIgnoringCase(type);
        assertThat(part.getInputStream().readAllBytes()).isEqualTo(bytes);
    }

    private void assertThatItArrivedOnceItCameAgain(Drill greylisted) throws MessagingException, IOException {
        DrillHistory history = greylisted.awaitEnd();
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RETRY_WAIT);
        history.assertThatAllEnded("delivered");
        history.assertThatAllHadAttempts(2);
        history.assertThatFailuresAre("provider-failed", 451);
        String id = only(history.fates()).id() + ".1@carillon";
        try (Inbox inbox = mail.awaitInbox(WARY)) {
            assertThat(only(inbox.letters()).getHeader("Message-ID")).containsExactly("<" + id + ">");
        }
        assertThat(mail.taken()).containsOnlyOnce(id);
        assertThat(mail.refusals(WARY)).isEqualTo(1);
    }

    private void assertThatItWasGivenUpAtOnce(Drill unknown) throws IOException {
        DrillHistory history = unknown.awaitEnd();
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RETRY_WAIT);
        history.assertThatAllEnded("dead");
        history.assertThatAllHadAttempts(1);
        history.assertThatFailuresAre("rejected", 550);
        assertThat(mail.refusals(UNKNOWN)).isEqualTo(1);
    }

    private static <T> T only(List<T> all) {
        assertThat(all).hasSize(1);
        return all.getFirst();
    }
}
