package dev.carillon.system.outside;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What a relay does to whoever connects to it. */
public enum RelayTrouble {
    /** It never says a word. */
    HANGS {
        @Override
        void meet(Socket client) throws IOException {
            Misbehaviour.HANGS.answer(client);
        }
    },
    /** Its greeting has no end, and comes a byte at a time. */
    DRIPS {
        @Override
        void meet(Socket client) throws IOException {
            Misbehaviour.drip(client.getOutputStream(), "220-");
        }
    },
    /** It reads a letter to its end, and breaks the connection off in place of an answer. */
    RESETS {
        @Override
        void meet(Socket client) throws IOException {
            readALetter(client);
            Misbehaviour.RESETS.answer(client);
        }
    };

    /** @throws IOException when the connection is of no more use */
    abstract void meet(Socket client) throws IOException;

    private static void readALetter(Socket client) throws IOException {
        var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        OutputStream out = client.getOutputStream();
        Misbehaviour.write(out, "220 relay\r\n");
        for (String command = line(in); !command.equals("DATA"); command = line(in)) {
            Misbehaviour.write(out, "250 yes\r\n");
        }
        Misbehaviour.write(out, "354 go on\r\n");
        String line = line(in);
        while (!line.equals(".")) {
            line = line(in);
        }
    }

    private static String line(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            throw new EOFException("the caller has gone");
        }
        return line;
    }
}
