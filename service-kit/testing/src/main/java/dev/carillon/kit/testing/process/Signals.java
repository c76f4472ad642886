package dev.carillon.kit.testing.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Signals to one process by its id. */
public final class Signals {

    private Signals() {}

    /** Sends {@code INT}, {@code TERM} … ; a process that is gone already is no error. */
    public static void send(String signal, ProcessHandle process) {
        try {
            new ProcessBuilder(
                            "sh", "-c", "kill -\"$1\" \"$2\" 2>/dev/null", "sh", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run sh to send a signal", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends the signal, waits, and kills what has not ended by then. False when it had to be killed. */
    public static boolean end(String signal, ProcessHandle process, Duration patience) {
        send(signal, process);
        if (hasEnded(process, patience)) {
            return true;
        }
        process.destroyForcibly();
        hasEnded(process, Duration.ofSeconds(10));
        return false;
    }

    /** Waits for the end of a process, child or not. */
    public static boolean hasEnded(ProcessHandle process, Duration within) {
        try {
            process.onExit().get(within.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return !process.isAlive();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot wait for process " + process.pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
