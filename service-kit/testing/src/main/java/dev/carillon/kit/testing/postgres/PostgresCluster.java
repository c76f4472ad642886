package dev.carillon.kit.testing.postgres;

import dev.carillon.kit.testing.process.TemporaryFolder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A data directory and the command that serves it. {@link #prepare} makes the directory if there is none, complete or not at all,
 * and clears what a killed server left behind; then {@link #command} may be started by whoever wants the process.
 */
public final class PostgresCluster {

    public static final String SUPERUSER = "postgres";

    private static final Duration ORPHANS_END_WITHIN = Duration.ofSeconds(15);

    private static final Map<String, String> SETTINGS = Map.ofEntries(
            Map.entry("listen_addresses", "127.0.0.1"),
            Map.entry("unix_socket_directories", ""),
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("max_connections", "200"),
            Map.entry("shared_buffers", "128MB"),
            Map.entry("max_wal_size", "1GB"),
            Map.entry("logging_collector", "off"),
            Map.entry("log_line_prefix", "%m [%p] %d "),
            Map.entry("log_timezone", "UTC"),
            Map.entry("timezone", "UTC"));

    private final PostgresBinaries binaries;
    private final Unprivileged user;
    private final Path dataDirectory;

    private PostgresCluster(PostgresBinaries binaries, Unprivileged user, Path dataDirectory) {
        this.binaries = binaries;
        this.user = user;
        this.dataDirectory = dataDirectory.toAbsolutePath().normalize();
    }

    public static PostgresCluster in(Path dataDirectory) {
        return as(Unprivileged.here(), dataDirectory);
    }

    static PostgresCluster as(Unprivileged user, Path dataDirectory) {
        return new PostgresCluster(user.binaries(), user, dataDirectory);
    }

    public Path dataDirectory() {
        return dataDirectory;
    }

    /**
     * Makes the directory ready to be served. The password is the superuser's and counts only when the directory is made now.
     *
     * @throws IllegalStateException when another PostgreSQL serves this directory
     */
    public void prepare(String password) {
        if (!Files.exists(dataDirectory.resolve("PG_VERSION"))) {
            initialise(password);
        }
        clearStaleLock();
        user.own(dataDirectory);
    }

    /** The server itself, not a wrapper: the id of the process that runs this is the postmaster's. */
    public List<String> command(int port) {
        var command = new ArrayList<>(user.prefix());
        command.addAll(
                List.of(binaries.postgres().toString(), "-D", dataDirectory.toString(), "-p", Integer.toString(port)));
        new TreeMap<>(SETTINGS).forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    private void initialise(String password) {
        Path made = dataDirectory.resolveSibling(dataDirectory.getFileName() + ".initialising");
        TemporaryFolder.delete(made);
        try {
            Files.createDirectories(
                    made, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            user.own(made);
            runInitdb(made, password);
            TemporaryFolder.delete(dataDirectory);
            Files.move(made, dataDirectory, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IllegalStateException(dataDirectory + " lies on another file system than its parent folder", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a database cluster in " + dataDirectory, e);
        }
    }

    private void runInitdb(Path made, String password) throws IOException {
        Path passwordFile = Files.createTempFile(
                "carillon-", ".pw", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(passwordFile, password);
            user.own(passwordFile);
            var command = new ArrayList<>(user.prefix());
            command.addAll(List.of(
                    binaries.initdb().toString(),
                    "--pgdata=" + made,
                    "--username=" + SUPERUSER,
                    "--pwfile=" + passwordFile,
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    // The provider that is built in knows C.UTF-8 on machines that have not generated any locale.
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions"));
            var initdb = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(new File("/dev/null"))
                    .start();
            String output = new String(initdb.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (initdb.waitFor() != 0) {
                throw new IOException("initdb failed:\n" + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while initdb ran", e);
        } finally {
            Files.deleteIfExists(passwordFile);
        }
    }

    /**
     * After a {@code kill -9} the lock file stays, and its process id may be another program's by now, which PostgreSQL takes for
     * itself. Every PostgreSQL process has the data directory as its working directory: when there is none, the lock is stale.
     */
    private void clearStaleLock() {
        Path lock = dataDirectory.resolve("postmaster.pid");
        if (!Files.exists(lock)) {
            return;
        }
        waitForOrphans();
        try {
            Files.deleteIfExists(lock);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the stale " + lock, e);
        }
    }

    /** Backends of a killed postmaster notice its death and end by themselves, in milliseconds. */
    private void waitForOrphans() {
        long deadline = System.nanoTime() + ORPHANS_END_WITHIN.toNanos();
        List<Long> serving = servers();
        while (!serving.isEmpty()) {
            if (postmasterLives() || System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "PostgreSQL serves " + dataDirectory + " already, processes " + serving);
            }
            Pause.briefly();
            serving = servers();
        }
    }

    private boolean postmasterLives() {
        try (Stream<String> lines = Files.lines(dataDirectory.resolve("postmaster.pid"))) {
            long pid = lines.findFirst().map(String::strip).map(Long::parseLong).orElse(0L);
            return servers().contains(pid);
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private List<Long> servers() {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(this::worksInDataDirectory)
                .toList();
    }

    private boolean worksInDataDirectory(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "cwd"))
                    .equals(dataDirectory.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }
}
