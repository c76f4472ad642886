package dev.carillon.delivery;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.Secret;
import java.util.List;
import java.util.Optional;

/** What secrets in the database are encrypted with: those of webhook endpoints. */
@ConfigMapping(prefix = "carillon.secrets")
public interface SecretsSettings {
    /** 32 bytes in base64, which encrypt what is new. Without it no endpoint can be registered. */
    Optional<Secret<String>> key();

    /** Earlier keys, which still decrypt what they encrypted. */
    Optional<List<Secret<String>>> formerKeys();
}
