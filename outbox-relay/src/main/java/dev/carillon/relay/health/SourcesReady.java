package dev.carillon.relay.health;

import dev.carillon.relay.source.RelayedSource;
import dev.carillon.relay.source.RelayedSources;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Asks every source's database, and tells which topics its events wait for. */
@Readiness
@ApplicationScoped
public class SourcesReady implements AsyncHealthCheck {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(3);
    private static final String OK = "ok";

    private final RelayedSources sources;

    public SourcesReady(RelayedSources sources) {
        this.sources = sources;
    }

    @Override
    public Uni<HealthCheckResponse> call() {
        if (sources.all().isEmpty()) {
            return Uni.createFrom()
                    .item(HealthCheckResponse.named("sources")
                            .down()
                            .withData("sources", "none is set up")
                            .build());
        }
        List<Uni<Map.Entry<String, String>>> answers = new ArrayList<>();
        sources.all().forEach((name, source) -> answers.add(ask(source).map(said -> Map.entry(name, said))));
        return Uni.join().all(answers).andFailFast().map(SourcesReady::response);
    }

    private static Uni<String> ask(RelayedSource source) {
        return Uni.createFrom()
                .completionStage(() -> source.state().answers())
                .ifNoItem()
                .after(ANSWER_WITHIN)
                .fail()
                .map(answered -> judge(source))
                .onFailure()
                .recoverWithItem(failure -> "its database does not answer: " + failure.getMessage());
    }

    private static String judge(RelayedSource source) {
        var health = source.relay().health();
        if (health.foreign() != null) {
            return health.foreign() + ". Nothing is published until an operator adopts it: POST /v1/outbox/"
                    + source.relay().source() + "/adopt. First read docs/operating/restore-a-database.md";
        }
        if (health.databaseFailure() != null) {
            return "its leases cannot be renewed: " + health.databaseFailure();
        }
        return health.withheld().isEmpty()
                ? OK
                : "events wait: " + String.join("; ", health.withheld().values());
    }

    private static HealthCheckResponse response(List<Map.Entry<String, String>> answers) {
        SortedMap<String, String> said = new TreeMap<>();
        answers.forEach(answer -> said.put(answer.getKey(), answer.getValue()));
        var response = HealthCheckResponse.named("sources")
                .status(said.values().stream().allMatch(OK::equals));
        said.forEach(response::withData);
        return response.build();
    }
}
