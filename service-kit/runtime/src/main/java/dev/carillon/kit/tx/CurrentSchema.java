package dev.carillon.kit.tx;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jboss.logging.Logger;

/**
 * Lets a service start only over a database that has every migration that its code comes with. By default a service makes them itself when it starts. Where
 * somebody else does ({@code quarkus.flyway.migrate-at-start} is off), the start waits here, before timers, consumers and HTTP, until they are made, and
 * fails after {@code carillon.database.schema-patience}. Migrations that this code does not know are no hindrance: they are those of newer code.
 */
@ApplicationScoped
public class CurrentSchema {
    private static final Logger LOG = Logger.getLogger(CurrentSchema.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Instance<Flyway> flyway;
    private final boolean migratesItself;
    private final Duration patience;

    public CurrentSchema(
            Instance<Flyway> flyway,
            @ConfigProperty(name = "quarkus.flyway.migrate-at-start") boolean migratesItself,
            @ConfigProperty(name = "carillon.database.schema-patience") Duration patience) {
        this.flyway = flyway;
        this.migratesItself = migratesItself;
        this.patience = patience;
    }

    /** Before whatever else needs the database. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE + 50) StartupEvent starting) {
        if (!migratesItself && !patience.isZero()) {
            await(flyway.get(), patience);
        }
    }

    /** @throws IllegalStateException when time is up, with what is missing */
    static void await(Flyway flyway, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        String missing = missing(flyway);
        if (!missing.isEmpty()) {
            LOG.infof("The start waits for at most %s for the database: %s", patience, missing);
        }
        while (!missing.isEmpty()) {
            if (System.nanoTime() - deadline >= 0) {
                throw new IllegalStateException("The database is not what this code needs. " + missing);
            }
            pause();
            missing = missing(flyway);
        }
    }

    /** In words; empty when nothing is. */
    private static String missing(Flyway flyway) {
        try {
            String scripts = Stream.of(flyway.info().all())
                    .filter(one -> isToBeMade(one.getState()))
                    .map(MigrationInfo::getScript)
                    .collect(Collectors.joining(", "));
            return scripts.isEmpty() ? "" : "Not made yet: " + scripts;
        } catch (FlywayException unreachable) {
            return "It cannot be asked: " + unreachable.getMessage();
        }
    }

    private static boolean isToBeMade(MigrationState state) {
        return state.isResolved() && (state.isFailed() || !state.isApplied());
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_EVERY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the database's schema", e);
        }
    }
}
