package dev.carillon.delivery.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/** An SMTP relay that takes every letter and keeps it. */
public final class MailRelay implements AutoCloseable {

    /** A letter as it was handed over. */
    public record Letter(String to, String text) {}

    private final List<Letter> letters = new CopyOnWriteArrayList<>();
    private final SMTPServer server;

    public MailRelay(int port) {
        server = SMTPServer.port(port)
                .bindAddress(InetAddress.getLoopbackAddress())
                .simpleMessageListener(new Listener())
                .build();
        server.start();
    }

    public List<Letter> letters() {
        return letters;
    }

    @Override
    public void close() {
        server.stop();
    }

    private final class Listener implements SimpleMessageListener {
        @Override
        public boolean accept(String from, String recipient) {
            return true;
        }

        @Override
        public void deliver(String from, String recipient, InputStream data) throws IOException {
            letters.add(new Letter(recipient, new String(data.readAllBytes(), StandardCharsets.UTF_8)));
        }
    }
}
