package dev.carillon.delivery.channel.wiring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A listener on 127.0.0.1 that says yes in its protocol, and nothing else. Plain sockets, so that nothing of it is measured or traced. */
final class Loopback implements AutoCloseable {

    /** What is said on one connection until it ends. */
    private interface Conversation {
        void hold(BufferedReader in, Writer out) throws IOException;
    }

    private final ServerSocket server;

    private Loopback(Conversation conversation) throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Thread.ofVirtual().name("warm-up").start(() -> listen(conversation));
    }

    /** Answers every request as Telegram would. */
    static Loopback http() throws IOException {
        return new Loopback(Loopback::answerRequests);
    }

    /** Takes every letter. */
    static Loopback smtp() throws IOException {
        return new Loopback(Loopback::takeLetters);
    }

    /** Hangs up on the first byte. */
    static Loopback closing() throws IOException {
        return new Loopback((in, out) -> in.read());
    }

    int port() {
        return server.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void listen(Conversation conversation) {
        while (!server.isClosed()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().name("warm-up").start(() -> talk(socket, conversation));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void talk(Socket connection, Conversation conversation) {
        try (var socket = connection;
                var in = new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                var out = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.ISO_8859_1)) {
            conversation.hold(in, out);
        } catch (IOException over) {
            // The channel closed its end.
        }
    }

    private static void answerRequests(BufferedReader in, Writer out) throws IOException {
        var body = "{\"ok\":true,\"result\":{\"message_id\":1}}";
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            int length = 0;
            for (; line != null && !line.isEmpty(); line = in.readLine()) {
                var header = line.toLowerCase(Locale.ROOT);
                if (header.startsWith("content-length:")) {
                    length = Integer.parseInt(header.substring(15).strip());
                }
            }
            in.skip(length);
            out.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s"
                    .formatted(body.length(), body));
            out.flush();
        }
    }

    private static void takeLetters(BufferedReader in, Writer out) throws IOException {
        say(out, "220 loopback ESMTP");
        boolean letter = false;
        for (var line = in.readLine(); line != null; line = in.readLine()) {
            if (letter) {
                letter = !line.equals(".");
                if (!letter) {
                    say(out, "250 taken");
                }
            } else {
                letter = line.equals("DATA");
                say(out, letter ? "354 go on" : "250 yes");
            }
        }
    }

    private static void say(Writer out, String line) throws IOException {
        out.write(line + "\r\n");
        out.flush();
    }
}
