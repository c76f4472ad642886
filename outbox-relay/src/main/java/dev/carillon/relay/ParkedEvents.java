package dev.carillon.relay;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The refused events of one source, and their followers. */
public interface ParkedEvents {

    /** In order of id, without payloads. */
    CompletionStage<List<Parked>> list(long afterId, int limit);

    CompletionStage<Optional<Parked>> find(long id);

    /** Forgets one, if it still is there and the first of its key. Excludes a parking of the same lane meanwhile. */
    CompletionStage<Boolean> remove(Parked parked);

    /**
     * @param reason what the broker said, or whom it follows
     * @param firstOfKey no earlier event of its key is parked: it is the one to decide about
     */
    record Parked(long id, OutboxEvent event, String reason, Instant parkedAt, boolean firstOfKey) {}
}
