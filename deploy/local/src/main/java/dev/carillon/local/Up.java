package dev.carillon.local;

import dev.carillon.local.part.Part;
import dev.carillon.local.part.Parts;
import dev.carillon.local.part.Stack;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.process.Starter;
import dev.carillon.local.state.RunningProcesses;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Starts what is not running, or runs an older build, in order, each when the one before is ready. */
final class Up {

    private static final String OFFSET = "offset";

    private final Stack stack;
    private final Parts parts;
    private final RunningProcesses running;
    private final Progress progress;

    Up(Stack stack, Parts parts, RunningProcesses running, Progress progress) {
        this.stack = stack;
        this.parts = parts;
        this.running = running;
        this.progress = progress;
    }

    /**
     * To be called before anything is started, or anything that is kept is changed.
     *
     * @throws StackFailure when the stack cannot be started as asked for
     */
    void check() {
        String offset = Integer.toString(stack.ports().offset());
        List<String> kept = stack.folder().lines(OFFSET);
        if (!running.all().isEmpty() && !kept.isEmpty() && !kept.getFirst().equals(offset)) {
            throw new StackFailure(
                    "The stack in " + stack.folder().path() + " runs with CARILLON_PORT_OFFSET=" + kept.getFirst()
                            + ". Stop it first (make down), or give this one its own folder: CARILLON_STATE_DIR=…");
        }
        PortCheck.allFree(parts.inOrder().stream()
                .filter(part -> running.named(part.name()).isEmpty())
                .toList());
        stack.folder().write(OFFSET, List.of(offset));
    }

    void startAll(Starter starter) {
        for (Part part : parts.inOrder()) {
            progress.begin(part.name(), part.ports());
            Optional<RunningProcess> there = running.named(part.name());
            if (there.isPresent()) {
                keepOrRestart(part, there.get(), starter);
            } else {
                progress.end("ready after " + start(part, starter));
            }
        }
        parts.absent().forEach(service -> progress.say("  " + service.label() + " is not built yet and is left out"));
    }

    private void keepOrRestart(Part part, RunningProcess process, Starter starter) {
        Optional<String> reason = part.reasonToRestart(process);
        if (reason.isPresent()) {
            Down.end(process);
            progress.end("restarted (" + reason.get() + "), ready after " + start(part, starter));
        } else {
            part.complete(process);
            progress.end("was running, process " + process.pid());
        }
    }

    /** Answers how long it took. */
    private String start(Part part, Starter starter) {
        long began = System.nanoTime();
        RunningProcess process = starter.start(part.prepare());
        part.awaitReady(process);
        part.complete(process);
        return Progress.seconds(Duration.ofNanos(System.nanoTime() - began));
    }
}
