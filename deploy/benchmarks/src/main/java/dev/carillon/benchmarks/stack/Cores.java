package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The cores that there are: the last one is for the load, which comes from this process, and the others are for the stack, which this process starts
 * while it is on them itself. {@code taskset} pins; without it, and on one core, nothing is pinned.
 *
 * @param all the numbers of those that this process may use
 */
record Cores(List<Integer> all) {
    private static final Pattern ALLOWED = Pattern.compile("(?m)^Cpus_allowed_list:\\s+(\\S+)$");
    /** It fails when a thread ends meanwhile. */
    private static final int TRIES = 3;

    /** As long as it is not pinned: all of the machine's, or what it was given of them. */
    static Cores ofThisProcess() {
        return new Cores(Stream.of(of(ProcessHandle.current()).split(",", -1))
                .flatMapToInt(Cores::range)
                .boxed()
                .toList());
    }

    /** Those that a process may use, as the kernel tells them: {@code 0-2}, {@code 1,3}. Empty where it does not. */
    static String of(ProcessHandle process) {
        try {
            String text = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
            var status = ALLOWED.matcher(text);
            return status.find() ? status.group(1) : "";
        } catch (IOException notLinux) {
            return "";
        }
    }

    private static IntStream range(String text) {
        if (text.isEmpty()) {
            return IntStream.empty();
        }
        int dash = text.indexOf('-');
        int first = Integer.parseInt(dash < 0 ? text : text.substring(0, dash));
        return IntStream.rangeClosed(first, dash < 0 ? first : Integer.parseInt(text.substring(dash + 1)));
    }

    /** From now on this process, with all of its threads and what it starts, is on all cores but the last. False when it is where it was. */
    boolean goToTheStacks() {
        return all.size() > 1 && pin(all.subList(0, all.size() - 1));
    }

    /** From now on it is on the last one; what it has started stays where it is. */
    boolean goToTheLoads() {
        return all.size() > 1 && pin(all.subList(all.size() - 1, all.size()));
    }

    private static boolean pin(List<Integer> cores) {
        String list = cores.stream().map(String::valueOf).collect(Collectors.joining(","));
        for (int tries = 0; tries < TRIES; tries++) {
            if (taskset(list)) {
                return true;
            }
        }
        return false;
    }

    private static boolean taskset(String list) {
        String thisProcess = Long.toString(ProcessHandle.current().pid());
        try {
            return new ProcessBuilder("taskset", "-a", "-c", "-p", list, thisProcess)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException notThere) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
