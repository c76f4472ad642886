package dev.carillon.relay.source;

import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.DatabaseTls;
import dev.carillon.relay.engine.RelayLimits;
import dev.carillon.relay.kafka.ProducerSettings;
import dev.carillon.relay.kafka.Topics;
import dev.carillon.relay.store.SourceDatabase;
import dev.carillon.relay.telemetry.SourceMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Starts a relay for each source at start, and stops them in order. */
@ApplicationScoped
public class RelayedSources {
    private static final Logger LOG = Logger.getLogger(RelayedSources.class);

    private final RelaySettings settings;
    private final Vertx vertx;
    private final Map<String, Object> kafka;
    private final Traces traces;
    private final MeterRegistry meters;
    private final SortedMap<String, RelayedSource> sources = new TreeMap<>();
    private final Topics topics;

    public RelayedSources(
            RelaySettings settings,
            Vertx vertx,
            @Identifier("default-kafka-broker") Map<String, Object> kafka,
            Traces traces,
            MeterRegistry meters) {
        this.settings = settings;
        this.vertx = vertx;
        this.kafka = kafka;
        this.traces = traces;
        this.meters = meters;
        this.topics = new Topics(kafka);
    }

    void start(@Observes StartupEvent started) {
        var around = surroundings();
        settings.sources().forEach((name, source) -> start(name, source, around));
        if (sources.isEmpty()) {
            LOG.warn("No source has a host, so nothing is relayed: set CARILLON_RELAY_SOURCES_<NAME>_HOST");
        }
        LOG.infof("Relay %s of %s", around.instance(), sources.keySet());
    }

    private RelayedSource.Surroundings surroundings() {
        if (settings.deliveryTimeout().compareTo(settings.lease()) >= 0) {
            throw new IllegalArgumentException(
                    "carillon.relay.delivery-timeout (%s) must be shorter than carillon.relay.lease (%s)"
                            .formatted(settings.deliveryTimeout(), settings.lease()));
        }
        var limits = new RelayLimits(
                settings.lease(),
                settings.renewEvery(),
                settings.windowEvents(),
                settings.windowBytes(),
                RelayLimits.DEFAULTS.rest(),
                settings.idlePoll(),
                RelayLimits.DEFAULTS.saveEvery(),
                RelayLimits.DEFAULTS.retryAfter());
        var producer = ProducerSettings.of(kafka, settings.deliveryTimeout(), settings.linger());
        return new RelayedSource.Surroundings(newInstance(), vertx, producer, topics, traces, limits);
    }

    /** Unique to this start: a process that comes back is another relay, and must not take itself for the former. */
    private static String newInstance() {
        String host = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("relay");
        return host + "-"
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    private void start(String name, RelaySettings.Source source, RelayedSource.Surroundings around) {
        source.host().filter(host -> !host.isBlank()).ifPresent(host -> {
            var database = new SourceDatabase(
                    host,
                    source.port(),
                    source.database().orElse(name),
                    source.user(),
                    source.password().orElse(""),
                    DatabaseTls.of("carillon.relay.sources." + name + ".tls", source.tls(), source.tlsCa()));
            var metrics = new SourceMetrics(name, meters);
            var relayed = new RelayedSource(name, database, around.resting(source.rest()), metrics);
            metrics.follow(relayed.state(), vertx);
            sources.put(name, relayed);
            relayed.start();
        });
    }

    void stop(@Observes ShutdownEvent stopping) {
        Duration within = settings.stopWithin();
        Map<String, CompletableFuture<Boolean>> ends = sources.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, source -> source.getValue().stop(within)));
        ends.forEach((name, end) -> {
            if (!end.join()) {
                LOG.warnf(
                        "Source %s did not end within %s; its next relay publishes again what was not settled",
                        name, within);
            }
        });
        topics.close();
    }

    public SortedMap<String, RelayedSource> all() {
        return sources;
    }

    public Optional<RelayedSource> find(String name) {
        return Optional.ofNullable(sources.get(name));
    }

    public Topics topics() {
        return topics;
    }
}
