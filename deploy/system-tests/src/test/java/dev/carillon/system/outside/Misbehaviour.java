package dev.carillon.system.outside;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** What a receiver does with a request that it has read. */
public enum Misbehaviour {
    /** None: it takes the webhook. */
    NONE {
        @Override
        void answer(Socket client) throws IOException {
            write(client.getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        }
    },
    /** It never says a word. */
    HANGS {
        @Override
        void answer(Socket client) throws IOException {
            // Until the caller has gone.
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
            throw new IOException("the caller has gone");
        }
    },
    /** Its answer has no end to its headers, and comes a byte at a time. */
    DRIPS_ITS_HEAD {
        @Override
        void answer(Socket client) throws IOException {
            drip(client.getOutputStream(), "HTTP/1.1 200 OK\r\nX-Patience: ");
        }
    },
    /** It says 200 at once; the rest of its answer comes a byte at a time. */
    DRIPS_ITS_BODY {
        @Override
        void answer(Socket client) throws IOException {
            write(client.getOutputStream(), "HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n");
            drip(client.getOutputStream(), "");
        }
    },
    /** It has moved to where nobody is to be called. */
    POINTS_INSIDE {
        @Override
        void answer(Socket client) throws IOException {
            write(
                    client.getOutputStream(),
                    "HTTP/1.1 307 Temporary Redirect\r\nLocation: " + Inside.url() + "\r\nContent-Length: 0\r\n\r\n");
        }
    },
    /** It speaks HTTP in the clear before it has read anything: no TLS comes of that. */
    SPEAKS_FIRST {
        @Override
        void answer(Socket client) throws IOException {
            write(client.getOutputStream(), "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            HANGS.answer(client);
        }
    },
    /** It breaks the connection off, by a reset and not by a close. */
    RESETS {
        @Override
        void answer(Socket client) throws IOException {
            client.setSoLinger(true, 0);
            client.close();
            throw new IOException("reset");
        }
    };

    private static final Duration BETWEEN_DRIPS = Duration.ofMillis(250);

    /** @throws IOException when the connection is of no more use */
    abstract void answer(Socket client) throws IOException;

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** So long as anybody listens. */
    static void drip(OutputStream out, String beginning) throws IOException {
        for (int i = 0; true; i++) {
            write(out, i < beginning.length() ? beginning.substring(i, i + 1) : "x");
            try {
                Thread.sleep(BETWEEN_DRIPS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
    }
}
