package dev.carillon.local.providers;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies Standard Webhooks 1.0: {@code webhook-signature} holds, separated by spaces, {@code v1,} and the base64 of an HMAC-SHA256
 * over {@code id.timestamp.body}; one that fits is enough, and the timestamp must lie within five minutes of now.
 */
final class WebhookSignature {

    private static final Duration TOLERANCE = Duration.ofMinutes(5);
    private static final String PREFIX = "whsec_";

    private final SecretKeySpec key;

    WebhookSignature(String secret) {
        String encoded = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
        this.key = new SecretKeySpec(Base64.getDecoder().decode(encoded), "HmacSHA256");
    }

    /** What is wrong with it, or nothing when it verifies. */
    Optional<String> flaw(
            @Nullable String id, @Nullable String timestamp, @Nullable String signatures, byte[] body, Instant now) {
        if (id == null || timestamp == null || signatures == null) {
            return Optional.of("webhook-id, webhook-timestamp or webhook-signature is missing");
        }
        Optional<String> time = flawOfTime(timestamp, now);
        if (time.isPresent()) {
            return time;
        }
        byte[] expected = sign(id, timestamp, body);
        boolean fits = Arrays.stream(signatures.split(" ", -1))
                .filter(signature -> signature.startsWith("v1,"))
                .anyMatch(signature -> matches(expected, signature.substring(3)));
        return fits ? Optional.empty() : Optional.of("no signature fits");
    }

    private static Optional<String> flawOfTime(String timestamp, Instant now) {
        try {
            Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
            boolean near = Duration.between(sent, now).abs().compareTo(TOLERANCE) <= 0;
            return near ? Optional.empty() : Optional.of("webhook-timestamp is more than five minutes away");
        } catch (RuntimeException e) {
            return Optional.of("webhook-timestamp is no number of seconds");
        }
    }

    private byte[] sign(String id, String timestamp, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }

    private static boolean matches(byte[] expected, String encoded) {
        try {
            return MessageDigest.isEqual(expected, Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
