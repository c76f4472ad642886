package dev.carillon.kit.inbox;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Names the partitions that are paused, and until when the inbox has days. Up all the same: requests are answered without consumers, and another
 * instance would fare no better.
 */
@Readiness
@ApplicationScoped
public class ConsumersHealth implements HealthCheck {
    private final Floods floods;
    private final InboxKeeper keeper;

    public ConsumersHealth(Floods floods, InboxKeeper keeper) {
        this.floods = floods;
        this.keeper = keeper;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("consumers").up();
        var until = keeper.madeUntil();
        response.withData("inbox", until == null ? "not looked at yet" : "made until " + until);
        for (var one : floods.paused()) {
            response.withData(
                    one.consumer() + " " + one.partition(), "paused since %s: %s".formatted(one.since(), one.error()));
        }
        return response.build();
    }
}
