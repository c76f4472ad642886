package dev.carillon.relay.deadletter.http;

import dev.carillon.relay.deadletter.Redrive;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * @param status {@code running}, {@code finished}, {@code stopped} or {@code interrupted}
 * @param startedAt when it began, or went on at last after it was interrupted
 * @param total how many there were when it began
 * @param redriven how many of them have been put back
 */
@RegisterForReflection
public record EventRedriveView(
        UUID id,
        String topic,
        String group,
        String status,
        int ratePerSecond,
        String startedBy,
        Instant startedAt,
        long total,
        long redriven) {
    static EventRedriveView of(Redrive redrive) {
        return new EventRedriveView(
                redrive.id(),
                redrive.topic().topic(),
                redrive.topic().group(),
                redrive.status().name().toLowerCase(Locale.ROOT),
                redrive.ratePerSecond(),
                redrive.operator(),
                redrive.startedAt(),
                redrive.total(),
                redrive.total() - redrive.left());
    }
}
