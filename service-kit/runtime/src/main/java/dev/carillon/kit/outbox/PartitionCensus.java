package dev.carillon.kit.outbox;

import dev.carillon.kit.outbox.Partition.State;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * How far ahead the outbox can be appended to, and how long its oldest partition that is over has been waiting to be dropped.
 *
 * @param ahead from now on until the first instant that has no partition
 * @param partitionsAhead those that begin after now
 * @param oldestRetiring since the end of the oldest partition that is not attached any more; zero when there is none
 */
record PartitionCensus(Duration ahead, int partitionsAhead, Duration oldestRetiring) {
    static PartitionCensus of(List<Partition> partitions, Instant now) {
        List<Partition> attached = partitions.stream()
                .filter(one -> one.state() == State.ATTACHED)
                .sorted(Comparator.comparing(Partition::from))
                .toList();
        Instant until = now;
        for (Partition one : attached) {
            if (!one.from().isAfter(until) && one.to().isAfter(until)) {
                until = one.to();
            }
        }
        return new PartitionCensus(
                Duration.between(now, until),
                (int) attached.stream().filter(one -> one.from().isAfter(now)).count(),
                partitions.stream()
                        .filter(one -> one.state() != State.ATTACHED)
                        .map(one -> Duration.between(one.to(), now))
                        .max(Comparator.naturalOrder())
                        .orElse(Duration.ZERO));
    }
}
