package dev.carillon.delivery;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What gauges tell and only the database knows. It is counted every half minute; where counting takes long it rests a hundred times as long, but no longer than
 * two minutes. What was counted three minutes ago is told no more.
 */
public final class SeldomCounted<T> {
    private static final Logger LOG = Logger.getLogger(SeldomCounted.class);
    private static final Duration LEAST_REST = Duration.ofSeconds(30);
    private static final Duration LONGEST_REST = Duration.ofMinutes(2);
    private static final int RESTS = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final long TOLD_NANOS = Duration.ofMinutes(3).toNanos();

    private record Seen<T>(T counted, long nanos) {}

    private final Vertx vertx;
    private final String what;
    private final Supplier<Uni<? extends T>> count;
    private final Duration patience;
    private final UnaryOperator<Duration> rest;
    private volatile @Nullable Seen<T> seen;

    /** @param what is counted, for the log: such as {@code Dead letters} */
    public SeldomCounted(Vertx vertx, String what, Supplier<Uni<? extends T>> count) {
        this(vertx, what, count, PATIENCE, SeldomCounted::rest);
    }

    /**
     * @param patience for one count
     * @param rest after one that took so long
     */
    SeldomCounted(
            Vertx vertx,
            String what,
            Supplier<Uni<? extends T>> count,
            Duration patience,
            UnaryOperator<Duration> rest) {
        this.vertx = vertx;
        this.what = what;
        this.count = count;
        this.patience = patience;
        this.rest = rest;
    }

    /** Counts from now on; to be called once. */
    public void start() {
        long began = System.nanoTime();
        Uni.createFrom()
                .<T>deferred(count)
                .ifNoItem()
                .after(patience)
                .failWith(() -> new IllegalStateException("no answer within " + patience))
                .onTermination()
                .invoke(() -> startLater(Duration.ofNanos(System.nanoTime() - began)))
                .subscribe()
                .with(
                        counted -> seen = new Seen<>(counted, System.nanoTime()),
                        failure -> LOG.warnf("%s were not counted: %s", what, failure.getMessage()));
    }

    private void startLater(Duration took) {
        vertx.setTimer(rest.apply(took).toMillis(), tick -> start());
    }

    static Duration rest(Duration took) {
        var wanted = took.multipliedBy(RESTS);
        if (wanted.compareTo(LEAST_REST) < 0) {
            return LEAST_REST;
        }
        return wanted.compareTo(LONGEST_REST) < 0 ? wanted : LONGEST_REST;
    }

    /** {@code NaN} when nothing was counted of late. */
    public double told(ToDoubleFunction<T> value) {
        var last = seen;
        return last == null || System.nanoTime() - last.nanos > TOLD_NANOS
                ? Double.NaN
                : value.applyAsDouble(last.counted);
    }
}
