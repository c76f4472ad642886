package dev.carillon.kit.outbox;

import dev.carillon.kit.tx.DatabaseTls;
import dev.carillon.kit.tx.Transactions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgConnectOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Keeps this service's outbox in partitions: at the start, when a day begins, and every minute while something is left to do. Looks once an hour besides,
 * since a clock that is set tells nobody; readiness wakes it when it finds too little.
 */
@ApplicationScoped
public class PartitionKeeper {
    private static final Logger LOG = Logger.getLogger(PartitionKeeper.class);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration UNFINISHED_PAUSE = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Transactions transactions;
    private final Partitions partitions;
    private final SynchronousQueue<Boolean> woken = new SynchronousQueue<>();
    private final Thread thread = Thread.ofVirtual().name("outbox-partitions").unstarted(this::keepOn);
    private volatile PartitionCensus last = new PartitionCensus(Duration.ZERO, 0, Duration.ZERO);

    public PartitionKeeper(
            Vertx vertx,
            Transactions transactions,
            MeterRegistry meters,
            @ConfigProperty(name = "carillon.database.host") String host,
            @ConfigProperty(name = "carillon.database.port") int port,
            @ConfigProperty(name = "carillon.database.name") String name,
            @ConfigProperty(name = "carillon.database.user") String user,
            @ConfigProperty(name = "carillon.database.password") Optional<String> password,
            @ConfigProperty(name = "carillon.database.tls") String tls,
            @ConfigProperty(name = "carillon.database.tls-ca") Optional<String> ca) {
        this.transactions = transactions;
        var options = new PgConnectOptions()
                .setHost(host)
                .setPort(port)
                .setDatabase(name)
                .setUser(user)
                .setPassword(password.orElse(""));
        DatabaseTls.of("carillon.database.tls", tls, ca).applyTo(options);
        this.partitions = new Partitions(vertx, options, UnaryOperator.identity());
        Gauge.builder("carillon.outbox.partitions.ahead", this, keeper -> keeper.last.partitionsAhead())
                .description("Partitions of days to come")
                .register(meters);
        TimeGauge.builder("carillon.outbox.retiring.oldest.age", this, TimeUnit.SECONDS, keeper -> keeper.last
                        .oldestRetiring()
                        .toSeconds())
                .description("Since the end of the oldest partition that is over and not dropped yet")
                .register(meters);
    }

    void start(@Observes StartupEvent started) {
        thread.start();
    }

    void stop(@Observes ShutdownEvent stopping) {
        thread.interrupt();
    }

    /** There may be something to do. Answers at once; does nothing while a round is under way. */
    void wake() {
        boolean unused = woken.offer(true);
    }

    /** How the partitions stand, by the database's clock. */
    Uni<PartitionCensus> census() {
        return transactions
                .list(
                        "SELECT p.*, clock_timestamp() AS now FROM (" + Partition.LIST + ") AS p",
                        Tuple.tuple(),
                        row -> row)
                .map(rows -> PartitionCensus.of(
                        rows.stream().map(Partition::of).toList(),
                        rows.isEmpty()
                                ? Instant.EPOCH
                                : rows.getFirst().getOffsetDateTime("now").toInstant()))
                .invoke(census -> last = census);
    }

    private void keepOn() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Boolean unused = woken.poll(keep().toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    /** One round; answers when the next is due. */
    private Duration keep() throws InterruptedException {
        try {
            boolean inTurn = partitions.keep();
            boolean finished =
                    census().await().atMost(PATIENCE).oldestRetiring().isZero();
            return inTurn && finished ? pause(Instant.now()) : UNFINISHED_PAUSE;
        } catch (RuntimeException failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.warnf("The outbox's partitions could not be kept, tried again in a minute: %s", failure);
            return UNFINISHED_PAUSE;
        }
    }

    static Duration pause(Instant now) {
        Instant tomorrow = now.truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
        Duration left = Duration.between(now, tomorrow).plusSeconds(5);
        return left.compareTo(LONGEST_PAUSE) < 0 ? left : LONGEST_PAUSE;
    }
}
