package dev.carillon.kit.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Idempotency-Key} header: 1 to 255 visible ASCII characters. */
@ApplicationScoped
public class IdempotencyHeader {
    public static final String NAME = "Idempotency-Key";
    public static final String REPLAYED = "Idempotency-Replayed";
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final ObjectMapper json;

    public IdempotencyHeader(ObjectMapper json) {
        this.json = json;
    }

    /** The key, or null without the header. The fingerprint is of the body as understood, so that white space makes no other request. */
    public IdempotencyKeys.@Nullable Key read(@Nullable String header, String tenant, String path, Object body) {
        if (header == null) {
            return null;
        }
        if (!VISIBLE.matcher(header).matches()) {
            throw new ProblemException(Problem.of(
                    400,
                    "idempotency-key-malformed",
                    "The Idempotency-Key is malformed",
                    "It takes 1 to 255 visible ASCII characters"));
        }
        return new IdempotencyKeys.Key(tenant, path, header, fingerprint(body));
    }

    /** The problem that a key's verdict is, if it is one. */
    public static ProblemException refusal(IdempotencyKeys.Verdict verdict) {
        return new ProblemException(
                switch (verdict) {
                    case IdempotencyKeys.Verdict.InProgress ignored ->
                        Problem.of(
                                409,
                                "request-in-progress",
                                "The first request with this Idempotency-Key still runs",
                                "Try again in a moment: the answer will be the first one's");
                    case IdempotencyKeys.Verdict.Reused ignored ->
                        Problem.of(
                                422,
                                "idempotency-key-reused",
                                "This Idempotency-Key stood for another request",
                                "Use a new key for a new request, or repeat the first one's body");
                    case IdempotencyKeys.Verdict.Fresh fresh ->
                        throw new IllegalArgumentException("no refusal: " + fresh);
                    case IdempotencyKeys.Verdict.Repeated repeated ->
                        throw new IllegalArgumentException("no refusal: " + repeated);
                });
    }

    private byte[] fingerprint(Object body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(body));
        } catch (JsonProcessingException | NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
