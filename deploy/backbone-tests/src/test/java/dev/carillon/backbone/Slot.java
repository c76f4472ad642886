package dev.carillon.backbone;

import dev.carillon.kit.testing.network.BreakableProxy;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A place where one process runs at a time, with its own way to the database. */
final class Slot {
    private final String name;
    private final BreakableProxy database;
    private final Supplier<Child> starter;
    private @Nullable Child process;

    Slot(String name, BreakableProxy database, Supplier<Child> starter) {
        this.name = name;
        this.database = database;
        this.starter = starter;
    }

    String name() {
        return name;
    }

    BreakableProxy database() {
        return database;
    }

    /** Unless something is here already. */
    synchronized void start() {
        if (process == null || !process.isAlive()) {
            process = starter.get();
        }
    }

    synchronized boolean runs() {
        return process != null && process.runs();
    }

    void kill() {
        taken().kill();
    }

    void stop() {
        taken().stop();
    }

    void freeze() {
        taken().freeze();
    }

    void thaw() {
        taken().thaw();
    }

    /** What is here at the end, frozen or not, is of no more use. */
    void end() {
        Child last = taken();
        if (last.isAlive()) {
            last.kill();
        }
        last.forget();
    }

    private synchronized Child taken() {
        if (process == null) {
            throw new IllegalStateException(name + " was never started");
        }
        return process;
    }
}
