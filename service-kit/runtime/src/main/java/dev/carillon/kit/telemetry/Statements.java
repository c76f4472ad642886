package dev.carillon.kit.telemetry;

import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many statements went to PostgreSQL for one request. It is kept in the Vert.x context that is the request's own, where transactions find it; what runs
 * in no such context is counted for nobody.
 */
public final class Statements {
    private static final String KEY = "carillon.statements";
    private static final Statements OF_NOBODY = new Statements();

    private final AtomicInteger sum = new AtomicInteger();

    private Statements() {}

    /** Counts from here on what is done in {@code own}, which is a duplicated context: the others belong to everybody. */
    public static Statements begin(ContextInternal own) {
        var statements = new Statements();
        own.putLocal(KEY, statements);
        return statements;
    }

    /** Those of the request that runs now; whoever goes on elsewhere asks before. */
    public static Statements current() {
        if (Vertx.currentContext() instanceof ContextInternal context && context.isDuplicate()) {
            Statements found = context.getLocal(KEY);
            return found == null ? OF_NOBODY : found;
        }
        return OF_NOBODY;
    }

    /** May be called by any thread. */
    public void add(int more) {
        if (this != OF_NOBODY) {
            sum.addAndGet(more);
        }
    }

    public int sum() {
        return sum.get();
    }
}
