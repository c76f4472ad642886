package dev.carillon.delivery.channel.email;

import static dev.carillon.delivery.channel.RawServer.hang;
import static dev.carillon.delivery.channel.RawServer.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbounds;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.ProviderAnswer.Delivered;
import dev.carillon.delivery.channel.ProviderAnswer.Permanent;
import dev.carillon.delivery.channel.ProviderAnswer.Transient;
import dev.carillon.delivery.channel.RawServer;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.channel.SettingsOf;
import io.vertx.core.Vertx;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

class EmailChannelTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Logger RELAY_LOG = Logger.getLogger("org.subethamail");

    private final List<AutoCloseable> open = new ArrayList<>();
    private final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> refusals = new ConcurrentHashMap<>();

    record Received(String from, String to, byte[] data, String connection) {
        MimeMessage parsed() {
            try {
                return new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(data));
            } catch (MessagingException e) {
                throw new IllegalStateException(e);
            }
        }

        String raw() {
            return new String(data, StandardCharsets.UTF_8);
        }
    }

    @BeforeAll
    static void quietRelay() {
        RELAY_LOG.setLevel(Level.WARNING);
    }

    @AfterAll
    static void closeVertx() throws Exception {
        VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    @Test
    void text_html_and_a_calendar_file_arrive_as_they_were_written() throws Exception {
        EmailChannel channel = channel(relay());
        byte[] file = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".getBytes(StandardCharsets.UTF_8);

        ProviderAnswer answer = send(
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
        Received got = received.element();
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
        EmailChannel channel = channel(relay());

        send(
                channel,
                new Content.Message(
                        "ein sehr langer Betreff mit Umlauten: ".repeat(5) + "äöü",
                        "a\rb\nc\r\nd",
                        null,
                        null,
                        List.of(new Content.Attachment("ü".repeat(60) + ".txt", "text/plain", new byte[500])),
                        null,
                        null));

        assertThat(received.element().raw().replace("\r\n", "")).doesNotContain("\n", "\r");
    }

    @Test
    void nobody_can_write_a_header_through_subject_name_or_type() throws Exception {
        EmailChannel channel = channel(relay());

        ProviderAnswer answer = send(
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
        MimeMessage mail = received.element().parsed();
        assertThat(mail.getSubject()).isEqualTo("Hi Bcc: eve@example.org evil");
        assertThat(mail.getHeader("Bcc")).isNull();
        assertThat(received.element().raw()).doesNotContainPattern("(?m)^X-Evil");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ana@example.org\r\nRCPT TO:<eve@example.org>", "ana", "ana@example.org,eve@example.org", ""})
    void an_address_that_is_none_is_refused_before_the_relay_is_asked(String address) {
        ProviderAnswer answer = channel(relay())
                .send(Outbounds.to(new Destination.Email(address), Content.Message.text("Hi")))
                .toCompletableFuture()
                .join();

        assertThat(answer).isInstanceOfSatisfying(Permanent.class, refused -> assertThat(refused.reason())
                .isEqualTo(Reason.DESTINATION_REFUSED));
        assertThat(received).isEmpty();
    }

    @Test
    void a_sender_with_a_line_of_its_own_is_refused() {
        ProviderAnswer answer = send(
                channel(relay()),
                new Content.Message(
                        "Hi", "text", null, null, List.of(), "a@example.org\r\nBcc: eve@example.org", null));

        assertThat(answer).isInstanceOfSatisfying(Permanent.class, refused -> assertThat(refused.reason())
                .isEqualTo(Reason.CONTENT_REFUSED));
    }

    @Test
    void without_a_sender_of_its_own_a_message_comes_from_the_configured_one() throws Exception {
        send(channel(relay()), Content.Message.text("Hi"));

        assertThat(received.element().from()).isEqualTo("no-reply@example.org");
        assertThat(received.element().parsed().getHeader("From")).containsExactly("Carillon <no-reply@example.org>");
    }

    @Test
    void a_megabyte_goes_through_whole() throws Exception {
        byte[] file = new byte[1_000_000];
        new Random(7).nextBytes(file);

        ProviderAnswer answer = send(
                channel(relay()),
                new Content.Message(
                        "big",
                        "line\n".repeat(50_000),
                        null,
                        null,
                        List.of(new Content.Attachment("big.bin", "application/octet-stream", file)),
                        null,
                        null));

        assertThat(answer).isInstanceOf(Delivered.class);
        MimeMultipart mixed = (MimeMultipart) received.element().parsed().getContent();
        assertThat(mixed.getBodyPart(1).getInputStream().readAllBytes()).isEqualTo(file);
    }

    @Test
    void connections_are_reused() {
        EmailChannel channel = channel(relay());

        send(channel, Content.Message.text("one"));
        send(channel, Content.Message.text("two"));

        assertThat(received)
                .hasSize(2)
                .extracting(Received::connection)
                .containsOnly(received.element().connection());
    }

    @Test
    void more_at_once_than_there_are_connections_all_arrive() {
        EmailChannel channel = channel(relay(), Map.of("carillon.smtp.pool-size", "3"));

        List<CompletionStage<ProviderAnswer>> calls = IntStream.range(0, 60)
                .mapToObj(i -> channel.send(
                        Outbounds.to(new Destination.Email("ana@example.org"), Content.Message.text("no " + i))))
                .toList();

        assertThat(calls)
                .extracting(call -> call.toCompletableFuture()
                        .orTimeout(20, TimeUnit.SECONDS)
                        .join())
                .allMatch(Delivered.class::isInstance);
        assertThat(received).hasSize(60);
        assertThat(received.stream().map(Received::connection).distinct()).hasSizeLessThanOrEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"from, 451", "recipient, 450", "recipient, 452", "data, 451", "data, 421"})
    void what_the_relay_puts_off_is_transient(String stage, int code) {
        refusals.put(stage, code);

        assertThat(send(channel(relay()), Content.Message.text("Hi")))
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
        refusals.put(stage, code);

        assertThat(send(channel(relay()), Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Permanent.class, refused -> {
                    assertThat(refused.providerStatus()).isEqualTo(code);
                    assertThat(refused.reason()).isEqualTo(Reason.REJECTED);
                    assertThat(refused.error()).contains("not today");
                });
    }

    @Test
    void after_a_refusal_the_next_message_goes_out() {
        EmailChannel channel = channel(relay());
        refusals.put("recipient", 550);
        send(channel, Content.Message.text("refused"));
        refusals.clear();

        assertThat(send(channel, Content.Message.text("accepted"))).isInstanceOf(Delivered.class);
    }

    @Test
    void a_refused_connection_was_certainly_not_delivered() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }

        assertThat(send(channel(closed), Content.Message.text("Hi")))
                .isEqualTo(Transient.unanswered(
                        Reason.CONNECTION_REFUSED, "127.0.0.1:" + closed + " refused the connection", false));
    }

    @Test
    void a_relay_that_turns_everybody_away_keeps_the_message_alive() {
        RawServer server = raw(socket -> {
            write(socket, "554 5.3.2 no service here\r\n");
            hang(socket);
        });

        assertThat(send(channel(server.port()), Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Transient.class, later -> assertThat(later.providerStatus())
                        .isEqualTo(554));
    }

    @Test
    void a_password_that_the_relay_does_not_take_keeps_the_message_alive() {
        EmailChannel channel = channel(
                relay(),
                Map.of(
                        "carillon.smtp.username", "carillon",
                        "carillon.smtp.password", "wrong",
                        "carillon.smtp.start-tls", "optional"));

        assertThat(send(channel, Content.Message.text("Hi"))).isInstanceOfSatisfying(Transient.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.CREDENTIALS_REFUSED);
            assertThat(refused.providerStatus()).isEqualTo(535);
            assertThat(refused.toString()).doesNotContain("wrong");
        });
    }

    @Test
    void with_the_right_password_mail_goes_out() {
        EmailChannel channel = channel(
                relay(),
                Map.of(
                        "carillon.smtp.username", "carillon",
                        "carillon.smtp.password", "right",
                        "carillon.smtp.start-tls", "disabled"));

        assertThat(send(channel, Content.Message.text("Hi"))).isInstanceOf(Delivered.class);
    }

    @Test
    void a_password_never_travels_in_the_clear_unless_so_configured() {
        EmailChannel channel =
                channel(relay(), Map.of("carillon.smtp.username", "carillon", "carillon.smtp.password", "right"));

        assertThat(send(channel, Content.Message.text("Hi"))).isInstanceOfSatisfying(Transient.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.TLS_FAILED);
            assertThat(refused.error()).contains("STARTTLS");
        });
        assertThat(received).isEmpty();
    }

    @Test
    void a_relay_that_breaks_off_after_the_letter_may_have_taken_it() {
        RawServer server = raw(socket -> {
            InputStream in = socket.getInputStream();
            write(socket, "220 hello\r\n");
            line(in);
            write(socket, "250 me\r\n");
            for (String reply : List.of("250 ok\r\n", "250 ok\r\n", "354 go\r\n")) {
                line(in);
                write(socket, reply);
            }
            while (!line(in).equals(".")) {
                // the letter
            }
        });

        assertThat(send(channel(server.port()), Content.Message.text("Hi")))
                .isInstanceOfSatisfying(Transient.class, lost -> {
                    assertThat(lost.reason()).isEqualTo(Reason.CONNECTION_LOST);
                    assertThat(lost.possiblyDelivered()).isTrue();
                });
    }

    @Test
    void a_relay_that_hangs_costs_the_timeout_and_those_who_wait_for_it_were_never_sent() {
        RawServer server = raw(socket -> hang(socket));
        EmailChannel channel = channel(server.port(), Map.of("carillon.smtp.pool-size", "1"));
        CompletionStage<ProviderAnswer> first = attempt(channel, Duration.ofMillis(1500));
        CompletionStage<ProviderAnswer> second = attempt(channel, Duration.ofMillis(1000));

        assertThat(second.toCompletableFuture().join()).isInstanceOfSatisfying(Transient.class, waited -> {
            assertThat(waited.reason()).isEqualTo(Reason.NOT_SENT);
            assertThat(waited.error()).contains("no connection was free");
            assertThat(waited.possiblyDelivered()).isFalse();
        });
        assertThat(first.toCompletableFuture().join()).isInstanceOfSatisfying(Transient.class, late -> {
            assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(late.possiblyDelivered()).isTrue();
        });
    }

    @Test
    void a_relay_that_hung_is_cut_off_and_its_place_is_free_again() {
        RawServer server = raw(socket -> hang(socket));
        EmailChannel channel = channel(
                server.port(),
                Map.of(
                        "carillon.smtp.pool-size", "1",
                        "carillon.smtp.timeout", "PT0.3S",
                        "carillon.smtp.keep-alive", "PT0.3S"));
        attempt(channel, Duration.ofMillis(300)).toCompletableFuture().join();

        ProviderAnswer next =
                attempt(channel, Duration.ofSeconds(2)).toCompletableFuture().join();

        assertThat(server.connections()).isGreaterThan(1);
        assertThat(next).isInstanceOf(Transient.class);
    }

    private static CompletionStage<ProviderAnswer> attempt(EmailChannel channel, Duration timeout) {
        return channel.send(
                Outbounds.within(timeout, new Destination.Email("ana@example.org"), Content.Message.text("Hi")));
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the client left");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    private static String text(BodyPart part) throws IOException, MessagingException {
        return ((String) part.getContent()).replace("\r\n", "\n").strip();
    }

    private static @Nullable ProviderAnswer send(EmailChannel channel, Content content) {
        return channel.send(Outbounds.to(new Destination.Email("ana@example.org"), content))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private EmailChannel channel(int port) {
        return channel(port, Map.of());
    }

    private EmailChannel channel(int port, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "carillon.smtp.host", "127.0.0.1",
                "carillon.smtp.port", Integer.toString(port),
                "carillon.smtp.from", "Carillon <no-reply@example.org>",
                "carillon.smtp.own-hostname", "carillon.test"));
        settings.putAll(more);
        EmailChannel channel = new EmailChannel(VERTX, SettingsOf.properties(SmtpSettings.class, settings));
        open.add(channel);
        return channel;
    }

    private RawServer raw(RawServer.Behaviour behaviour) {
        RawServer server = new RawServer(behaviour);
        open.add(server);
        return server;
    }

    private int relay() {
        SMTPServer server = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .messageHandlerFactory(Inbox::new)
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (!password.equals("right")) {
                        throw new LoginFailedException();
                    }
                }))
                .showAuthCapabilitiesBeforeSTARTTLS(true)
                .build();
        server.start();
        open.add(server::stop);
        return server.getPortAllocated();
    }

    private final class Inbox implements MessageHandler {

        private final String connection;
        private String from = "";
        private String to = "";

        Inbox(MessageContext context) {
            connection = String.valueOf(context.getRemoteAddress());
        }

        @Override
        public void from(String address) throws RejectException {
            refuse("from");
            from = address;
        }

        @Override
        public void recipient(String address) throws RejectException {
            refuse("recipient");
            to = address;
        }

        @Override
        public @Nullable String data(InputStream data) throws RejectException, IOException {
            byte[] letter = data.readAllBytes();
            refuse("data");
            received.add(new Received(from, to, letter, connection));
            return null;
        }

        @Override
        public void done() {}

        private void refuse(String stage) throws RejectException {
            Integer code = refusals.get(stage);
            if (code != null) {
                throw new RejectException(code, "not today");
            }
        }
    }
}
