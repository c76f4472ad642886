package dev.carillon.kit.inbox;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Not ready before each consumer has been assigned a partition once: who replaces instances one by one stops at the first that could not read what it should.
 * Ready from then on, whatever a rebalance takes away: requests are answered without consumers. An instance for which a topic has no partition left never
 * becomes ready.
 */
@Readiness
@ApplicationScoped
public class ConsumersAssigned implements HealthCheck {
    private final CommittingChannels channels;
    private final AssignedTopics assigned;

    public ConsumersAssigned(CommittingChannels channels, @Identifier(AssignedTopics.NAME) AssignedTopics assigned) {
        this.channels = channels;
        this.assigned = assigned;
    }

    @Override
    public HealthCheckResponse call() {
        var missing = channels.topics().filter(topic -> !assigned.has(topic)).toList();
        var response = HealthCheckResponse.named("consumers-assigned").status(missing.isEmpty());
        missing.forEach(topic -> response.withData(topic, "no partition has been assigned yet"));
        return response.build();
    }
}
