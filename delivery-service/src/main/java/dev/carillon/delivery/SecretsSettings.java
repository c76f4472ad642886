package dev.carillon.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import java.util.List;
import java.util.Optional;

/** What secrets in the database are encrypted with. In the environment {@code CARILLON_SECRETS_…}. */
@ConfigMapping(prefix = "carillon.secrets")
public interface SecretsSettings {
    /** 32 bytes in base64: encrypts what is new. Without it no endpoint can be registered. */
    Optional<Secret<String>> key();

    /** Earlier ones, which still decrypt what they encrypted. */
    Optional<List<Secret<String>>> formerKeys();
}
