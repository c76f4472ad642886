package dev.carillon.local.providers.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Requests as lines of OTLP JSON: {@code traces.jsonl}, and {@code traces.1.jsonl}, which it becomes when it is full. */
final class TraceFile {

    static final long FULL_AT_BYTES = 25L * 1024 * 1024;

    private final Path current;
    private final Path former;
    private final long fullAt;

    TraceFile(Path folder, long fullAt) {
        this.current = folder.resolve("traces.jsonl");
        this.former = folder.resolve("traces.1.jsonl");
        this.fullAt = fullAt;
    }

    synchronized void append(String line) {
        try {
            if (Files.exists(current) && Files.size(current) + line.length() > fullAt) {
                Files.move(current, former, StandardCopyOption.REPLACE_EXISTING);
            }
            Files.writeString(
                    current, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + current, e);
        }
    }
}
