package dev.carillon.delivery.channel.email;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * As many at once as there are things to work with, each with one of them for as long as its turn lasts; the rest wait in order, and may leave. The thing
 * that was used last is given first.
 *
 * <p>The mail client's own queue cannot be left: a message whose call had long timed out there would still be sent, and
 * its retry be the second copy.
 */
final class Turns<T> {

    private final Set<Consumer<T>> waiting = new LinkedHashSet<>();
    private final Deque<T> free;

    Turns(Collection<T> things) {
        if (things.isEmpty()) {
            throw new IllegalArgumentException("at least one at once, not none");
        }
        free = new ArrayDeque<>(things);
    }

    /** Runs it in its turn, now or on the thread that ends another's; it is over with {@link #end}. */
    void take(Consumer<T> turn) {
        T mine;
        synchronized (this) {
            if (free.isEmpty()) {
                waiting.add(turn);
                return;
            }
            mine = free.pop();
        }
        turn.accept(mine);
    }

    /** Leaves the queue. False if it was not in it: its turn has come. */
    synchronized boolean leave(Consumer<T> turn) {
        return waiting.remove(turn);
    }

    /** Ends a turn that had come, and gives what it had to the one who waits longest. */
    void end(T used) {
        Consumer<T> next;
        synchronized (this) {
            Iterator<Consumer<T>> first = waiting.iterator();
            if (!first.hasNext()) {
                free.push(used);
                return;
            }
            next = first.next();
            first.remove();
        }
        next.accept(used);
    }
}
