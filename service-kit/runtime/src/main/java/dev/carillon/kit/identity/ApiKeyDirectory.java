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

/**
 * The API keys that this instance knows, in memory, by highest version: fed by the compacted topic, and in the service that owns them by its own table.
 * Until the topic has been read to its end, what it says of a key may be outdated: a revocation may come behind.
 */
@ApplicationScoped
public class ApiKeyDirectory {
    private record Known(ApiKey key, long version, boolean owned) {
        Known or(Known news) {
            return news.version > version || news.version == version && !owned ? news : this;
        }
    }

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

    /** Learns a key's state from the topic; an older version than the known one changes nothing. */
    public void learn(ApiKey key, long version) {
        byHash.merge(key.hash(), new Known(key, version, false), Known::or);
    }

    /** Learns a key's state from where it is kept, which is true now, whatever the topic has told so far. */
    public void learnFromOwner(ApiKey key, long version) {
        byHash.merge(key.hash(), new Known(key, version, true), Known::or);
    }

    /** Whether a key is known otherwise than from the topic. */
    public boolean isKnownFromOwner(String key) {
        var known = byHash.get(hash(key));
        return known != null && known.owned;
    }

    /** A key that is good by what is known. */
    public Optional<ApiKey> find(String key) {
        return Optional.ofNullable(byHash.get(hash(key)))
                .map(Known::key)
                .filter(known -> known.isGoodAt(Instant.now()));
    }
}
