package dev.carillon.relay.engine;

import dev.carillon.relay.FairShare;
import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneCensus;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.LaneLeases;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.PublishWindow;
import dev.carillon.relay.RelayObserver;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Claims, renews and gives back lanes; a lane's position is loaded and saved under its lease. Confined to the loop's thread. */
final class LeaseKeeper {
    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);

    private final String source;
    private final String self;
    private final LaneLeases leases;
    private final OutboxEvents outbox;
    private final PublishWindow window;
    private final RelayLimits limits;
    private final RelayObserver observer;
    private final LongSupplier nanoClock;
    private final Loop loop;
    private final Runnable gained;

    private final Map<Lane, LaneLease> held = new TreeMap<>();
    private final Map<String, Long> askedAtNanos = new HashMap<>();
    private boolean ticking;
    private int releasing;
    private boolean stopping;
    private boolean paused;
    private @Nullable String foreign;
    private long tickDueNanos;
    private @Nullable String failure;

    /** @param gained told when there are lanes that were not held before */
    LeaseKeeper(
            String source,
            String self,
            LaneLeases leases,
            OutboxEvents outbox,
            PublishWindow window,
            RelayLimits limits,
            RelayObserver observer,
            LongSupplier nanoClock,
            Loop loop,
            Runnable gained) {
        this.source = source;
        this.self = self;
        this.leases = leases;
        this.outbox = outbox;
        this.window = window;
        this.limits = limits;
        this.observer = observer;
        this.nanoClock = nanoClock;
        this.loop = loop;
        this.gained = gained;
        this.tickDueNanos = nanoClock.getAsLong();
    }

    void turn(long nowNanos) {
        lost(window.expired(nowNanos), "ran out before they could be renewed");
        giveUpDrained();
        if (!ticking && nowNanos - tickDueNanos >= 0) {
            tick(nowNanos);
        }
    }

    long nanosLeft(long nowNanos) {
        return ticking ? limits.renewEvery().toNanos() : tickDueNanos - nowNanos;
    }

    /** Another relay has changed something, or wants lanes. */
    void peerSpoke(@Nullable String asking, long nowNanos) {
        if (asking != null && !asking.equals(self)) {
            askedAtNanos.put(asking, nowNanos);
        }
        if (!self.equals(asking)) {
            tickDueNanos = nowNanos;
        }
    }

    private void tick(long sentNanos) {
        ticking = true;
        List<LaneLease> asked = List.copyOf(held.values());
        CompletableFuture<LaneCensus> renewed = answerOf(leases.renew(self, asked));
        var unused = renewed.thenComposeAsync(census -> apply(census, asked, sentNanos), loop)
                .whenCompleteAsync((done, problem) -> ticked(problem, renewed.isCompletedExceptionally()), loop);
    }

    private void ticked(@Nullable Throwable problem, boolean silent) {
        ticking = false;
        if (silent) {
            outbox.doubt();
        }
        long now = nanoClock.getAsLong();
        tickDueNanos = now + (problem == null ? limits.renewEvery() : limits.retryAfter()).toNanos();
        @Nullable String said = problem == null ? null : Failures.say(problem);
        if (said != null && failure == null) {
            LOG.warnf("Source %s: its leases cannot be renewed: %s", source, said);
        } else if (said == null && failure != null) {
            LOG.infof("Source %s: its database answers again", source);
        }
        failure = said;
    }

    private CompletionStage<?> apply(LaneCensus census, List<LaneLease> asked, long sentNanos) {
        paused = census.paused();
        Set<Lane> renewed = census.lanes().stream()
                .filter(LaneCensus.Entry::renewed)
                .map(LaneCensus.Entry::lane)
                .collect(Collectors.toSet());
        lost(asked.stream().filter(lease -> !renewed.contains(lease.lane())).toList(), "are another relay's");
        judge(census.foreign());
        if (foreign != null) {
            held.keySet().forEach(window::letGo);
            return CompletableFuture.completedStage(null);
        }
        asked.forEach(lease -> window.extend(lease, sentNanos + limits.lease().toNanos()));
        return stopping ? CompletableFuture.completedStage(null) : spread(census);
    }

    private void judge(@Nullable String nowForeign) {
        if (nowForeign != null && foreign == null) {
            LOG.errorf("Source %s: %s. Nothing is published until an operator adopts it", source, nowForeign);
        } else if (nowForeign == null && foreign != null) {
            LOG.infof("Source %s: it was adopted", source);
        }
        foreign = nowForeign;
    }

    private CompletionStage<?> spread(LaneCensus census) {
        long now = nanoClock.getAsLong();
        askedAtNanos.values().removeIf(at -> now - at > limits.renewEvery().toNanos() * 3);
        FairShare share = FairShare.of(census, self, held.keySet(), askedAtNanos.keySet());
        held.keySet().stream()
                .sorted((a, b) -> b.compareTo(a))
                .limit(share.giveBack())
                .toList()
                .forEach(window::letGo);
        if (!share.claim().isEmpty()) {
            return claim(share.claim());
        }
        return share.ask() ? answerOf(leases.ask(self)) : CompletableFuture.completedStage(null);
    }

    private CompletionStage<?> claim(List<Lane> lanes) {
        long sentNanos = nanoClock.getAsLong();
        // A lane that could not be opened is not held, and claimed anew.
        return answerOf(leases.claim(self, lanes)
                        .thenCompose(claimed -> outbox.open(claimed).thenApply(opened -> claimed)))
                .thenAcceptAsync(claimed -> gained(claimed, sentNanos), loop);
    }

    private void gained(List<LaneLease> claimed, long sentNanos) {
        for (LaneLease lease : claimed) {
            held.put(lease.lane(), lease);
            window.open(lease, sentNanos + limits.lease().toNanos());
            if (stopping) {
                window.letGo(lease.lane());
            }
        }
        if (!claimed.isEmpty()) {
            gained.run();
            LOG.infof("Source %s: took %d lanes and has %d", source, claimed.size(), held.size());
        }
    }

    private void giveUpDrained() {
        List<LaneLease> drained = window.drained();
        if (drained.isEmpty()) {
            return;
        }
        drained.forEach(this::forget);
        LOG.infof("Source %s: gives back %d lanes and keeps %d", source, drained.size(), held.size());
        // A release that fails is made good by the lease's end.
        var unused = answerOf(outbox.close(self, drained).thenCompose(saved -> leases.release(self, drained)))
                .whenCompleteAsync((done, problem) -> released(drained, problem), loop);
        releasing++;
    }

    private void released(List<LaneLease> drained, @Nullable Throwable problem) {
        releasing--;
        if (problem != null) {
            LOG.warnf(
                    "Source %s: %d lanes could not be released and run out by themselves: %s",
                    source, drained.size(), Failures.say(problem));
        }
    }

    /** The lanes are another's, or may be: what is on its way for them can no longer be settled here. */
    void lost(Collection<LaneLease> gone, String why) {
        List<LaneLease> lost = gone.stream()
                .filter(lease -> lease.equals(held.get(lease.lane())))
                .toList();
        if (lost.isEmpty()) {
            return;
        }
        lost.forEach(this::forget);
        outbox.forget(lost);
        lost.forEach(lease -> observer.leaseLost(lease.lane()));
        LOG.errorf(
                "Source %s: the leases of lanes %s %s. What was on its way for them may be published twice",
                source, lost.stream().map(LaneLease::lane).toList(), why);
    }

    private void forget(LaneLease lease) {
        held.remove(lease.lane());
        window.close(lease.lane());
    }

    /** Takes no more lanes and gives back those it has as soon as nothing of theirs is on its way. */
    void stop() {
        stopping = true;
        held.keySet().forEach(window::letGo);
    }

    boolean stopped() {
        return held.isEmpty() && releasing == 0 && !ticking;
    }

    boolean paused() {
        return paused;
    }

    /** Why this source must not be published; null when it may. */
    @Nullable String foreign() {
        return foreign;
    }

    /** Neither paused nor another database than before. */
    boolean publishing() {
        return !paused && foreign == null;
    }

    int lanes() {
        return held.size();
    }

    @Nullable String failure() {
        return failure;
    }

    private <T extends @Nullable Object> CompletableFuture<T> answerOf(CompletionStage<T> answer) {
        return answer.toCompletableFuture().copy().orTimeout(limits.lease().toMillis() / 2, TimeUnit.MILLISECONDS);
    }
}
