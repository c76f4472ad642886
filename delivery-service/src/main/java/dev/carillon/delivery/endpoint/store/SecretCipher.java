package dev.carillon.delivery.endpoint.store;

import dev.carillon.delivery.SecretsSettings;
import dev.carillon.delivery.channel.SigningSecret;
import io.smallrye.config.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts secrets for the database with AES-256-GCM (NIST SP 800-38D) and a random nonce of 96 bits. A secret is bound to its endpoint: moved to another
 * one's row it is not read. A key's id is the beginning of its SHA-256.
 */
@ApplicationScoped
public class SecretCipher {
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int ID_BYTES = 4;

    /** @param bytes the nonce, and then the ciphertext with its tag */
    @SuppressWarnings("ArrayRecordComponent") // a carrier that nobody compares
    record Encrypted(String keyId, byte[] bytes) {}

    private final SecureRandom random = new SecureRandom();
    private final Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
    private final @Nullable String current;

    /** @throws IllegalArgumentException when a key of the settings is none; the message does not repeat it */
    public SecretCipher(SecretsSettings settings) {
        current = settings.key().map(this::add).orElse(null);
        settings.formerKeys().orElse(List.of()).forEach(this::add);
    }

    private String add(Secret<String> base64) {
        byte[] key = decoded(base64.get().strip());
        var id = HexFormat.of().formatHex(Arrays.copyOf(sha256(key), ID_BYTES));
        keys.put(id, new SecretKeySpec(key, "AES"));
        return id;
    }

    private static byte[] decoded(String base64) {
        byte[] key = new byte[0];
        try {
            key = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException quotesTheKey) {
            throw noKey();
        }
        if (key.length != KEY_BYTES) {
            throw noKey();
        }
        return key;
    }

    private static IllegalArgumentException noKey() {
        return new IllegalArgumentException("a key of carillon.secrets is %d bytes in base64".formatted(KEY_BYTES));
    }

    /** Whether there is a key to encrypt with. */
    public boolean isReady() {
        return current != null;
    }

    Encrypted encrypt(UUID endpointId, SigningSecret secret) {
        var id = current;
        if (id == null) {
            throw new IllegalStateException("nothing to encrypt with: set carillon.secrets.key");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] text = cipher(Cipher.ENCRYPT_MODE, id, nonce, endpointId)
                    .doFinal(secret.reveal().getBytes(StandardCharsets.UTF_8));
            return new Encrypted(
                    id,
                    ByteBuffer.allocate(NONCE_BYTES + text.length)
                            .put(nonce)
                            .put(text)
                            .array());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has AES-GCM", impossible);
        }
    }

    /** Empty when no key of the settings reads it. */
    Optional<SigningSecret> decrypt(UUID endpointId, Encrypted secret) {
        if (!keys.containsKey(secret.keyId) || secret.bytes.length < NONCE_BYTES) {
            return Optional.empty();
        }
        byte[] nonce = Arrays.copyOf(secret.bytes, NONCE_BYTES);
        try {
            byte[] text = cipher(Cipher.DECRYPT_MODE, secret.keyId, nonce, endpointId)
                    .doFinal(secret.bytes, NONCE_BYTES, secret.bytes.length - NONCE_BYTES);
            return Optional.of(new SigningSecret(new String(text, StandardCharsets.UTF_8)));
        } catch (AEADBadTagException notItsOwn) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has AES-GCM", impossible);
        }
    }

    private Cipher cipher(int mode, String keyId, byte[] nonce, UUID endpointId) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.get(keyId), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(endpointId.toString().getBytes(StandardCharsets.US_ASCII));
        return cipher;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }
}
