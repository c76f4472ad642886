package dev.carillon.benchmarks.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bytes by what they are for: tables with their indexes, all partitions as one; PostgreSQL's write-ahead log, as much as was ever written; and Kafka's logs
 * without their indexes.
 */
record Sizes(Map<String, Long> tables, long writeAhead, Map<String, Long> topics) {
    private static final List<String> DATABASES = List.of("scheduler", "delivery", "booking");
    private static final String TABLES = """
            SELECT coalesce(whole.relname, part.relname) || '=' || sum(pg_total_relation_size(part.oid))
              FROM pg_class AS part
              LEFT JOIN pg_inherits AS inherits ON inherits.inhrelid = part.oid
              LEFT JOIN pg_class AS whole ON whole.oid = inherits.inhparent
             WHERE part.relkind = 'r' AND part.relnamespace = 'public'::regnamespace
             GROUP BY coalesce(whole.relname, part.relname)""";

    static Sizes of(LocalStack stack) {
        var tables = new TreeMap<String, Long>();
        for (String database : DATABASES) {
            stack.database(database).texts(TABLES).forEach(line -> {
                int equals = line.indexOf('=');
                tables.put(database + ": " + line.substring(0, equals), Long.valueOf(line.substring(equals + 1)));
            });
        }
        String written = stack.ask("scheduler", "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
        return new Sizes(tables, Long.parseLong(written), topics(stack.kafkaFolder()));
    }

    private static Map<String, Long> topics(Path kafka) {
        var topics = new TreeMap<String, Long>();
        try (var files = Files.walk(kafka, 2)) {
            files.filter(file -> file.toString().endsWith(".log"))
                    .forEach(file -> topics.merge(topic(kafka, file), size(file), Long::sum));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return topics;
    }

    /** Each partition has a folder of its own. */
    private static String topic(Path kafka, Path file) {
        return kafka.relativize(file).getName(0).toString().replaceFirst("-\\d+$", "");
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Sizes since(Sizes before) {
        return new Sizes(less(tables, before.tables), writeAhead - before.writeAhead, less(topics, before.topics));
    }

    private static Map<String, Long> less(Map<String, Long> now, Map<String, Long> before) {
        var grown = new TreeMap<String, Long>();
        now.forEach((what, bytes) -> grown.put(what, bytes - before.getOrDefault(what, 0L)));
        return grown;
    }
}
