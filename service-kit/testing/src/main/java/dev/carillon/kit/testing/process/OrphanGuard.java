package dev.carillon.kit.testing.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Ends a child, and removes its temporary folder, when this JVM is gone without having done so: even after {@code kill -9}.
 * A shell waits on a pipe from this JVM; end of file without a word before it means that the JVM died.
 */
public final class OrphanGuard {

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            read -r word && exit 0
            kill -"$1" "$2" 2>/dev/null
            tries=0
            while kill -0 "$2" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
            kill -9 "$2" 2>/dev/null
            rm -rf "$3"
            """;

    private final Process shell;

    private OrphanGuard(Process shell) {
        this.shell = shell;
    }

    public static OrphanGuard over(ProcessHandle child, String signal, Path temporaryFolder) {
        try {
            return new OrphanGuard(new ProcessBuilder(
                            "setsid",
                            "sh",
                            "-c",
                            SCRIPT,
                            "carillon-guard",
                            signal,
                            Long.toString(child.pid()),
                            temporaryFolder.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the guard of process " + child.pid(), e);
        }
    }

    /** The child has been ended properly: nothing is left to guard. */
    public void release() {
        try (var pipe = shell.getOutputStream()) {
            pipe.write("released\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            shell.destroyForcibly();
        }
    }
}
