package dev.carillon.kit.testing.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A JWT to be: good as {@link #of} makes it, and made bad in one respect by the methods {@code with…}.
 *
 * @param tenant left out when null
 */
public record Token(String issuer, String subject, @Nullable String tenant, List<String> groups, Instant expiresAt) {

    public Token {
        groups = List.copyOf(groups);
    }

    /** A user of {@code tenant} who is in {@code groups}; good for an hour. */
    public static Token of(String tenant, String... groups) {
        return new Token(
                Issuer.NAME,
                "user@" + tenant,
                tenant,
                List.of(groups),
                Instant.now().plus(Duration.ofHours(1)));
    }

    public Token withIssuer(String other) {
        return new Token(other, subject, tenant, groups, expiresAt);
    }

    public Token withTenant(@Nullable String other) {
        return new Token(issuer, subject, other, groups, expiresAt);
    }

    public Token expiredAt(Instant when) {
        return new Token(issuer, subject, tenant, groups, when);
    }

    /** Signed by the issuer (RS256). */
    public String signed() {
        return signedBy(SigningKey.shared());
    }

    public String signedBy(SigningKey key) {
        var content = encoded("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + encoded(claims());
        return content + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(key.sign(content));
    }

    /** The forgery that says of itself that it needs no signature. */
    public String unsigned() {
        return encoded("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + encoded(claims()) + ".";
    }

    private String claims() {
        var claims = new StringJoiner(",", "{", "}")
                .add("\"iss\":" + quoted(issuer))
                .add("\"sub\":" + quoted(subject))
                .add("\"groups\":["
                        + String.join(",", groups.stream().map(Token::quoted).toList()) + "]")
                .add("\"iat\":" + expiresAt.minus(Duration.ofHours(1)).getEpochSecond())
                .add("\"exp\":" + expiresAt.getEpochSecond());
        if (tenant != null) {
            claims.add("\"tenant\":" + quoted(tenant));
        }
        return claims.toString();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }
}
