package dev.carillon.benchmarks.phrases;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import dev.carillon.scheduler.phrase.Outcome;
import dev.carillon.scheduler.phrase.Phrases;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads every phrase of the list many times on one thread. */
public final class PhrasesBenchmark {
    private static final Path LIST =
            Path.of("scheduler-service/src/test/resources/dev/carillon/scheduler/phrase/phrases.txt");

    /** @param cpuNanos what the processor was used for, whoever else was at work on it */
    private record Times(long[] nanos, long cpuNanos) {}

    private record Phrase(String category, String text, ZoneId zone, Instant reference) {}

    private final int rounds;
    private int understood;

    /** @param rounds how often the whole list is read, after as many rounds of warming up */
    public PhrasesBenchmark(int rounds) {
        this.rounds = rounds;
    }

    public void run() throws IOException {
        var report = new Report("phrases", Machine.here("not used", "not used", Machine.loadNow()));
        var phrases = read();
        measure(phrases);
        phrases.stream()
                .collect(Collectors.groupingBy(Phrase::category, LinkedHashMap::new, Collectors.toList()))
                .forEach((category, some) -> report.add(row(category, measure(some))));
        report.add(row("all", measure(phrases)));
        System.out.println(report.table());
        System.out.println("JSON: " + report.write(Path.of(System.getProperty("carillon.results", "target/results"))));
    }

    private Times measure(List<Phrase> phrases) {
        var nanos = new long[phrases.size() * rounds];
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        int at = 0;
        for (int round = 0; round < rounds; round++) {
            for (var phrase : phrases) {
                long before = System.nanoTime();
                var outcome = Phrases.read(phrase.text, phrase.zone, phrase.reference);
                nanos[at++] = System.nanoTime() - before;
                // Used, so that reading is not left out.
                understood += outcome instanceof Outcome.Understood ? 1 : 0;
            }
        }
        cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        Arrays.sort(nanos);
        return new Times(nanos, cpu);
    }

    private static Map<String, Object> row(String category, Times times) {
        var nanos = times.nanos;
        var row = new LinkedHashMap<String, Object>();
        row.put("category", category);
        row.put("reads", nanos.length);
        row.put("mean CPU µs", times.cpuNanos / 1000.0 / nanos.length);
        row.put("p50 µs", nanos[nanos.length / 2] / 1000.0);
        row.put("p99 µs", nanos[(int) (nanos.length * 0.99)] / 1000.0);
        row.put("p99.9 µs", nanos[(int) (nanos.length * 0.999)] / 1000.0);
        return row;
    }

    private static List<Phrase> read() throws IOException {
        var phrases = new ArrayList<Phrase>();
        var category = "";
        for (var line : Files.readAllLines(LIST)) {
            var fields = line.split(" \\| ");
            if (line.startsWith("[")) {
                category = line.substring(1, line.length() - 1);
            } else if (fields.length == 4 && !line.startsWith("#")) {
                var reference = OffsetDateTime.parse(fields[2].strip()).toInstant();
                phrases.add(new Phrase(category, fields[0], ZoneId.of(fields[1].strip()), reference));
            }
        }
        return phrases;
    }
}
