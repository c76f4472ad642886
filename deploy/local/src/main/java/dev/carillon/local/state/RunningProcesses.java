package dev.carillon.local.state;

import dev.carillon.local.process.ProcessIdentity;
import dev.carillon.local.process.RunningProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which process runs each part. {@code pids} holds a line {@code <name> <pid>} each, for people and scripts; {@code processes} the
 * same with the time of each one's start, by which it is recognised. Only those that live count, here and in both files.
 */
public final class RunningProcesses {

    private static final String FOR_PEOPLE = "pids";
    private static final String FOR_US = "processes";

    private final StateFolder folder;

    public RunningProcesses(StateFolder folder) {
        this.folder = folder;
    }

    /** In the order in which they were started. */
    public List<RunningProcess> all() {
        return List.copyOf(read().values());
    }

    public Optional<RunningProcess> named(String name) {
        return Optional.ofNullable(read().get(name));
    }

    public void add(RunningProcess process) {
        var processes = read();
        processes.remove(process.name());
        processes.put(process.name(), process);
        write(processes);
    }

    /** Takes those that have ended out of the files. */
    public void tidy() {
        write(read());
    }

    private Map<String, RunningProcess> read() {
        var processes = new LinkedHashMap<String, RunningProcess>();
        for (String line : folder.lines(FOR_US)) {
            String[] words = line.split(" ", 2);
            ProcessIdentity.parse(words[words.length - 1])
                    .map(identity -> new RunningProcess(words[0], identity))
                    .filter(RunningProcess::isAlive)
                    .ifPresent(process -> processes.put(process.name(), process));
        }
        return processes;
    }

    private void write(Map<String, RunningProcess> processes) {
        var running = processes.values();
        folder.write(
                FOR_US,
                running.stream().map(p -> p.name() + " " + p.identity().text()).toList());
        folder.write(
                FOR_PEOPLE, running.stream().map(p -> p.name() + " " + p.pid()).toList());
    }
}
