package dev.carillon.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Rows of named figures. */
public final class Report {
    private final String benchmark;
    private final Machine machine;
    private final Map<String, Object> common;
    private final List<Map<String, Object>> rows;

    public Report(String benchmark, Machine machine) {
        this(benchmark, machine, Map.of(), new ArrayList<>());
    }

    private Report(String benchmark, Machine machine, Map<String, Object> common, List<Map<String, Object>> rows) {
        this.benchmark = benchmark;
        this.machine = machine;
        this.common = common;
        this.rows = rows;
    }

    /** The same report, to whose rows this figure is added, too. */
    public Report of(String column, Object figure) {
        var all = new LinkedHashMap<>(common);
        all.put(column, figure);
        return new Report(benchmark, machine, all, rows);
    }

    public void add(Map<String, Object> row) {
        var whole = new LinkedHashMap<>(row);
        whole.putAll(common);
        rows.add(whole);
    }

    /** Rows that have the same columns stand in one table. */
    public String table() {
        Map<Set<String>, List<Map<String, Object>>> tables = new LinkedHashMap<>();
        rows.forEach(row -> tables.computeIfAbsent(new LinkedHashSet<>(row.keySet()), columns -> new ArrayList<>())
                .add(row));
        var text = new StringBuilder(machine.toString()).append('\n');
        tables.forEach((columns, ofTable) -> append(text, List.copyOf(columns), ofTable));
        return text.toString();
    }

    private static void append(StringBuilder text, List<String> columns, List<Map<String, Object>> ofTable) {
        text.append("\n| ").append(String.join(" | ", columns)).append(" |\n|");
        text.append("---|".repeat(columns.size())).append('\n');
        for (Map<String, Object> row : ofTable) {
            text.append('|');
            columns.forEach(column ->
                    text.append(' ').append(say(row.getOrDefault(column, ""))).append(" |"));
            text.append('\n');
        }
    }

    private static String say(Object figure) {
        return switch (figure) {
            case Double fraction -> String.format(Locale.ROOT, "%,.1f", fraction);
            case Integer whole -> String.format(Locale.ROOT, "%,d", whole);
            case Long whole -> String.format(Locale.ROOT, "%,d", whole);
            default -> figure.toString();
        };
    }

    public Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(benchmark + "-" + machine.at().toString().replaceAll("[:.]", "") + ".json");
        new ObjectMapper()
                .registerModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(file.toFile(), Map.of("benchmark", benchmark, "machine", machine, "rows", rows));
        return file;
    }
}
