package dev.carillon.scheduler.message.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.FailureWording;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Recipient;
import dev.carillon.scheduler.message.Schedule;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.message.Status;
import dev.carillon.scheduler.message.Timing;
import dev.carillon.scheduler.message.store.FailureNoticeStore;
import dev.carillon.scheduler.message.store.FailureNoticeStore.Notice;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tells the {@code onFailure} of messages that end {@link Status#FAILED} or {@link Status#EXPIRED}, by a message of its own in the transaction of the
 * end. Once for each end, whatever is repeated; a message that tells of a failure has no {@code onFailure}, so that nothing goes in circles.
 */
@ApplicationScoped
public class TellFailures {
    /** The type of such a message's source; its id is that of the message that failed. */
    public static final String SOURCE = "failure";

    /** What a webhook gets: the shape that Standard Webhooks recommends. */
    @RegisterForReflection
    record FailurePayload(String type, Instant timestamp, Failure data) {}

    @RegisterForReflection
    record Failure(
            UUID messageId,
            String status,
            @Nullable String error,
            int attempts,
            boolean possiblyDelivered,
            JsonNode to,
            Instant dueAt,
            @Nullable Instant firedAt,
            @Nullable Instant endedAt,
            @Nullable UUID deliveryId,
            @Nullable String orderingKey,
            Source source,
            Map<String, String> metadata,
            @Nullable String traceId) {}

    private final FailureNoticeStore notices;
    private final NewMessages newMessages;
    private final EventIds ids;
    private final MessageJson messages;

    public TellFailures(FailureNoticeStore notices, NewMessages newMessages, EventIds ids, MessageJson messages) {
        this.notices = notices;
        this.newMessages = newMessages;
        this.ids = ids;
        this.messages = messages;
    }

    /** @param ended messages as they came to an end; those that nobody is to be told of are left out here */
    Uni<Void> tell(Tx tx, List<TracedMessage> ended, Instant now) {
        var made = ended.stream()
                .filter(one -> isToBeTold(one.message()))
                .map(one -> new Notice(one.message(), telling(one, now)))
                .toList();
        return made.isEmpty()
                ? Uni.createFrom().voidItem()
                : notices.insert(tx, made, now)
                        .chain(fresh -> newMessages.add(
                                tx,
                                made.stream()
                                        .map(Notice::telling)
                                        .filter(one -> fresh.contains(one.id()))
                                        .toList(),
                                now));
    }

    private static boolean isToBeTold(Message ended) {
        return ended.onFailure() != null
                && switch (ended.status()) {
                    case FAILED, EXPIRED -> true;
                    case SCHEDULED, STAGED, DELIVERING, HELD, RECALLING, DELIVERED, CANCELLED -> false;
                };
    }

    /** It continues the trace of the one that failed. */
    private TracedMessage telling(TracedMessage failed, Instant now) {
        var message = failed.message();
        var to = Objects.requireNonNull(message.onFailure());
        var telling = Message.scheduled(
                ids.next(),
                message.tenant(),
                to,
                content(failed, to, now),
                timing(message, now),
                null,
                null,
                null,
                Map.of(),
                new Source(SOURCE, message.id().toString()),
                now);
        return newMessages.asAccepted(failed.with(telling), now);
    }

    private static Timing timing(Message message, Instant now) {
        return switch (new Schedule.Now(message.timing().zone()).resolve(now)) {
            case Schedule.Resolution.Resolved(Timing timing) -> timing;
            case Schedule.Resolution.InThePast _, Schedule.Resolution.TooFar _ ->
                throw new IllegalStateException("Now is neither past nor far");
        };
    }

    private Content content(TracedMessage failed, Recipient to, Instant now) {
        var wording = FailureWording.of(failed.message(), failed.trace().traceId());
        return switch (to) {
            case Recipient.Webhook _ -> new Content.Json(messages.text(payload(failed, now)));
            case Recipient.Endpoint _ -> new Content.Json(messages.text(payload(failed, now)));
            case Recipient.Email _ -> Content.Text.plain(wording.subject(), wording.text(), List.of());
            case Recipient.Telegram _ -> Content.Text.plain(null, wording.text(), List.of());
        };
    }

    private FailurePayload payload(TracedMessage failed, Instant now) {
        var message = failed.message();
        var progress = message.progress();
        return new FailurePayload(
                "message." + message.status().wireName(),
                now,
                new Failure(
                        message.id(),
                        message.status().wireName(),
                        progress.error(),
                        progress.attempts(),
                        progress.possiblyDelivered(),
                        messages.recipient(message.to()),
                        message.timing().dueAt(),
                        progress.firedAt(),
                        progress.endedAt(),
                        progress.deliveryId(),
                        message.orderingKey(),
                        message.source(),
                        message.metadata(),
                        failed.trace().traceId()));
    }
}
