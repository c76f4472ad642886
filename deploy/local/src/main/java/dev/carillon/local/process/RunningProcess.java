package dev.carillon.local.process;

import dev.carillon.kit.testing.process.Signals;
import java.time.Duration;

/** A process of the stack, started now or earlier. */
public record RunningProcess(String name, ProcessIdentity identity) {

    private static final long POLL_MILLIS = 20;

    public long pid() {
        return identity.pid();
    }

    public boolean isAlive() {
        return identity.isAlive();
    }

    public ProcessHandle handle() {
        return ProcessHandle.of(pid()).orElseThrow(() -> new IllegalStateException(name + " has ended"));
    }

    /** Sends the signal, unless the process has ended. */
    public void signal(StopSignal signal) {
        if (isAlive()) {
            ProcessHandle.of(pid()).ifPresent(process -> Signals.send(signal.name(), process));
        }
    }

    /** True when it has ended by then. */
    public boolean endsWithin(Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (isAlive()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause();
        }
        return true;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a process to end", e);
        }
    }
}
