package dev.carillon.kit.outbox;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready when the outbox can be appended to for less than two days ahead: what would stop then is every change that tells of itself. */
@Readiness
@ApplicationScoped
public class PartitionsReady implements AsyncHealthCheck {
    private static final Duration LEAST = Duration.ofHours(48);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);

    private final PartitionKeeper keeper;

    public PartitionsReady(PartitionKeeper keeper) {
        this.keeper = keeper;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return judged(keeper.census(), ANSWER_WITHIN, keeper::wake);
    }

    static Uni<HealthCheckResponse> judged(Uni<PartitionCensus> census, Duration patience, Runnable wake) {
        return census.ifNoItem()
                .after(patience)
                .fail()
                .map(PartitionCensus::ahead)
                .invoke(ahead -> {
                    if (ahead.compareTo(LEAST) < 0) {
                        wake.run();
                    }
                })
                .map(PartitionsReady::judge)
                .onFailure()
                .recoverWithItem(failure -> response(false, "the database does not answer: " + failure));
    }

    static HealthCheckResponse judge(Duration ahead) {
        boolean ready = ahead.compareTo(LEAST) >= 0;
        return response(
                ready,
                ready
                        ? "appendable for " + ahead.toHours() + " h"
                        : "appendable for only %d h, and not beyond: partitions could not be attached. The service's log says why (PartitionKeeper); its role must own"
                                        .formatted(ahead.toHours())
                                + " outbox_event. By hand, as the owner: SELECT outbox_attach_partition(current_date + d) FROM generate_series(0, 8) AS d");
    }

    private static HealthCheckResponse response(boolean ready, String said) {
        return HealthCheckResponse.named("outbox")
                .status(ready)
                .withData("outbox", said)
                .build();
    }
}
