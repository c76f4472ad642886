package dev.carillon.delivery.channel.email;

import dev.carillon.delivery.channel.Content;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.support.Outbounds;
import dev.carillon.delivery.support.RawServer;
import dev.carillon.delivery.support.SettingsOf;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/** E-mails to ana@example.org, sent by way of relays that the test makes. What a test opens is closed after it. */
final class EmailCalls implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
    private static final Logger RELAY_LOG = Logger.getLogger("org.subethamail");

    /** What relays have taken. */
    final ConcurrentLinkedQueue<Received> received = new ConcurrentLinkedQueue<>();

    /** Who has given relays the right password. */
    final ConcurrentLinkedQueue<String> signedIn = new ConcurrentLinkedQueue<>();

    /** With which code relays refuse what is said at a stage: from, recipient or data. */
    final Map<String, Integer> refusals = new ConcurrentHashMap<>();

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> open = new ArrayList<>();

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

    @Override
    public void beforeEach(ExtensionContext test) {
        RELAY_LOG.setLevel(Level.WARNING);
        received.clear();
        signedIn.clear();
        refusals.clear();
    }

    @Override
    public void afterEach(ExtensionContext test) throws Exception {
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
        open.clear();
    }

    @Override
    public void afterAll(ExtensionContext tests) throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Nullable ProviderAnswer send(EmailChannel channel, Content content) {
        return channel.send(Outbounds.to(new Destination.Email("ana@example.org"), content))
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /** Does not wait for the answer. */
    CompletableFuture<ProviderAnswer> begin(EmailChannel channel, Duration timeout, String text) {
        return channel.send(
                        Outbounds.within(timeout, new Destination.Email("ana@example.org"), Content.Message.text(text)))
                .toCompletableFuture();
    }

    /** One that expires so soon. */
    CompletableFuture<ProviderAnswer> beginBefore(
            EmailChannel channel, Duration expiry, Duration timeout, String text) {
        Outbound call = Outbounds.within(timeout, new Destination.Email("ana@example.org"), Content.Message.text(text));
        return channel.send(new Outbound(
                        call.messageId(),
                        call.generation(),
                        call.tenant(),
                        call.deliveryId(),
                        call.attempt(),
                        call.destination(),
                        call.content(),
                        timeout,
                        expiry))
                .toCompletableFuture();
    }

    /** Where the calls of this thread are made, for as long as somebody holds it. */
    Context loop() {
        return vertx.getOrCreateContext();
    }

    EmailChannel channel(int port) {
        return channel(port, Map.of());
    }

    EmailChannel channel(int port, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "carillon.smtp.host", "127.0.0.1",
                "carillon.smtp.port", Integer.toString(port),
                "carillon.smtp.from", "Carillon <no-reply@example.org>",
                "carillon.smtp.own-hostname", "carillon.test"));
        settings.putAll(more);
        EmailChannel channel = new EmailChannel(vertx, SettingsOf.properties(SmtpSettings.class, settings));
        open.add(channel);
        return channel;
    }

    RawServer raw(RawServer.Behaviour behaviour) {
        RawServer server = new RawServer(behaviour);
        open.add(server);
        return server;
    }

    /** Reads a line without taking a byte of the next. */
    static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the client left");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** The port of one that knows the password "right". */
    int relay() {
        return relay(plain -> plain);
    }

    int relay(UnaryOperator<SMTPServer.Builder> more) {
        SMTPServer.Builder relay = SMTPServer.port(0)
                .bindAddress(InetAddress.getLoopbackAddress())
                .messageHandlerFactory(Inbox::new)
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, context) -> {
                    if (!password.equals("right")) {
                        throw new LoginFailedException();
                    }
                    signedIn.add(user);
                }))
                .showAuthCapabilitiesBeforeSTARTTLS(true);
        SMTPServer server = more.apply(relay).build();
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
