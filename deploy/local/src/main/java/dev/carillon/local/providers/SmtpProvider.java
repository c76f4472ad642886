package dev.carillon.local.providers;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;

/** The e-mail provider: accepts mail from anyone to anyone and keeps it. A fault shows in the answer to the mail's data. */
final class SmtpProvider implements AutoCloseable {

    private static final int LARGEST_MAIL = 32 * 1024 * 1024;
    private static final Duration HANG_AT_MOST = Duration.ofMinutes(15);

    private final Inbox inbox;
    private final Faults faults;
    private final SMTPServer server;
    private final CountDownLatch closed = new CountDownLatch(1);

    SmtpProvider(int port, Inbox inbox, Faults faults) {
        this.inbox = inbox;
        this.faults = faults;
        this.server = SMTPServer.port(port)
                .bindAddress(InetAddress.getLoopbackAddress())
                .hostName("localhost")
                .softwareName("Carillon local provider")
                .insertReceivedHeaders(false)
                .maxMessageSize(LARGEST_MAIL)
                .maxConnections(500)
                .connectionTimeout(20, TimeUnit.MINUTES)
                .messageHandlerFactory(Mail::new)
                .build();
    }

    void start() {
        server.start();
    }

    int port() {
        return server.getPortAllocated();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop();
    }

    /** One mail, from MAIL FROM to the end of its data. */
    private final class Mail implements MessageHandler {

        private final MessageContext context;
        private final List<String> recipients = new ArrayList<>();
        private String sender = "";

        private Mail(MessageContext context) {
            this.context = context;
        }

        @Override
        public void from(String address) {
            sender = address;
        }

        @Override
        public void recipient(String address) {
            recipients.add(address);
        }

        @Override
        public String data(InputStream data) throws RejectException, IOException {
            byte[] raw = data.readAllBytes();
            Instant receivedAt = Instant.now();
            JsonObject details = Email.parse(sender, recipients, raw);
            Optional<Fault> fault = faults.befalling(Channel.EMAIL, "");
            boolean accepted = fault.isEmpty() || fault.get().mode() == Fault.Mode.SLOW;
            fault.ifPresent(injected -> details.put("fault", injected.mode().label()));
            // The text parts are in it twice, raw and parsed.
            inbox.add(Channel.EMAIL, receivedAt, accepted, 3 * raw.length + 1024, details);
            if (fault.isPresent()) {
                suffer(fault.get());
            }
            return "2.0.0 Ok: kept";
        }

        private void suffer(Fault fault) throws RejectException, IOException {
            switch (fault.mode()) {
                case ERROR -> // Relays quote whom they refuse.
                    throw new RejectException(fault.statusOr(451), "<" + recipients.getFirst() + ">: injected error");
                case RATE_LIMIT ->
                    throw new RejectException(
                            fault.statusOr(451),
                            "4.7.1 rate limit exceeded, try again in " + fault.retryAfterSeconds() + " s");
                case SLOW -> pause(fault.delay());
                case HANG -> {
                    pause(HANG_AT_MOST);
                    reset();
                }
                case RESET -> reset();
            }
        }

        private void pause(Duration length) throws IOException {
            try {
                if (closed.await(length.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("the provider is being stopped");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }

        private void reset() throws IOException {
            if (context instanceof Session session) {
                Socket socket = session.getSocket();
                socket.setSoLinger(true, 0);
                socket.close();
            }
            throw new IOException("injected reset");
        }

        @Override
        public void done() {}
    }
}
