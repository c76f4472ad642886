package dev.carillon.scheduler.message.http;

import dev.carillon.kit.http.Instants;
import dev.carillon.kit.problem.Faults;
import dev.carillon.scheduler.message.Content;
import dev.carillon.scheduler.message.Message;
import dev.carillon.scheduler.message.Schedule;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.message.Terms;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a request into a message, or says everything that is wrong with it. */
final class MessageReading {
    private static final int LONGEST_KEY = 200;

    private final ScheduleMessageRequest request;
    private final Faults faults = new Faults();
    private final RecipientReading recipients;
    private final ContentReading content;

    private MessageReading(ScheduleMessageRequest request, TenantsOwn own) {
        this.request = request;
        this.recipients = new RecipientReading(own.webhooks(), faults);
        this.content = new ContentReading(own, faults);
    }

    /** @throws dev.carillon.kit.problem.ProblemException 422 with every fault */
    static Message read(ScheduleMessageRequest request, UUID id, TenantsOwn own, String caller, Instant now) {
        return read(request, id, own, caller, now, null);
    }

    /** @param kept the content, if it is to be what it was; null if it is the request's */
    static Message read(
            ScheduleMessageRequest request,
            UUID id,
            TenantsOwn own,
            String caller,
            Instant now,
            @Nullable Content kept) {
        return new MessageReading(request, own).message(id, own.tenant(), caller, now, kept);
    }

    private Message message(UUID id, String tenant, String caller, Instant now, @Nullable Content kept) {
        var to = recipients.read("/to", request.to());
        var content = kept == null ? this.content.read(request.content(), to) : kept;
        var timing = ScheduleReading.read(request.schedule(), now, faults);
        var expiresAt = expiresAt(timing == null ? now : timing.dueAt());
        var onFailure = request.onFailure() == null ? null : recipients.read("/onFailure", request.onFailure());
        orderingKey();
        var metadata = metadata();
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return Message.scheduled(
                id,
                tenant,
                Objects.requireNonNull(to),
                Objects.requireNonNull(content),
                Objects.requireNonNull(timing),
                expiresAt,
                request.orderingKey(),
                onFailure,
                metadata,
                new Source("api", caller),
                now);
    }

    /**
     * What a change makes of a message.
     *
     * @param merged the message as the client now wants it; without a schedule, at the instant that it has, and without content, with the content
     * @throws dev.carillon.kit.problem.ProblemException 422 with every fault
     */
    static Terms edit(ScheduleMessageRequest merged, Message current, TenantsOwn own, Instant now) {
        return new MessageReading(merged, own).terms(current, now);
    }

    private Terms terms(Message current, Instant now) {
        var read = request.content() == null ? current.content() : content.read(request.content(), current.to());
        var timing =
                request.schedule() == null ? current.timing() : ScheduleReading.read(request.schedule(), now, faults);
        var expiresAt = expiresAt(timing == null ? now : timing.dueAt());
        var metadata = metadata();
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return new Terms(Objects.requireNonNull(read), Objects.requireNonNull(timing), expiresAt, metadata);
    }

    private @Nullable Instant expiresAt(Instant dueAt) {
        if (request.expiresAt() == null) {
            return null;
        }
        try {
            // To the microsecond that the database keeps.
            var expiresAt = Instants.parse(request.expiresAt()).truncatedTo(ChronoUnit.MICROS);
            if (!expiresAt.isAfter(dueAt)) {
                faults.add("/expiresAt", "must be after the instant at which the message is due");
            }
            if (expiresAt.isAfter(dueAt.plus(Schedule.HORIZON))) {
                faults.add("/expiresAt", "is too far ahead");
            }
            return expiresAt;
        } catch (DateTimeException malformed) {
            faults.add("/expiresAt", "is not an instant of RFC 3339, such as 2026-11-27T06:00:00Z");
            return null;
        }
    }

    private void orderingKey() {
        var key = request.orderingKey();
        if (key != null
                && (key.isBlank() || key.length() > LONGEST_KEY || key.chars().anyMatch(Character::isISOControl))) {
            faults.add("/orderingKey", "takes 1 to " + LONGEST_KEY + " characters, not blank");
        }
    }

    private Map<String, String> metadata() {
        var metadata = request.metadata() == null ? Map.<String, String>of() : request.metadata();
        if (metadata.size() > 50) {
            faults.add("/metadata", "takes up to 50 entries");
        }
        metadata.forEach((name, value) -> {
            if (value == null || name.length() > 100 || value.length() > 1000) {
                faults.add("/metadata", "takes names up to 100 and values up to 1000 characters");
            }
        });
        return metadata;
    }
}
