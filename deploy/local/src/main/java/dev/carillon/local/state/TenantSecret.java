package dev.carillon.local.state;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What signs a tenant's webhooks, as delivery derives it from the installation's secret (docs/decisions/0024-webhook-keys-and-bots-are-a-tenants.md). */
final class TenantSecret {

    private static final String PREFIX = "whsec_";

    private TenantSecret() {}

    /** @param installation {@code whsec_} and a key in base64 */
    static String of(String installation, String tenant) {
        byte[] key = Base64.getDecoder().decode(installation.substring(PREFIX.length()));
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] derived = mac.doFinal(("carillon/webhook/" + tenant).getBytes(StandardCharsets.UTF_8));
            return PREFIX + Base64.getEncoder().encodeToString(derived);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has HmacSHA256", e);
        }
    }
}
