package dev.carillon.kit.tx;

import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * What is to run after a transaction; confined to the transaction's own thread. A hook that throws is logged: the transaction has ended by then, and
 * its outcome is told as it is.
 */
final class TxHooks {
    private static final Logger LOG = Logger.getLogger(TxHooks.class);
    private final List<Runnable> onCommit = new ArrayList<>();
    private final List<Runnable> onEnd = new ArrayList<>();

    void afterCommit(Runnable hook) {
        onCommit.add(hook);
    }

    void afterEnd(Runnable hook) {
        onEnd.add(hook);
    }

    /**
     * The transaction with its hooks. It goes on to its own end when its subscriber has gone: cancelled while it waits for its connection, it would
     * keep that for ever.
     */
    <T> Uni<T> around(Uni<T> transaction) {
        var withHooks = transaction.invoke(this::committed).onFailure().invoke(this::ended);
        return Uni.createFrom().emitter(emitter -> withHooks.subscribe().with(emitter::complete, emitter::fail));
    }

    private void committed() {
        onCommit.forEach(TxHooks::run);
        ended();
    }

    private void ended() {
        onEnd.forEach(TxHooks::run);
        onEnd.clear();
    }

    private static void run(Runnable hook) {
        try {
            hook.run();
        } catch (RuntimeException bug) {
            LOG.error("What was to run after a transaction failed", bug);
        }
    }
}
