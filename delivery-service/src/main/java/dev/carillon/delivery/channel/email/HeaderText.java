package dev.carillon.delivery.channel.email;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** Text in the headers of an e-mail: never a line of its own (RFC 5322), other scripts as encoded words (RFC 2047). */
final class HeaderText {

    // An encoded word has at most 75 characters, of which 12 are its frame: 45 bytes make 60 characters of base64.
    private static final int WORD_BYTES = 45;
    private static final int PLAIN_LIMIT = 70;
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");
    private static final Pattern PLAIN = Pattern.compile("[\\x20-\\x7e]*");
    private static final Pattern ATOMS = Pattern.compile("[a-zA-Z0-9!#$%&'*+/=?^_`{|}~ -]*");

    private HeaderText() {}

    /** On one line: each run of line breaks and control characters becomes a space. */
    static String line(String text) {
        return CONTROL.matcher(text).replaceAll(" ").strip();
    }

    /** The value of an unstructured header such as Subject. */
    static String unstructured(String text) {
        String line = line(text);
        boolean plain = PLAIN.matcher(line).matches() && line.length() <= PLAIN_LIMIT && !line.contains("=?");
        return plain ? line : encoded(line);
    }

    /** A display name. */
    static String phrase(String text) {
        String line = line(text);
        if (line.length() > PLAIN_LIMIT || !PLAIN.matcher(line).matches() || line.contains("=?")) {
            return encoded(line);
        }
        return ATOMS.matcher(line).matches()
                ? line
                : "\"" + line.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** A parameter such as {@code filename} (RFC 2231): quoted where ASCII is enough, else percent-encoded UTF-8. */
    static String parameter(String name, String text) {
        String line = line(text);
        if (PLAIN.matcher(line).matches() && line.length() <= PLAIN_LIMIT) {
            return name + "=\"" + line.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        }
        String percent = URLEncoder.encode(line, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return name + "*=UTF-8''" + percent;
    }

    private static String encoded(String text) {
        StringBuilder words = new StringBuilder();
        StringBuilder word = new StringBuilder();
        int bytes = 0;
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            int size = Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
            if (bytes + size > WORD_BYTES) {
                append(words, word);
                bytes = 0;
            }
            word.appendCodePoint(point);
            bytes += size;
            at += Character.charCount(point);
        }
        append(words, word);
        return words.toString();
    }

    private static void append(StringBuilder words, StringBuilder word) {
        if (!words.isEmpty()) {
            words.append("\r\n ");
        }
        byte[] utf8 = word.toString().getBytes(StandardCharsets.UTF_8);
        words.append("=?UTF-8?B?")
                .append(Base64.getEncoder().encodeToString(utf8))
                .append("?=");
        word.setLength(0);
    }
}
