package dev.carillon.local.process;

import dev.carillon.local.StackFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Starts processes that outlive the launcher, and ends all that it started when the start as a whole does not succeed.
 *
 * <p>A child first waits for a word, in a shell that then becomes the program: until its id is written down and the guard knows it,
 * nothing runs that would have to be ended, and if the launcher dies in between, the child ends by itself.
 */
public final class Starter {

    private static final String WAIT_FOR_THE_WORD = "read -r word || exit 1; exec setsid \"$@\" </dev/null";
    private static final long LOG_IS_LARGE = 20L * 1024 * 1024;
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(20);

    private final Guard guard;
    private final Consumer<RunningProcess> writeDown;
    private final Deque<RunningProcess> started = new ArrayDeque<>();
    private boolean stopping;

    /** @param writeDown is called before the process begins to run */
    public Starter(Guard guard, Consumer<RunningProcess> writeDown) {
        this.guard = guard;
        this.writeDown = writeDown;
    }

    /** @throws StackFailure when the start is being given up */
    public synchronized RunningProcess start(Launch launch) {
        if (stopping) {
            throw new StackFailure("the start was interrupted");
        }
        try {
            Process shell = spawn(launch);
            guard.watch(launch.name(), shell.pid());
            ProcessIdentity identity = ProcessIdentity.of(shell.pid())
                    .orElseThrow(() -> new StackFailure(launch.name() + " ended before it began"));
            var process = new RunningProcess(launch.name(), identity);
            started.push(process);
            writeDown.accept(process);
            try (var word = shell.getOutputStream()) {
                word.write("go\n".getBytes(StandardCharsets.UTF_8));
            }
            return process;
        } catch (IOException e) {
            throw new StackFailure("cannot start " + launch.name() + ": " + e.getMessage(), e);
        }
    }

    private static Process spawn(Launch launch) throws IOException {
        setLargeLogAside(launch.log());
        var command = new ArrayList<>(List.of("sh", "-c", WAIT_FOR_THE_WORD, launch.name()));
        command.addAll(launch.command());
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(launch.log().toFile()));
        builder.environment().putAll(launch.environment());
        return builder.start();
    }

    private static void setLargeLogAside(Path log) {
        try {
            if (Files.exists(log) && Files.size(log) > LOG_IS_LARGE) {
                Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot set aside " + log, e);
        }
    }

    /** Ends everything that was started here, last first, and starts nothing any more; answers their names. */
    public synchronized List<String> endAll() {
        stopping = true;
        var ended = new ArrayList<String>();
        while (!started.isEmpty()) {
            RunningProcess process = started.pop();
            if (process.isAlive()) {
                ended.add(process.name());
            }
            process.signal(StopSignal.of(process.name()));
            if (!process.endsWithin(ENDS_WITHIN)) {
                process.signal(StopSignal.KILL);
                process.endsWithin(ENDS_WITHIN);
            }
        }
        return ended;
    }

    public synchronized boolean isStopping() {
        return stopping;
    }

    /** The start succeeded: what runs is no more this starter's to end. */
    public synchronized void keepAll() {
        started.clear();
    }
}
