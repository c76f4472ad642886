package dev.carillon.kit.identity;

import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The API keys that this instance knows, in memory: fed by the compacted topic, by highest version. */
@ApplicationScoped
public class ApiKeyDirectory {
    private record Known(ApiKey key, long version) {}

    private final Map<String, Known> byHash = new ConcurrentHashMap<>();

    /** The SHA-256 by which a key is known, hex. A key has 256 random bits, so that no slow hash is needed. */
    public static String hash(String key) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Learns a key's state; an older version than the known one changes nothing. */
    public void learn(ApiKey key, long version) {
        byHash.merge(
                key.hash(), new Known(key, version), (known, news) -> news.version >= known.version ? news : known);
    }

    public Optional<ApiKey> find(String key) {
        return Optional.ofNullable(byHash.get(hash(key)))
                .map(Known::key)
                .filter(known -> known.isGoodAt(Instant.now()));
    }
}
