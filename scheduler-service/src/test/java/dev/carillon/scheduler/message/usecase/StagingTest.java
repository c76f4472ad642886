package dev.carillon.scheduler.message.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.timer.Due;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StagingTest {
    private static final int LARGE = 1 << 20;

    @Test
    void small_messages_are_handed_over_together_and_large_ones_a_few_at_a_time_in_their_order() {
        var due = Stream.generate(StagingTest::due).limit(20).toList();

        assertThat(Staging.bounded(due, Map.of())).containsExactly(due);
        var parts = Staging.bounded(due, sizes(due, LARGE));
        assertThat(parts).hasSize(7).allSatisfy(part -> assertThat(part).hasSizeLessThanOrEqualTo(3));
        assertThat(parts.stream().flatMap(List::stream)).containsExactlyElementsOf(due);
        assertThat(Staging.bounded(due, sizes(due, 100 * LARGE))).hasSize(20).allSatisfy(part -> assertThat(part)
                .hasSize(1));
        assertThat(Staging.bounded(List.of(), Map.of())).isEmpty();
    }

    private static Map<UUID, Integer> sizes(List<Due> due, int bytes) {
        return due.stream().collect(Collectors.toMap(Due::id, one -> bytes));
    }

    private static Due due() {
        return new Due(UUID.randomUUID(), Instant.EPOCH, 1);
    }
}
