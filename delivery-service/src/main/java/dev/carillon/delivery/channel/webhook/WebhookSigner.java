package dev.carillon.delivery.channel.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Signs as Standard Webhooks asks: {@code v1,} and the base64 of HMAC-SHA256 over {@code id.timestamp.body}. While a
 * secret is rotated there are several, and as many signatures with a space between; a receiver needs to know one.
 */
public final class WebhookSigner {

    private final List<WebhookSecret> secrets;

    /** @param secrets at least one, the newest first */
    public WebhookSigner(List<WebhookSecret> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("nothing to sign with");
        }
        this.secrets = List.copyOf(secrets);
    }

    /** The value of {@code webhook-signature}. */
    public String sign(String id, Instant at, byte[] body) {
        byte[] head = (id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8);
        return secrets.stream()
                .map(secret -> "v1," + Base64.getEncoder().encodeToString(secret.hmac(head, body)))
                .collect(Collectors.joining(" "));
    }
}
