package dev.carillon.kit.identity;

import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the topic of API keys has been read to its end once. */
@Readiness
@ApplicationScoped
class ApiKeysReady implements AsyncHealthCheck {
    private final ApiKeyListener listener;

    ApiKeysReady(ApiKeyListener listener) {
        this.listener = listener;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return listener.hasReadAll()
                .map(all -> HealthCheckResponse.named("api-keys").status(all).build());
    }
}
