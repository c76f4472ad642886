package dev.carillon.local.providers;

import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** At most one fault for each channel: a new one takes the place of the former. Safe for use by several threads. */
final class Faults {

    private final Map<Channel, Fault> active = new EnumMap<>(Channel.class);
    private final InstantSource clock;
    private final DoubleSupplier dice;

    Faults(InstantSource clock, DoubleSupplier dice) {
        this.clock = clock;
        this.dice = dice;
    }

    synchronized void inject(Fault fault) {
        active.put(fault.channel(), fault);
    }

    synchronized void clear() {
        active.clear();
    }

    synchronized List<Fault> active() {
        active.values().removeIf(fault -> fault.isOver(clock.instant()));
        return List.copyOf(active.values());
    }

    /** The fault that befalls this one request, if any. */
    synchronized Optional<Fault> befalling(Channel channel) {
        return Optional.ofNullable(active.get(channel))
                .filter(fault -> !fault.isOver(clock.instant()))
                .filter(fault -> dice.getAsDouble() < fault.share());
    }
}
