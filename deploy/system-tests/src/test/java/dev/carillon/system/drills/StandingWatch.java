package dev.carillon.system.drills;

import dev.carillon.system.stack.Carillon;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Looks again and again at how providers and receivers stand, much more often than a breaker opens, and remembers what it saw. */
public final class StandingWatch implements AutoCloseable {

    private static final Duration PERIOD = Duration.ofMillis(500);
    private static final Set<String> OF_ONE = Set.of("provider", "endpoint");

    private final Carillon carillon;
    private final Map<String, Map<Instant, Instant>> openings = new ConcurrentHashMap<>();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor();

    public StandingWatch(Carillon carillon) {
        this.carillon = carillon;
        looking.scheduleWithFixedDelay(this::look, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** A breaker was open from then on, and was to stay so until then. */
    public record Opening(Instant since, Instant until) {

        boolean isDuring(Instant instant) {
            return !instant.isBefore(since) && instant.isBefore(until);
        }
    }

    private void look() {
        try {
            carillon.channels().stream()
                    .filter(one -> OF_ONE.contains(one.getString("scope")))
                    .forEach(this::keep);
            failure.set(null);
        } catch (RuntimeException | AssertionError e) {
            // The next look may tell more: a stack that has just started may not know its keys yet.
            failure.set(e);
        }
    }

    private void keep(JsonObject standing) {
        String name = standing.getString("provider");
        JsonObject breaker = standing.getJsonObject("breaker");
        if (breaker != null && breaker.getInstant("openUntil") != null) {
            openings.computeIfAbsent(name, first -> new ConcurrentSkipListMap<>())
                    .put(breaker.getInstant("since"), breaker.getInstant("openUntil"));
        }
        JsonObject rate = standing.getJsonObject("rateLimit");
        if (rate != null && rate.getInstant("pausedUntil") != null) {
            paused.add(name);
        }
    }

    /** How often the breaker of this provider or address has opened, in order. */
    public List<Opening> openings(String name) {
        check();
        return openings.getOrDefault(name, Map.of()).entrySet().stream()
                .map(one -> new Opening(one.getKey(), one.getValue()))
                .toList();
    }

    /** Whether it was seen to be left alone because it had asked for that. */
    public boolean sawPauseOf(String name) {
        check();
        return paused.contains(name);
    }

    /** As it stands now. */
    public JsonObject now(String name) {
        return carillon.channels().stream()
                .filter(one -> OF_ONE.contains(one.getString("scope")) && name.equals(one.getString("provider")))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(name));
    }

    private void check() {
        Throwable why = failure.get();
        if (why != null) {
            throw new IllegalStateException("the last look failed", why);
        }
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
