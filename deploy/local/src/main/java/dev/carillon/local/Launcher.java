package dev.carillon.local;

import dev.carillon.local.part.Parts;
import dev.carillon.local.part.Stack;
import dev.carillon.local.process.Guard;
import dev.carillon.local.process.ProcessIdentity;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.process.Starter;
import dev.carillon.local.state.AdminToken;
import dev.carillon.local.state.Credentials;
import dev.carillon.local.state.RunningProcesses;
import dev.carillon.local.state.SigningKeys;
import dev.carillon.local.state.StateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;

/** {@code up}, {@code down} or {@code reset}: what {@code make} of the same name runs. */
public final class Launcher {

    private static final String GUARD = "guard";
    private static final Duration GUARD_ENDS_WITHIN = Duration.ofSeconds(90);

    private final Options options;
    private final Progress progress;

    Launcher(Options options, Progress progress) {
        this.options = options;
        this.progress = progress;
    }

    public static void main(String[] arguments) {
        silenceLibraries();
        var progress = new Progress(System.out);
        try {
            Path root = Path.of(System.getProperty("carillon.root", "")).toAbsolutePath();
            new Launcher(Options.from(root, System.getenv()), progress).run(arguments.length == 1 ? arguments[0] : "");
        } catch (StackFailure e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    void run(String command) {
        switch (command) {
            case "up" -> up();
            case "down" -> down();
            case "reset" -> reset();
            default -> throw new StackFailure("usage: up | down | reset");
        }
    }

    private void up() {
        long began = System.nanoTime();
        StateFolder folder = StateFolder.at(options.state());
        try (var lock = folder.lock()) {
            awaitFormerGuard(folder);
            var running = new RunningProcesses(folder);
            Stack stack = stack(folder);
            var up = new Up(stack, Parts.of(stack), running, progress);
            up.check();
            progress.say("Starting the local stack (logs: " + folder.path().resolve("logs") + ")");
            start(up, folder, running);
            progress.say("ready in " + Progress.seconds(Duration.ofNanos(System.nanoTime() - began)));
            progress.say(WhatToTry.with(stack));
        }
    }

    private Stack stack(StateFolder folder) {
        var credentials = Credentials.in(folder);
        var keys = SigningKeys.in(folder);
        String kept = credentials.find(Credentials.ADMIN_TOKEN).orElse("");
        String tenant = credentials.get(Credentials.TENANT);
        credentials.put(Credentials.ADMIN_TOKEN, AdminToken.keptOrNew(kept, tenant, keys, Instant.now()));
        return new Stack(options, folder, credentials, keys);
    }

    private void start(Up up, StateFolder folder, RunningProcesses running) {
        Guard guard = Guard.start();
        guard.identity().ifPresent(identity -> folder.write(GUARD, List.of(identity.text())));
        var starter = new Starter(guard, running::add);
        var interruption = new Thread(() -> giveUp(starter, guard, running, "\nInterrupted."), "give-up");
        Runtime.getRuntime().addShutdownHook(interruption);
        try {
            up.startAll(starter);
            starter.keepAll();
        } catch (RuntimeException e) {
            if (starter.isStopping()) {
                waitForTheEnd();
            }
            progress.end("failed");
            giveUp(starter, guard, running, "");
            throw e instanceof StackFailure ? e : new StackFailure("The start failed: " + e, e);
        } finally {
            guard.close();
        }
    }

    private void giveUp(Starter starter, Guard guard, RunningProcesses running, String why) {
        List<String> ended = starter.endAll();
        if (!ended.isEmpty()) {
            progress.say(why + " Stopped again what had been started: " + String.join(", ", ended));
        }
        running.tidy();
        guard.close();
    }

    /** The shutdown hook is at work; this thread's own failure is a consequence and not worth a word. */
    private static void waitForTheEnd() {
        try {
            Thread.sleep(Duration.ofMinutes(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void down() {
        if (!Files.isDirectory(options.state())) {
            progress.say("Nothing of the local stack is running.");
            return;
        }
        StateFolder folder = StateFolder.at(options.state());
        try (var lock = folder.lock()) {
            stopAll(folder);
        }
    }

    private void reset() {
        if (!Files.isDirectory(options.state())) {
            progress.say("There is nothing to forget.");
            return;
        }
        StateFolder folder = StateFolder.at(options.state());
        try (var lock = folder.lock()) {
            stopAll(folder);
            folder.forget();
            progress.say("Forgot data, credentials and logs in " + folder.path());
        }
    }

    private void stopAll(StateFolder folder) {
        awaitFormerGuard(folder);
        new Down(new RunningProcesses(folder), progress, options.runtime()).stopAll();
    }

    /** A launcher that was killed has left its guard, which still ends what that launcher had started. */
    private static void awaitFormerGuard(StateFolder folder) {
        for (String line : folder.lines(GUARD)) {
            ProcessIdentity.parse(line)
                    .map(identity -> new RunningProcess(GUARD, identity))
                    .ifPresent(guard -> guard.endsWithin(GUARD_ENDS_WITHIN));
        }
    }

    /** What Kafka's client and the database driver have to say while they wait for their servers is no news here. */
    private static void silenceLibraries() {
        LogManager.getLogManager().reset();
        java.util.logging.Logger.getLogger("").setLevel(Level.OFF);
    }
}
