package dev.carillon.delivery.channel.email;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * At most so many at once; the rest wait in order, and may leave.
 *
 * <p>The mail client's own queue cannot be left: a message whose call had long timed out there would still be sent, and
 * its retry be the second copy.
 */
final class Turns {

    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private int free;

    Turns(int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one at once, not " + atOnce);
        }
        free = atOnce;
    }

    /** Runs it in its turn, now or on the thread that ends another's; it is over with {@link #end()}. */
    void take(Runnable turn) {
        synchronized (this) {
            if (free == 0) {
                waiting.add(turn);
                return;
            }
            free--;
        }
        turn.run();
    }

    /** Leaves the queue. False if it was not in it: its turn has come. */
    synchronized boolean leave(Runnable turn) {
        return waiting.remove(turn);
    }

    /** Ends a turn that had come, and gives it to the one who waits longest. */
    void end() {
        Runnable next;
        synchronized (this) {
            Iterator<Runnable> first = waiting.iterator();
            if (!first.hasNext()) {
                free++;
                return;
            }
            next = first.next();
            first.remove();
        }
        next.run();
    }
}
