package dev.carillon.relay;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The refused events of one source, and their followers. */
public interface ParkedEvents {

    /** In order of id, without payloads. */
    CompletionStage<List<Parked>> list(long afterId, int limit);

    CompletionStage<Optional<Parked>> find(long id);

    /**
     * Forgets one, if it still is there and the first of its key, and remembers in the same transaction what was decided. Excludes a parking of the same
     * lane meanwhile.
     */
    CompletionStage<Boolean> remove(Parked parked, Decision decision);

    /** What was decided about one that is parked no more; empty when nothing was, or when that is forgotten, after seven days at least. */
    CompletionStage<Optional<Decision>> decision(long id);

    /**
     * @param reason what the broker said, or whom it follows
     * @param firstOfKey no earlier event of its key is parked: it is the one to decide about
     */
    record Parked(long id, OutboxEvent event, String reason, Instant parkedAt, boolean firstOfKey) {}

    /** What became of an event that was parked. */
    enum Fate {
        PUBLISHED,
        SKIPPED;

        public static Fate of(String wireName) {
            return valueOf(wireName.toUpperCase(Locale.ROOT));
        }

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param key the {@code Idempotency-Key} of the request that decided; null without one */
    record Decision(Fate fate, @Nullable String key) {

        /** Whether a request that wants {@code other} is this one again: without a key it repeats any, with a key the one that had the same. */
        public boolean isRepeatedBy(Decision other) {
            return fate == other.fate && (other.key == null || other.key.equals(key));
        }
    }
}
