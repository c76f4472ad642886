package dev.carillon.delivery.attempt.http;

import dev.carillon.delivery.attempt.usecase.Attempts;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether this node attempts what is due: it has started, warm, and holds its lease in the database. */
@Readiness
@ApplicationScoped
public class AttemptsReadiness implements HealthCheck {
    private final Attempts attempts;

    public AttemptsReadiness(Attempts attempts) {
        this.attempts = attempts;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("attempts")
                .status(attempts.areRunning())
                .build();
    }
}
