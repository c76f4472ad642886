package dev.carillon.delivery.channel.webhook;

import dev.carillon.delivery.channel.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key shared with a receiver: {@code whsec_} and 24 to 64 bytes in base64. Its text never shows the key. */
public final class WebhookSecret {

    public static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final String OF_A_TENANT = "carillon/webhook/";
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

    /**
     * A tenant's, derived from this one, which is the installation's. Nobody finds out this one by it, nor another tenant's. Receivers keep it: it must
     * never be derived in another way.
     */
    WebhookSecret forTenant(String tenant) {
        return new WebhookSecret(hmac((OF_A_TENANT + tenant).getBytes(StandardCharsets.UTF_8)));
    }

    /** HMAC-SHA256 of the parts, one after another, under this key. */
    byte[] hmac(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** For those who verify. */
    SigningSecret shown() {
        return new SigningSecret(PREFIX + Base64.getEncoder().encodeToString(key));
    }

    @Override
    public String toString() {
        return PREFIX + "…";
    }
}
