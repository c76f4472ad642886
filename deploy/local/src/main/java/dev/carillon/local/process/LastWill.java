package dev.carillon.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A command that is run when this JVM is gone without having revoked it: after its exit, SIGTERM and even {@code kill -9}. A shell in a session of its
 * own waits on a pipe from this JVM; end of file without a word before it means that the JVM is gone. A command that fails is run again every second,
 * for some minutes.
 */
public final class LastWill {

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            read -r word && exit 0
            tries=0
            until "$@" </dev/null || [ $tries -ge 300 ]; do sleep 1; tries=$((tries + 1)); done
            """;

    private final Process shell;

    private LastWill(Process shell) {
        this.shell = shell;
    }

    /** @param command with its environment and folder; where its output was to go does not count, nobody is there to read it */
    public static LastWill of(ProcessBuilder command) {
        var guarded = new ArrayList<>(List.of("setsid", "sh", "-c", SCRIPT, "carillon-last-will"));
        guarded.addAll(command.command());
        var builder = new ProcessBuilder(guarded)
                .directory(command.directory())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        try {
            return new LastWill(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot leave a will (setsid and sh are needed)", e);
        }
    }

    /** Of who carries it out, and ends when that is done. */
    public Optional<ProcessIdentity> identity() {
        return ProcessIdentity.of(shell.pid());
    }

    /** Nothing is left to be done. */
    public void revoke() {
        try (var pipe = shell.getOutputStream()) {
            pipe.write("revoked\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It is gone, and so cannot do anything.
            shell.destroyForcibly();
        }
    }
}
