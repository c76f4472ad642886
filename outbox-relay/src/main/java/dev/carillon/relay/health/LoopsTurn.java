package dev.carillon.relay.health;

import dev.carillon.relay.engine.SourceRelay;
import dev.carillon.relay.source.RelayedSources;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** A watchdog over the sources' loops: one that stands still can only be helped by a restart. */
@Liveness
@ApplicationScoped
public class LoopsTurn implements HealthCheck {
    /** Far above the longest that a turn can be blocked by Kafka's client. */
    private static final Duration LONGEST_TURN = Duration.ofSeconds(15);

    private final RelayedSources sources;

    public LoopsTurn(RelayedSources sources) {
        this.sources = sources;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("loops").up();
        sources.all().forEach((name, source) -> {
            SourceRelay relay = source.relay();
            boolean turns = relay.isRunning() && relay.sinceLastTurn().compareTo(LONGEST_TURN) < 0;
            response.withData(
                    name,
                    turns
                            ? "turns"
                            : "stands still for " + relay.sinceLastTurn().toSeconds() + " s");
            if (!turns) {
                response.down();
            }
        });
        return response.build();
    }
}
