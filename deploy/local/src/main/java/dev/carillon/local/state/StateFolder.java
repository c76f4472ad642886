package dev.carillon.local.state;

import dev.carillon.kit.testing.process.TemporaryFolder;
import dev.carillon.local.StackFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/** What the stack keeps between two commands, readable by its owner alone. */
public record StateFolder(Path path) {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");

    /** Everything that the stack may have put here: resetting deletes these and nothing else. */
    private static final List<String> CONTENTS = List.of(
            "postgres",
            "postgres.initialising",
            "kafka",
            "logs",
            "pids",
            "processes",
            "guard",
            "keeper",
            "offset",
            "relay-sources",
            "credentials.env",
            "jwt-private.pem",
            "jwt-public.pem",
            "traces.jsonl",
            "traces.1.jsonl",
            "lock");

    public StateFolder {
        path = path.toAbsolutePath().normalize();
    }

    /** Makes the folder if there is none. */
    public static StateFolder at(Path path) {
        var folder = new StateFolder(path);
        try {
            Files.createDirectories(
                    folder.path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Files.createDirectories(folder.path.resolve("logs"));
            return folder;
        } catch (IOException e) {
            throw new StackFailure("cannot make the state folder " + folder.path + ": " + e.getMessage(), e);
        }
    }

    public Path log(String name) {
        return path.resolve("logs").resolve(name + ".log");
    }

    public Path file(String name) {
        return path.resolve(name);
    }

    /** The file's lines, none if there is no such file. */
    public List<String> lines(String name) {
        try {
            return Files.exists(file(name)) ? Files.readAllLines(file(name)) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(name), e);
        }
    }

    /** In one step, so that a reader finds the former content or the new one, and by no one else than the owner. */
    public void write(String name, List<String> lines) {
        Path written = file(name + ".new");
        try {
            Files.deleteIfExists(written);
            Files.createFile(written, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.write(written, lines);
            Files.move(written, file(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file(name), e);
        }
    }

    /**
     * Keeps other launchers away from this folder until it is closed, or this process ends however it ends.
     *
     * @throws StackFailure when another one is at work
     */
    public Lock lock() {
        try {
            var channel = FileChannel.open(file("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock held = tryLock(channel);
            if (held == null) {
                channel.close();
                throw new StackFailure("Another `make up`, `down` or `reset` is at work on " + path + ".");
            }
            return new Lock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + path, e);
        }
    }

    @SuppressWarnings("NullAway") // null is what tryLock itself answers to "taken"
    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Deletes what the stack has put here, and the folder if nothing else is in it. */
    public void forget() {
        CONTENTS.forEach(name -> TemporaryFolder.delete(file(name)));
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // Something of the user's own is in it: that stays.
            return;
        }
    }

    /** Held by this process. */
    public record Lock(FileChannel channel) implements AutoCloseable {

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
