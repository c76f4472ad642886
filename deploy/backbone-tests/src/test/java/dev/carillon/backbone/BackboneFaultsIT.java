package dev.carillon.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.Setting;
import dev.carillon.kit.testing.history.HistoryChecker;
import dev.carillon.kit.testing.process.TemporaryFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Every promise of the backbone through a seeded plan of faults. {@code make faults} runs longer ones;
 * {@code CARILLON_FAULTS_SEED} and {@code CARILLON_FAULTS} say which, {@code CARILLON_FAULTS_HOLD_SECONDS} how long a transaction is held open at most.
 */
class BackboneFaultsIT {
    private static final Path FOLDER = Path.of("target", "backbone").toAbsolutePath();

    @Test
    void every_committed_event_comes_out_once_and_in_order_and_has_one_effect_through_every_fault() throws Exception {
        var plan = FaultPlan.of(
                Setting.number("CARILLON_FAULTS_SEED", 20_261_122), (int) Setting.number("CARILLON_FAULTS", 53));
        System.out.printf("seed %d, %d faults%n", plan.seed(), plan.steps().size());
        var longestHold = Duration.ofSeconds(Setting.number("CARILLON_FAULTS_HOLD_SECONDS", 28));
        TemporaryFolder.delete(FOLDER);
        Files.createDirectories(FOLDER);
        Instant start = Instant.now();
        try (var run = new FaultRun(FOLDER, plan.seed());
                var saboteur = new Saboteur(run, longestHold)) {
            run.start();
            saboteur.make(plan);
            run.comeToRest();

            System.out.println(run.figures() + "; took " + Duration.between(start, Instant.now()));
            assertThat(run.forgottenByTheDatabase()).isEmpty();
            assertThat(run.deadLetters())
                    .as("dead letters")
                    .isEqualTo(run.strays().put());
            assertThat(HistoryChecker.check(run.history()))
                    .as("seed %d", plan.seed())
                    .isEmpty();
        }
    }
}
