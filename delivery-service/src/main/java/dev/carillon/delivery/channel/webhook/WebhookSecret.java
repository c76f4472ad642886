package dev.carillon.delivery.channel.webhook;

import java.util.Base64;

/** A key shared with a receiver: {@code whsec_} and 24 to 64 bytes in base64. Its text never shows the key. */
public final class WebhookSecret {

    public static final String PREFIX = "whsec_";
    private static final int MIN_BYTES = 24;
    private static final int MAX_BYTES = 64;

    private final byte[] key;

    private WebhookSecret(byte[] key) {
        this.key = key;
    }

    /** @throws IllegalArgumentException if it is not one; the message does not repeat the text */
    public static WebhookSecret parse(String text) {
        String secret = text.strip();
        if (!secret.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a webhook secret begins with " + PREFIX);
        }
        byte[] key = decode(secret.substring(PREFIX.length()));
        if (key.length < MIN_BYTES || key.length > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "a webhook secret has %d to %d bytes, not %d".formatted(MIN_BYTES, MAX_BYTES, key.length));
        }
        return new WebhookSecret(key);
    }

    private static byte[] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // Without the cause: the decoder's message quotes the secret.
            throw new IllegalArgumentException("a webhook secret is base64 after " + PREFIX);
        }
    }

    byte[] key() {
        return key;
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
