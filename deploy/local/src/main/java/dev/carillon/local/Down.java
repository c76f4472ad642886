package dev.carillon.local;

import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.process.StopSignal;
import dev.carillon.local.state.RunningProcesses;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * Stops what runs, so that each can still finish what it owes to the next: the services first, then the relay, the providers,
 * Kafka, PostgreSQL. Who does not end in time is killed, and that is said.
 */
final class Down {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A JVM that recorded writes its cache before it ends. */
    private static final Duration PATIENCE_WITH_RECORDING = Duration.ofMinutes(3);

    private static final List<Predicate<String>> ORDER = List.of(
            name -> !name.startsWith(ServiceName.OUTBOX_RELAY.label())
                    && !List.of("providers", "kafka", "postgres").contains(name),
            name -> name.startsWith(ServiceName.OUTBOX_RELAY.label()),
            "providers"::equals,
            "kafka"::equals,
            "postgres"::equals);

    private final RunningProcesses running;
    private final Progress progress;
    private final Duration patience;

    Down(RunningProcesses running, Progress progress, ServiceRuntime runtime) {
        this.running = running;
        this.progress = progress;
        this.patience = runtime == ServiceRuntime.RECORDING ? PATIENCE_WITH_RECORDING : PATIENCE;
    }

    void stopAll() {
        List<RunningProcess> all = running.all();
        if (all.isEmpty()) {
            progress.say("Nothing of the local stack is running.");
        }
        for (Predicate<String> group : ORDER) {
            stop(all.stream().filter(process -> group.test(process.name())).toList());
        }
        running.tidy();
    }

    private void stop(List<RunningProcess> group) {
        long began = System.nanoTime();
        // All are asked before any is waited for: services drain at the same time.
        group.forEach(process -> process.signal(StopSignal.of(process.name())));
        for (RunningProcess process : group) {
            progress.begin(process.name(), List.of());
            boolean ended = process.endsWithin(patience.minusNanos(System.nanoTime() - began));
            if (!ended) {
                kill(process);
            }
            progress.end((ended ? "stopped after " : "did not stop, killed after ")
                    + Progress.seconds(Duration.ofNanos(System.nanoTime() - began)));
        }
    }

    /** Asks it to end, and kills it when it does not. */
    static void end(RunningProcess process) {
        process.signal(StopSignal.of(process.name()));
        if (!process.endsWithin(PATIENCE)) {
            kill(process);
        }
    }

    private static void kill(RunningProcess process) {
        process.signal(StopSignal.KILL);
        process.endsWithin(PATIENCE);
    }
}
