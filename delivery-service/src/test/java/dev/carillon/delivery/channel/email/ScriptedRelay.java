package dev.carillon.delivery.channel.email;

import static dev.carillon.delivery.channel.email.EmailCalls.line;
import static dev.carillon.delivery.support.RawServer.write;

import dev.carillon.delivery.support.RawServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Speaks SMTP and takes every letter, but for what a test has it say. */
final class ScriptedRelay implements RawServer.Behaviour {

    /** The stage before the first command. */
    static final String CONNECTED = "connected";

    /** The stage after the end of a letter. */
    static final String LETTER = "letter";

    /** What is said after the first four letters of a command, or at one of the other stages; null for the usual. */
    interface Script {
        @Nullable String at(String stage) throws InterruptedException;
    }

    private final Script script;
    private final List<String> letters = new CopyOnWriteArrayList<>();

    ScriptedRelay(Script script) {
        this.script = script;
    }

    static ScriptedRelay saying(Map<String, String> words) {
        return new ScriptedRelay(words::get);
    }

    /** What it has taken. */
    List<String> letters() {
        return letters;
    }

    @Override
    public void meet(Socket socket) throws IOException, InterruptedException {
        InputStream in = socket.getInputStream();
        say(socket, words(CONNECTED, "220 relay"));
        while (true) {
            String command = line(in);
            String verb = command.substring(0, Math.min(4, command.length())).toUpperCase(Locale.ROOT);
            String words = words(verb, verb.equals("DATA") ? "354 go on" : "250 yes");
            say(socket, words);
            if (words.startsWith("354")) {
                say(socket, take(letter(in)));
            }
        }
    }

    private String take(String letter) throws InterruptedException {
        String words = words(LETTER, "250 taken");
        if (words.startsWith("250")) {
            letters.add(letter);
        }
        return words;
    }

    private static String letter(InputStream in) throws IOException {
        StringBuilder letter = new StringBuilder();
        for (String line = line(in); !line.equals("."); line = line(in)) {
            letter.append(line).append('\n');
        }
        return letter.toString();
    }

    private String words(String stage, String usual) throws InterruptedException {
        String words = script.at(stage);
        return words == null ? usual : words;
    }

    private static void say(Socket socket, String words) throws IOException {
        write(socket, words + "\r\n");
    }
}
