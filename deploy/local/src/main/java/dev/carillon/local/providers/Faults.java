package dev.carillon.local.providers;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * At most one fault for each channel and each path of webhooks: a new one takes the place of the former, and of several the one with the longest
 * path counts. Safe for use by several threads.
 */
final class Faults {

    private final List<Fault> active = new ArrayList<>();
    private final InstantSource clock;
    private final DoubleSupplier dice;

    Faults(InstantSource clock, DoubleSupplier dice) {
        this.clock = clock;
        this.dice = dice;
    }

    synchronized void inject(Fault fault) {
        active.removeIf(fault::replaces);
        active.add(fault);
    }

    synchronized void clear() {
        active.clear();
    }

    synchronized List<Fault> active() {
        active.removeIf(fault -> fault.isOver(clock.instant()));
        return List.copyOf(active);
    }

    /** The fault that befalls this one request, if any. */
    synchronized Optional<Fault> befalling(Channel channel, String path) {
        return active.stream()
                .filter(fault -> fault.befalls(channel, path))
                .filter(fault -> !fault.isOver(clock.instant()))
                .max(Comparator.comparingInt(fault -> fault.path().length()))
                .filter(fault -> dice.getAsDouble() < fault.share());
    }
}
