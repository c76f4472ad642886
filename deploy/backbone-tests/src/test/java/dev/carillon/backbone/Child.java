package dev.carillon.backbone;

import dev.carillon.kit.testing.process.OrphanGuard;
import dev.carillon.kit.testing.process.Signals;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A process of this run, which ends with it however it ends. */
final class Child {
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

    private final ProcessHandle process;
    private final OrphanGuard guard;
    private volatile boolean frozen;

    private Child(ProcessHandle process, Path folder) {
        this.process = process;
        // The guard removes a folder with an orphan; here there is none to remove, so that the logs stay.
        this.guard = OrphanGuard.over(process, "KILL", folder.resolve("none-of-" + process.pid()));
    }

    static Child over(long pid, Path folder) {
        return new Child(ProcessHandle.of(pid).orElseThrow(), folder);
    }

    /** @param name of its log in the folder */
    static Child start(List<String> command, Map<String, String> environment, Path folder, String name) {
        var builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()));
        builder.environment().remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        builder.environment().putAll(environment);
        try {
            return new Child(builder.start().toHandle(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command, e);
        }
    }

    boolean runs() {
        return process.isAlive() && !frozen;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}, at once. */
    void kill() {
        process.destroyForcibly();
        Signals.hasEnded(process, STOPS_WITHIN);
        guard.release();
    }

    /** Is asked to stop, and killed if it does not. */
    void stop() {
        Signals.end("TERM", process, STOPS_WITHIN);
        guard.release();
    }

    /** It was ended by other means. */
    void forget() {
        guard.release();
    }

    void freeze() {
        frozen = true;
        Signals.send("STOP", process);
    }

    void thaw() {
        Signals.send("CONT", process);
        frozen = false;
    }
}
