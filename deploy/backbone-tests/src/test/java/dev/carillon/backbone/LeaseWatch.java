package dev.carillon.backbone;

import dev.carillon.kit.testing.history.Fault;
import dev.carillon.kit.testing.history.Recorder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Notes when a relay has lost leases: a machine that is too busy to let it renew them has frozen it, without anybody's having planned that, and what it
 * had on its way may be repeated.
 */
final class LeaseWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final List<RelayApi> relays;
    private final Recorder recorder;
    private final AtomicInteger seen = new AtomicInteger();
    private volatile boolean closed;

    LeaseWatch(List<RelayApi> relays, Recorder recorder) {
        this.relays = relays;
        this.recorder = recorder;
    }

    void start() {
        relays.forEach(relay -> Thread.ofVirtual().start(() -> watch(relay)));
    }

    private void watch(RelayApi relay) {
        double before = 0;
        Instant asked = Instant.now();
        while (!closed) {
            double now = relay.leasesLost();
            if (now > before) {
                recorder.fault(new Fault("leases lost by " + relay.url(), asked, Instant.now()));
                seen.addAndGet((int) (now - before));
            }
            before = now;
            asked = Instant.now();
            LockSupport.parkNanos(EVERY.toNanos());
        }
    }

    int seen() {
        return seen.get();
    }

    @Override
    public void close() {
        closed = true;
    }
}
