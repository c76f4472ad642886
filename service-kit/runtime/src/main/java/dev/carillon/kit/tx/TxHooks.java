package dev.carillon.kit.tx;

import java.util.ArrayList;
import java.util.List;

/** What is to run after a transaction; confined to the transaction's own thread. */
final class TxHooks {
    private final List<Runnable> onCommit = new ArrayList<>();
    private final List<Runnable> onEnd = new ArrayList<>();

    void afterCommit(Runnable hook) {
        onCommit.add(hook);
    }

    void afterEnd(Runnable hook) {
        onEnd.add(hook);
    }

    void committed() {
        onCommit.forEach(Runnable::run);
        ended();
    }

    void ended() {
        onEnd.forEach(Runnable::run);
        onEnd.clear();
    }
}
