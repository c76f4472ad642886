package dev.carillon.relay.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.carillon.relay.ParkedEvents.Parked;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Parked events, oldest first. Payloads are not shown: they may hold personal data. */
@RegisterForReflection
public record ParkedPage(
        List<ParkedView> items,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String nextCursor) {

    /** @param firstOfKey it is the one of its key that can be retried or skipped */
    @RegisterForReflection
    public record ParkedView(
            String id,
            UUID eventId,
            String type,
            String topic,
            String key,
            String tenant,
            String subject,
            long version,
            String reason,
            boolean firstOfKey,
            Instant occurredAt,
            Instant parkedAt) {
        static ParkedView of(Parked parked) {
            var event = parked.event();
            return new ParkedView(
                    Long.toString(parked.id()),
                    event.id(),
                    event.type(),
                    event.topic(),
                    event.key(),
                    event.tenant(),
                    event.subject(),
                    event.version(),
                    parked.reason(),
                    parked.firstOfKey(),
                    event.occurredAt(),
                    parked.parkedAt());
        }
    }

    static ParkedPage of(List<Parked> found, int limit) {
        List<ParkedView> items = found.stream().limit(limit).map(ParkedView::of).toList();
        return new ParkedPage(items, found.size() > limit ? items.getLast().id() : null);
    }
}
