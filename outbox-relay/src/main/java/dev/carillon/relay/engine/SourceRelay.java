package dev.carillon.relay.engine;

import dev.carillon.relay.Broker;
import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLeases;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.PublishWindow;
import dev.carillon.relay.RelayObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The relay of one source, with a thread of its own.
 *
 * <pre>
 *   new ── start ──▶ running ── stop: lanes yield ──▶ stopping ── all given back, or time is up ──▶ ended
 *                       └────────────────────── abandon ────────────────────────────────────────▶ ended
 * </pre>
 */
public final class SourceRelay {
    private static final Logger LOG = Logger.getLogger(SourceRelay.class);
    private static final long RATE_EVERY = Duration.ofSeconds(5).toNanos();

    private final String source;
    private final LongSupplier nanoClock;
    private final Loop loop = new Loop();
    private final PublishWindow window;
    private final OutboxEvents outbox;
    private final LeaseKeeper leases;
    private final Reader reader;
    private final Sender sender;
    private final Settler settler;
    private final Thread thread;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();

    private long losses;
    private long ratesDueNanos;
    private @Nullable Long stopByNanos;
    private volatile boolean abandoned;
    private volatile long turnedAtNanos;
    private volatile double[] rates = new double[Lane.COUNT];
    private volatile SourceHealth health = new SourceHealth(0, false, Map.of(), "not asked yet", null);

    /** What a relay works with. {@code instance} is unique to this start of this process. */
    public record Ports(
            LaneLeases leases,
            OutboxEvents outbox,
            Broker broker,
            RelayObserver observer,
            InstantSource clock,
            LongSupplier nanoClock) {}

    public SourceRelay(String source, String instance, Ports ports, RelayLimits limits) {
        this.source = source;
        this.nanoClock = ports.nanoClock();
        this.window = new PublishWindow(limits.windowEvents(), limits.windowBytes());
        this.outbox = ports.outbox();
        this.reader = new Reader(source, ports.outbox(), window, limits, nanoClock, loop);
        Runnable readAgain = () -> reader.hint(nanoClock.getAsLong());
        this.leases = new LeaseKeeper(
                source,
                instance,
                ports.leases(),
                ports.outbox(),
                window,
                limits,
                ports.observer(),
                nanoClock,
                loop,
                readAgain);
        this.sender = new Sender(
                source, ports.broker(), window, limits, ports.observer(), ports.clock(), nanoClock, loop, readAgain);
        this.settler = new Settler(
                source, instance, ports.outbox(), window, leases, limits, ports.observer(), nanoClock, loop);
        this.turnedAtNanos = nanoClock.getAsLong();
        this.ratesDueNanos = turnedAtNanos + RATE_EVERY;
        this.thread = Thread.ofPlatform().name("relay-" + source).daemon().unstarted(this::run);
    }

    public String source() {
        return source;
    }

    public void start() {
        thread.start();
    }

    /** There may be something to publish. */
    public void hint() {
        loop.execute(() -> reader.hint(nanoClock.getAsLong()));
    }

    /**
     * Another relay of this source spoke.
     *
     * @param asking the one that wants lanes, or null when something else has changed
     */
    public void peerSpoke(@Nullable String asking) {
        loop.execute(() -> leases.peerSpoke(asking, nanoClock.getAsLong()));
    }

    /**
     * Stops reading, awaits and settles what is on its way, and gives its lanes back.
     *
     * @return whether all of that was done within the time given; what was not is found by the next owner of the lanes
     */
    public CompletableFuture<Boolean> stop(Duration within) {
        loop.execute(() -> {
            stopByNanos = nanoClock.getAsLong() + within.toNanos();
            leases.stop();
        });
        return ended.copy().completeOnTimeout(false, within.toMillis() + 2_000, TimeUnit.MILLISECONDS);
    }

    /** Ends as a crash would: nothing is awaited or given back. */
    public void abandon() {
        abandoned = true;
        loop.execute(() -> {});
    }

    /** How long ago the loop last turned. It does so at least every second, unless Kafka's client blocks it for a little longer. */
    public Duration sinceLastTurn() {
        return Duration.ofNanos(nanoClock.getAsLong() - turnedAtNanos);
    }

    public boolean isRunning() {
        return thread.isAlive();
    }

    public SourceHealth health() {
        return health;
    }

    /** Acknowledged events a second of each lane, over the last five seconds. Lanes of other relays show 0. */
    public double[] rates() {
        return rates.clone();
    }

    private void run() {
        try {
            while (!abandoned && !finished()) {
                turn();
                loop.runPosted(nanosLeft());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            boolean clean = !abandoned && leases.stopped();
            LOG.infof("Source %s: relay ended%s", source, clean ? "" : " with lanes that it did not give back");
            ended.complete(clean);
        }
    }

    private void turn() {
        long now = nanoClock.getAsLong();
        turnedAtNanos = now;
        try {
            leases.turn(now);
            forgetWhatIsHandedOutAgain();
            if (leases.publishing() && !settler.isBehind(now)) {
                sender.turn(now);
            }
            settler.turn(now, reader.reading());
            if (mayRead()) {
                reader.turn(now, sender.withheld().keySet());
            }
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "Source %s: a turn of the relay failed and is taken again", source);
            reader.hint(now + Duration.ofSeconds(1).toNanos());
        }
        measure(now);
    }

    private void forgetWhatIsHandedOutAgain() {
        long now = outbox.losses();
        if (now != losses) {
            losses = now;
            window.forgetUnsent();
            LOG.warnf(
                    "Source %s: the connection of its positions was lost. What was acknowledged and not yet written down is published again",
                    source);
        }
    }

    private boolean mayRead() {
        return leases.publishing() && !settler.parking();
    }

    private void measure(long now) {
        health = new SourceHealth(
                leases.lanes(), leases.paused(), Map.copyOf(sender.withheld()), leases.failure(), leases.foreign());
        if (now - ratesDueNanos >= 0) {
            double seconds = (now - ratesDueNanos + RATE_EVERY) / 1e9;
            rates = LongStream.of(sender.takeAcknowledged())
                    .mapToDouble(count -> count / seconds)
                    .toArray();
            ratesDueNanos = now + RATE_EVERY;
        }
    }

    private boolean finished() {
        return stopByNanos != null && (leases.stopped() || nanoClock.getAsLong() - stopByNanos >= 0);
    }

    private long nanosLeft() {
        long now = nanoClock.getAsLong();
        if (stopByNanos != null) {
            return Duration.ofMillis(5).toNanos();
        }
        return LongStream.of(
                        leases.nanosLeft(now),
                        mayRead() ? reader.nanosLeft(now) : Long.MAX_VALUE,
                        sender.nanosLeft(now),
                        settler.nanosLeft(now),
                        Duration.ofSeconds(1).toNanos())
                .min()
                .orElse(0);
    }
}
