package dev.carillon.relay.engine;

import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.OutboxEvents.Read;
import dev.carillon.relay.OutboxEvents.Wanted;
import dev.carillon.relay.PublishWindow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Keeps the window filled, one read at a time. Confined to the loop's thread. */
final class Reader {
    private static final Logger LOG = Logger.getLogger(Reader.class);

    private final String source;
    private final OutboxEvents outbox;
    private final PublishWindow window;
    private final RelayLimits limits;
    private final LongSupplier nanoClock;
    private final Loop loop;
    private final Pace pace;
    private boolean reading;
    private int turns;

    Reader(
            String source,
            OutboxEvents outbox,
            PublishWindow window,
            RelayLimits limits,
            LongSupplier nanoClock,
            Loop loop) {
        this.source = source;
        this.outbox = outbox;
        this.window = window;
        this.limits = limits;
        this.nanoClock = nanoClock;
        this.loop = loop;
        this.pace = new Pace(limits.rest(), limits.idlePoll(), nanoClock.getAsLong());
    }

    void turn(long nowNanos, Set<String> withheld) {
        if (reading || pace.nanosLeft(nowNanos) > 0 || !hasRoom()) {
            return;
        }
        List<LaneLease> leases = window.reading();
        if (!leases.isEmpty()) {
            read(leases, withheld);
        }
    }

    /** Small reads cost as much as large ones: while the window is filled well, let acknowledgements make room first. */
    private boolean hasRoom() {
        return window.roomForEvents() >= limits.windowEvents() / 4 && window.roomForBytes() > 0;
    }

    private void read(List<LaneLease> leases, Set<String> withheld) {
        reading = true;
        pace.began(nanoClock.getAsLong());
        int events = window.roomForEvents();
        long forgettings = window.forgettings();
        // A quarter of the room at most for one lane, so that a lane with a backlog leaves some to others.
        int perLane = Math.max(1, events / 4);
        var wanted = new Wanted(
                inTurn(leases), window.known(), Set.copyOf(withheld), perLane, events, window.roomForBytes());
        var unused = outbox.read(wanted)
                .toCompletableFuture()
                .copy()
                .orTimeout(RelayLimits.ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (read, problem) -> {
                            reading = false;
                            if (read == null) {
                                failed(problem);
                            } else if (window.forgettings() == forgettings) {
                                admit(read, new HashSet<>(leases), perLane);
                            } else {
                                // It may lack earlier events of the keys that it found: see PublishWindow.forgettings.
                                pace.hint(nanoClock.getAsLong());
                            }
                        },
                        loop);
    }

    private List<LaneLease> inTurn(List<LaneLease> leases) {
        List<LaneLease> lanes = new ArrayList<>(leases);
        Collections.rotate(lanes, turns++);
        return lanes;
    }

    private void failed(@Nullable Throwable problem) {
        LOG.warnf("Source %s: its outbox cannot be read: %s", source, problem == null ? "" : Failures.say(problem));
        pace.waitFor(limits.retryAfter(), nanoClock.getAsLong());
    }

    private void admit(Read read, Set<LaneLease> leases, int perLane) {
        int found = read.found().size();
        window.admit(read.found(), leases);
        pace.ended(found >= perLane, found > 0 && !read.whole(), nanoClock.getAsLong());
    }

    void hint(long nowNanos) {
        pace.hint(nowNanos);
    }

    boolean reading() {
        return reading;
    }

    long nanosLeft(long nowNanos) {
        return reading || !hasRoom() || window.reading().isEmpty()
                ? Duration.ofSeconds(1).toNanos()
                : pace.nanosLeft(nowNanos);
    }
}
