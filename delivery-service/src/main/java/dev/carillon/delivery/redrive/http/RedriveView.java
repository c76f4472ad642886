package dev.carillon.delivery.redrive.http;

import dev.carillon.delivery.redrive.DeadLetters;
import dev.carillon.delivery.redrive.Redrive;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A redrive as clients see it.
 *
 * @param state {@code running}, {@code done} or {@code stopped}
 * @param total how many dead letters there were when it began
 * @param redriven how many got another attempt
 * @param passedOver how many were no dead letters any more when their turn came, or had expired
 */
@RegisterForReflection
public record RedriveView(
        UUID id,
        String state,
        FilterView filter,
        int ratePerSecond,
        long total,
        long redriven,
        long passedOver,
        String createdBy,
        Instant createdAt,
        @Nullable String stoppedBy,
        @Nullable Instant endedAt) {

    /** Which dead letters it is about; without fields, all of the tenant's. */
    @RegisterForReflection
    public record FilterView(
            @Nullable UUID messageId,
            @Nullable String channel,
            @Nullable String destination,
            @Nullable Instant from,
            @Nullable Instant to) {
        static FilterView of(DeadLetters which) {
            return new FilterView(which.messageId(), which.channel(), which.destination(), which.from(), which.to());
        }
    }

    static RedriveView of(Redrive job) {
        return new RedriveView(
                job.id(),
                job.state().wireName(),
                FilterView.of(job.which()),
                job.ratePerSecond(),
                job.total(),
                job.redriven(),
                job.passedOver(),
                job.createdBy(),
                job.createdAt(),
                job.stoppedBy(),
                job.endedAt());
    }
}
