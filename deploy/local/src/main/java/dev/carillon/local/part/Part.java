package dev.carillon.local.part;

import dev.carillon.local.process.Launch;
import dev.carillon.local.process.RunningProcess;
import java.util.List;
import java.util.Optional;

/** One process of the stack. */
public interface Part {

    /** In {@code pids}, in progress lines, and of the log. */
    String name();

    /** All that it will listen on. */
    List<Integer> ports();

    /** Why a process of this part that is running already cannot stay as it is, if it cannot. */
    default Optional<String> reasonToRestart(RunningProcess process) {
        return Optional.empty();
    }

    /** Makes what the process needs before it starts (and may take a second for it); answers how to start it. */
    Launch prepare();

    /**
     * Waits until it can be used.
     *
     * @throws dev.carillon.local.StackFailure when it ends before that, or takes too long
     */
    void awaitReady(RunningProcess process);

    /** What later parts need of it, each time the stack is started, also when this part was running already. */
    void complete(RunningProcess process);
}
