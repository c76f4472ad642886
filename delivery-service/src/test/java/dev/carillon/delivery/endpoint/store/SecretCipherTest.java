package dev.carillon.delivery.endpoint.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.delivery.SecretsSettings;
import dev.carillon.delivery.channel.SigningSecret;
import io.smallrye.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SecretCipherTest {
    private static final UUID ENDPOINT = new UUID(1, 1);
    private static final SigningSecret SECRET = new SigningSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    private final SecretCipher cipher = cipher(key(1));

    @Test
    void what_is_encrypted_is_read_again_and_is_not_to_be_seen() {
        var encrypted = cipher.encrypt(ENDPOINT, SECRET);
        assertThat(new String(encrypted.bytes(), StandardCharsets.ISO_8859_1)).doesNotContain("whsec");
        assertThat(cipher.decrypt(ENDPOINT, encrypted).orElseThrow().reveal()).isEqualTo(SECRET.reveal());
        assertThat(cipher.encrypt(ENDPOINT, SECRET).bytes())
                .as("another nonce each time")
                .isNotEqualTo(encrypted.bytes());
        assertThat(SECRET).hasToString("whsec_…");
    }

    @Test
    void a_secret_that_was_moved_to_another_endpoint_or_changed_is_not_read() {
        var encrypted = cipher.encrypt(ENDPOINT, SECRET);
        assertThat(cipher.decrypt(new UUID(2, 2), encrypted)).isEmpty();
        byte[] changed = encrypted.bytes().clone();
        changed[changed.length - 1] ^= 1;
        assertThat(cipher.decrypt(ENDPOINT, new SecretCipher.Encrypted(encrypted.keyId(), changed)))
                .isEmpty();
    }

    @Test
    void what_is_left_of_a_secret_is_not_read_however_little_it_is() {
        var encrypted = cipher.encrypt(ENDPOINT, SECRET);
        for (int length : List.of(0, 5, 12, 20)) {
            var rest = new SecretCipher.Encrypted(encrypted.keyId(), Arrays.copyOf(encrypted.bytes(), length));
            assertThat(cipher.decrypt(ENDPOINT, rest)).as("%d bytes", length).isEmpty();
        }
    }

    @Test
    void a_former_key_still_reads_and_the_new_one_writes() {
        var before = cipher.encrypt(ENDPOINT, SECRET);
        var rotated = cipher(key(2), key(1));
        assertThat(rotated.decrypt(ENDPOINT, before)).isPresent();
        assertThat(rotated.encrypt(ENDPOINT, SECRET).keyId()).isNotEqualTo(before.keyId());
        assertThat(cipher(key(2)).decrypt(ENDPOINT, before)).isEmpty();
    }

    @Test
    void without_a_key_it_is_not_ready_and_a_key_that_is_none_is_refused_without_being_shown() {
        assertThat(new SecretCipher(settings(null)).isReady()).isFalse();
        for (var none : List.of("c2hvcnQ=", "no base64!")) {
            assertThatThrownBy(() -> cipher(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining(none)
                    .hasNoCause();
        }
    }

    private static String key(int of) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) of);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static SecretCipher cipher(String key, String... former) {
        return new SecretCipher(settings(key, former));
    }

    private static SecretsSettings settings(@Nullable String key, String... former) {
        return new SecretsSettings() {
            @Override
            public Optional<Secret<String>> key() {
                return Optional.ofNullable(key).map(SecretCipherTest::secret);
            }

            @Override
            public Optional<List<Secret<String>>> formerKeys() {
                return Optional.of(
                        Arrays.stream(former).map(SecretCipherTest::secret).toList());
            }
        };
    }

    private static Secret<String> secret(String text) {
        return () -> text;
    }
}
