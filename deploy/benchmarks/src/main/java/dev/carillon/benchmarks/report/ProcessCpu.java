package dev.carillon.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * CPU time of a process and of its children: of those that live, and of those that have ended and were waited for, such as a database's backends whose
 * connections were closed. As {@code proc_pid_stat(5)} counts it, in ticks of 10 ms.
 */
public final class ProcessCpu {
    private static final long MILLIS_A_TICK = 10;
    /** Of {@code utime}, counted from the state, which follows the command in brackets. */
    private static final int USER = 11;

    private ProcessCpu() {}

    public static Duration of(ProcessHandle process) {
        return Stream.concat(Stream.of(process), process.descendants())
                .map(each -> Duration.ofMillis(ticks(each) * MILLIS_A_TICK))
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static long ticks(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            // utime, stime, cutime, cstime
            return Arrays.stream(fields, USER, USER + 4)
                    .mapToLong(Long::parseLong)
                    .sum();
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
            // It ended meanwhile, and whoever waited for it has its time.
            return 0;
        }
    }
}
