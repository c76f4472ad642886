package dev.carillon.relay.engine;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A mailbox of work for one thread. */
final class Loop implements Executor {
    private static final Logger LOG = Logger.getLogger(Loop.class);

    private final LinkedBlockingQueue<Runnable> posted = new LinkedBlockingQueue<>();

    /** Runs {@code work} on the loop's thread, in order of posting. Never blocks and never refuses; what is posted after the end is not run. */
    @Override
    public void execute(Runnable work) {
        posted.add(work);
    }

    /** Waits for work until {@code nanos} have passed, and runs all that is there. */
    void runPosted(long nanos) throws InterruptedException {
        @Nullable Runnable work = posted.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        for (int left = posted.size(); work != null; work = left-- > 0 ? posted.poll() : null) {
            run(work);
        }
    }

    private static void run(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException bug) {
            LOG.error("A step of the relay failed; what it left undone is found by the next ones", bug);
        }
    }
}
