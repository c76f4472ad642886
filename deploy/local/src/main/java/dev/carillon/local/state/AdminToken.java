package dev.carillon.local.state;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/** A JWT (RS256) of the local tenant's administrator, good for a year and renewed by a start in its last month. */
public final class AdminToken {

    public static final String ISSUER = "https://local.carillon.dev";

    private static final Duration GOOD_FOR = Duration.ofDays(365);
    private static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);

    private AdminToken() {}

    /** The one that is kept if it is still good and signed by these keys, else a new one. */
    public static String keptOrNew(String kept, String tenant, SigningKeys keys, Instant now) {
        return isGood(kept, tenant, keys, now) ? kept : issue(tenant, keys, now);
    }

    static String issue(String tenant, SigningKeys keys, Instant now) {
        var header = new JsonObject().put("alg", "RS256").put("typ", "JWT");
        var claims = new JsonObject()
                .put("iss", ISSUER)
                .put("sub", "local-admin")
                .put("upn", "local-admin")
                .put("tenant", tenant)
                .put("groups", new JsonArray().add("admin"))
                .put("iat", now.getEpochSecond())
                .put("exp", now.plus(GOOD_FOR).getEpochSecond())
                .put("jti", UUID.randomUUID().toString());
        String signed = encode(header) + "." + encode(claims);
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(sign(signed, keys));
    }

    private static boolean isGood(String token, String tenant, SigningKeys keys, Instant now) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3) {
            return false;
        }
        try {
            var verification = Signature.getInstance("SHA256withRSA");
            verification.initVerify(keys.publicKey());
            verification.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            if (!verification.verify(Base64.getUrlDecoder().decode(parts[2]))) {
                return false;
            }
            var claims = new JsonObject(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
            return tenant.equals(claims.getString("tenant"))
                    && ISSUER.equals(claims.getString("iss"))
                    && now.plus(RENEWED_BEFORE_END).getEpochSecond() < claims.getLong("exp", 0L);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] sign(String text, SigningKeys keys) {
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.privateKey());
            signature.update(text.getBytes(StandardCharsets.US_ASCII));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM signs with RSA", e);
        }
    }

    private static String encode(JsonObject json) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(json.encode().getBytes(StandardCharsets.UTF_8));
    }
}
