package dev.carillon.relay.health;

import dev.carillon.relay.source.RelayedSources;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Asks Kafka for its topics. In place of Quarkus's own check, which waits a minute for a broker that is gone, and holds up a stop for as long. */
@Readiness
@ApplicationScoped
public class KafkaReady implements AsyncHealthCheck {
    private final RelayedSources sources;

    public KafkaReady(RelayedSources sources) {
        this.sources = sources;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        return Uni.createFrom()
                .completionStage(() -> sources.topics().refresh())
                .map(asked -> Optional.ofNullable(sources.topics().failure()))
                .map(failure -> HealthCheckResponse.named("kafka")
                        .status(failure.isEmpty())
                        .withData("kafka", failure.orElse("ok"))
                        .build());
    }
}
