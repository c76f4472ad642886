package dev.carillon.benchmarks.report;

import dev.carillon.kit.testing.postgres.PostgresServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where and when something was measured.
 *
 * @param load the system's load average before anything was started: above a few tenths, others were at work
 */
public record Machine(
        Instant at,
        String commit,
        int cores,
        String cpu,
        long memoryMebibytes,
        String jdk,
        String postgres,
        String kafka,
        double load) {
    /** Those of this process when it began to measure: it may be pinned to fewer later. */
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    public static Machine here(String postgres, String kafka, double load) {
        return new Machine(
                Instant.now(),
                System.getProperty("carillon.commit", "unknown"),
                CORES,
                line("/proc/cpuinfo", "model name"),
                mebibytes(line("/proc/meminfo", "MemTotal")),
                System.getProperty("java.vm.version", ""),
                postgres,
                kafka,
                load);
    }

    public static Machine here(PostgresServer postgres, String kafka, double load) {
        try (var connection = postgres.administration().connect();
                var statement = connection.createStatement();
                var answer = statement.executeQuery("SHOW server_version")) {
            answer.next();
            return here(answer.getString(1), kafka, load);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static double loadNow() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String line(String file, String name) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("");
        } catch (IOException notLinux) {
            return "";
        }
    }

    private static long mebibytes(String kibibytes) {
        String digits = kibibytes.replaceAll("\\D", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) / 1024;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s, commit %s%n%d cores, %s, %d MiB; JDK %s, PostgreSQL %s, Kafka %s; load average before: %.1f",
                at,
                commit,
                cores,
                cpu,
                memoryMebibytes,
                jdk,
                postgres,
                kafka,
                load);
    }
}
