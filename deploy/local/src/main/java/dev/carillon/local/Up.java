package dev.carillon.local;

import dev.carillon.local.part.Part;
import dev.carillon.local.part.Parts;
import dev.carillon.local.part.RelaySources;
import dev.carillon.local.part.Stack;
import dev.carillon.local.process.RunningProcess;
import dev.carillon.local.process.Starter;
import dev.carillon.local.state.RunningProcesses;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Starts what is not running, in order, each when the one before is ready. */
final class Up {

    private static final String OFFSET = "offset";
    private static final String SOURCES = "relay-sources";
    private static final String RELAY = ServiceName.OUTBOX_RELAY.label();

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
            if (there.isPresent() && mayStay(part)) {
                part.complete(there.get());
                progress.end("was running, process " + there.get().pid());
            } else {
                start(part, starter);
            }
        }
        parts.absent().forEach(service -> progress.say("  " + service.label() + " is not built yet and is left out"));
    }

    private void start(Part part, Starter starter) {
        long began = System.nanoTime();
        if (part.name().startsWith(RELAY)) {
            stack.folder().write(SOURCES, presentSources());
        }
        RunningProcess process = starter.start(part.prepare());
        part.awaitReady(process);
        part.complete(process);
        progress.end("ready after " + Progress.seconds(Duration.ofNanos(System.nanoTime() - began)));
    }

    /** A relay that does not know of a service that has come since then is started anew. */
    private boolean mayStay(Part part) {
        if (!part.name().startsWith(RELAY) || stack.folder().lines(SOURCES).equals(presentSources())) {
            return true;
        }
        running.named(part.name()).ifPresent(Down::end);
        return false;
    }

    private List<String> presentSources() {
        return new RelaySources(stack)
                .present().stream().map(source -> source.name()).toList();
    }
}
