package dev.carillon.benchmarks.stack;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An HTTP/1.1 message at the beginning of a buffer that is being filled; its length is told by a {@code Content-Length}.
 *
 * @param headers how long line and headers are, zero while they are not whole
 * @param body how long the body is
 */
record HttpText(ByteBuffer buffer, int headers, int body) {
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CHUNKED = "transfer-encoding: chunked".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST_CHUNK = "\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NUMBER = "\"n\":".getBytes(StandardCharsets.US_ASCII);

    static HttpText in(ByteBuffer buffer) {
        byte[] bytes = buffer.array();
        int end = buffer.position();
        for (int i = 3; i < end; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n' && bytes[i - 3] == '\r') {
                int body = isChunked(bytes, i) ? chunks(bytes, i + 1, end) : numberAfter(bytes, LENGTH, 0, i);
                return new HttpText(buffer, i + 1, Math.max(0, body));
            }
        }
        return new HttpText(buffer, 0, 0);
    }

    private static boolean isChunked(byte[] bytes, int headers) {
        return numberAfter(bytes, CHUNKED, 0, headers) >= 0;
    }

    /** How long the chunks are, of which nothing may come after the last; more than there will ever be while that has not come. */
    private static int chunks(byte[] bytes, int from, int end) {
        int last = end - LAST_CHUNK.length;
        return last >= from && startsWith(bytes, last, LAST_CHUNK) ? end - from : Integer.MAX_VALUE - from;
    }

    boolean isWhole() {
        return headers > 0 && buffer.position() >= length();
    }

    int length() {
        return headers + body;
    }

    /** Of an answer: {@code HTTP/1.1 200 …}. */
    int status() {
        byte[] bytes = buffer.array();
        return (bytes[9] - '0') * 100 + (bytes[10] - '0') * 10 + (bytes[11] - '0');
    }

    /** The number that the body's JSON has as {@code n}, or -1. */
    int number() {
        return numberAfter(buffer.array(), NUMBER, headers, length());
    }

    /** With chunks put together. */
    String text() {
        byte[] bytes = buffer.array();
        if (!isChunked(bytes, headers)) {
            return new String(bytes, 0, length(), StandardCharsets.UTF_8);
        }
        var whole = new ByteArrayOutputStream();
        whole.write(bytes, 0, headers);
        int at = headers;
        while (bytes[at] != '0') {
            int line = at;
            while (bytes[at] != '\r') {
                at++;
            }
            int size = Integer.parseInt(new String(bytes, line, at - line, StandardCharsets.US_ASCII), 16);
            whole.write(bytes, at + 2, size);
            at += 2 + size + 2;
        }
        return whole.toString(StandardCharsets.UTF_8);
    }

    /** What comes after this message is now the beginning. */
    void drop() {
        int length = length();
        buffer.flip().position(length);
        buffer.compact();
    }

    private static int numberAfter(byte[] bytes, byte[] name, int from, int to) {
        for (int i = from; i + name.length < to; i++) {
            if (startsWith(bytes, i, name)) {
                return number(bytes, i + name.length, to);
            }
        }
        return -1;
    }

    /** In any case, for a lower-case name. */
    private static boolean startsWith(byte[] bytes, int at, byte[] name) {
        for (int i = 0; i < name.length; i++) {
            byte is = bytes[at + i];
            if (is != name[i] && (is < 'A' || is > 'Z' || is + 32 != name[i])) {
                return false;
            }
        }
        return true;
    }

    private static int number(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] == ' ') {
            i++;
        }
        int number = 0;
        for (; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            number = number * 10 + bytes[i] - '0';
        }
        return number;
    }
}
