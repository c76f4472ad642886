package dev.carillon.kit.testing.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a program that refuses to run as root is run all the same. A user namespace makes its effective user non-zero and leaves
 * every file accessible; where namespaces are forbidden (most containers), it runs as {@code nobody}, keeps the right to pass
 * folders that are root's own, and is given its data directory.
 */
sealed interface Unprivileged {

    /** The words to put before a command. */
    List<String> prefix();

    /** To be called for a folder that the program will own, before the program starts. */
    void own(Path folder);

    /** Programs that may be executed this way. */
    default PostgresBinaries binaries() {
        return PostgresBinaries.cached();
    }

    /** The first way that works here. */
    static Unprivileged here() {
        if (!isRoot()) {
            return new AsIs();
        }
        return Stream.of(new InUserNamespace(), new AsNobody())
                .filter(Unprivileged::works)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "PostgreSQL does not run as root, and neither `unshare -U` nor `setpriv` "
                                + "works here (package util-linux): run this as another user"));
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            instanceof Integer uid
                    && uid == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot tell which user this is", e);
        }
    }

    static boolean works(Unprivileged way) {
        var command = new ArrayList<>(way.prefix());
        command.addAll(List.of("sh", "-c", "test \"$(id -u)\" != 0"));
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Not root at all. */
    record AsIs() implements Unprivileged {

        @Override
        public List<String> prefix() {
            return List.of();
        }

        @Override
        public void own(Path folder) {}
    }

    /** {@code unshare} replaces itself by the program, so its process id is the program's. */
    record InUserNamespace() implements Unprivileged {

        @Override
        public List<String> prefix() {
            return List.of("unshare", "-U");
        }

        @Override
        public void own(Path folder) {}
    }

    /** As does {@code setpriv}. */
    record AsNobody() implements Unprivileged {

        private static final String NOBODY = "65534";

        /** A root's own cache is closed to others, and {@code initdb} asks access(2), which does not count capabilities. */
        private static final Path OPEN_TO_ALL = Path.of("/var/cache/carillon");

        @Override
        public List<String> prefix() {
            return List.of(
                    "setpriv",
                    "--reuid=" + NOBODY,
                    "--regid=" + NOBODY,
                    "--clear-groups",
                    "--inh-caps=+dac_override",
                    "--ambient-caps=+dac_override");
        }

        @Override
        public PostgresBinaries binaries() {
            return PostgresBinaries.under(OPEN_TO_ALL);
        }

        @Override
        public void own(Path folder) {
            try {
                int status = new ProcessBuilder("chown", "-R", NOBODY + ":" + NOBODY, folder.toString())
                        .inheritIO()
                        .start()
                        .waitFor();
                if (status != 0) {
                    throw new IllegalStateException("cannot give " + folder + " to nobody");
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot run chown", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
