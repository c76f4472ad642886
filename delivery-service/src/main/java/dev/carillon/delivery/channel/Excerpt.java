package dev.carillon.delivery.channel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bounds what others say before it is stored, logged and shown. */
public final class Excerpt {

    /** The most of a provider's answer that is kept. */
    public static final int BODY_BYTES = 16 * 1024;

    /** The longest error. */
    public static final int ERROR_CHARS = 500;

    // PostgreSQL's text takes no NUL, and a terminal should not take the rest.
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");
    private static final Pattern BREAKS = Pattern.compile("[\\p{Cntrl}\\s]+");

    private Excerpt() {}

    /** Text of at most {@link #BODY_BYTES} in UTF-8 without control characters but tab and newline; null if empty. */
    public static @Nullable String ofBody(@Nullable String body) {
        if (body == null || body.isEmpty()) {
            return null;
        }
        return cut(CONTROL.matcher(body).replaceAll(""), BODY_BYTES);
    }

    /** As {@link #ofBody(String)}, of bytes that may not be UTF-8, or not text at all. */
    public static @Nullable String ofBody(byte[] body) {
        int length = Math.min(body.length, BODY_BYTES);
        return ofBody(
                StandardCharsets.UTF_8.decode(ByteBuffer.wrap(body, 0, length)).toString());
    }

    /** One line of at most {@link #ERROR_CHARS} characters. */
    public static String ofError(String error) {
        String line = BREAKS.matcher(error).replaceAll(" ").strip();
        return line.length() <= ERROR_CHARS ? line : line.substring(0, boundary(line, ERROR_CHARS - 1)) + "…";
    }

    private static @Nullable String cut(String text, int maxBytes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > maxBytes) {
            int end = maxBytes;
            while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
                end--;
            }
            return new String(bytes, 0, end, StandardCharsets.UTF_8);
        }
        return text.isEmpty() ? null : text;
    }

    private static int boundary(String text, int end) {
        return Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
    }
}
