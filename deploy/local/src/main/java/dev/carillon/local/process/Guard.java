package dev.carillon.local.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends what this launcher has started if the launcher dies before it said that all is well, even by {@code kill -9}: a shell in a
 * session of its own reads a pipe from the launcher, and the end of file without the word {@code done} means that it died.
 */
public final class Guard implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final String SCRIPT = """
            trap '' INT TERM HUP
            started=
            while read -r word signal pid; do
                case $word in
                    started) started="$signal:$pid $started" ;;
                    done) exit 0 ;;
                esac
            done
            for each in $started; do
                pid=${each#*:}
                kill -"${each%:*}" "$pid" 2>/dev/null || continue
                tries=0
                while kill -0 "$pid" 2>/dev/null && [ $tries -lt "$1" ]; do sleep 0.1; tries=$((tries + 1)); done
                kill -KILL "$pid" 2>/dev/null
            done
            """;

    private final Process shell;
    private final OutputStream pipe;

    private Guard(Process shell) {
        this.shell = shell;
        this.pipe = shell.getOutputStream();
    }

    public static Guard start() {
        return start(PATIENCE);
    }

    /** @param patience after which a process that was asked to end is killed */
    static Guard start(Duration patience) {
        String tenthsOfASecond = Long.toString(patience.toMillis() / 100);
        try {
            return new Guard(new ProcessBuilder("setsid", "sh", "-c", SCRIPT, "carillon-guard", tenthsOfASecond)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the guard (setsid and sh are needed)", e);
        }
    }

    public Optional<ProcessIdentity> identity() {
        return ProcessIdentity.of(shell.pid());
    }

    /** From now on the guard answers for this process, too; the last one started is ended first. */
    public void watch(String name, long pid) {
        try {
            say("started " + StopSignal.of(name) + " " + pid);
        } catch (IOException e) {
            throw new UncheckedIOException("the guard is gone", e);
        }
    }

    /** What was started may live on, or has been ended already. */
    @Override
    public void close() {
        try {
            say("done");
            pipe.close();
            shell.waitFor();
        } catch (IOException e) {
            // It is gone, and so cannot end anything.
            shell.destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String line) throws IOException {
        pipe.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        pipe.flush();
    }
}
