package dev.carillon.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the one who runs the stack sees: a line for each part, finished when the part is. */
public final class Progress {

    private final PrintStream out;

    public Progress(PrintStream out) {
        this.out = out;
    }

    /** Begins a line. */
    synchronized void begin(String name, List<Integer> ports) {
        String listens = ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
        out.printf(Locale.ROOT, "  %-15s %-12s ", name, listens);
        out.flush();
    }

    /** Ends it. */
    synchronized void end(String outcome) {
        out.println(outcome);
    }

    synchronized void say(String line) {
        out.println(line);
    }

    static String seconds(Duration took) {
        return String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }
}
