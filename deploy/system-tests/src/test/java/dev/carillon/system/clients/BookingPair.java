package dev.carillon.system.clients;

import dev.carillon.local.state.Credentials;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Two instances of booking, for clients who do not give up: a request that gets no answer, or one that says to come again, goes to the other instance
 * with the same Idempotency-Key, and so on until it is answered. For use by many threads.
 */
public final class BookingPair {

    public static final int INSTANCES = 2;

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration BETWEEN = Duration.ofMillis(200);

    private final TestStack stack;
    private final String[] headers;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private final AtomicInteger inProgress = new AtomicInteger();
    private final Queue<Miss> misses = new ConcurrentLinkedQueue<>();

    public BookingPair(TestStack stack) {
        this.stack = stack;
        this.headers =
                new String[] {"X-API-Key", stack.secret(Credentials.API_KEY), "Content-Type", "application/json"};
    }

    /**
     * A request without an answer, or with a 503.
     *
     * @param instance counts from 1
     */
    public record Miss(int instance, Instant askedAt, Instant endedAt, String what) {}

    /** @param random says which instance is asked first */
    public Answer post(RandomGenerator random, String path, @Nullable JsonObject body) {
        String key = "pair-" + UUID.randomUUID();
        return insist(random, "POST", path, body, with("Idempotency-Key", key));
    }

    public JsonObject get(RandomGenerator random, String path) {
        return insist(random, "GET", path, null, headers).jsonOf(200);
    }

    /** Brings the local bot an update until it is taken. */
    public Answer bring(RandomGenerator random, JsonObject update) {
        return insist(
                random,
                "POST",
                "/v1/telegram/webhook",
                update,
                "Content-Type",
                "application/json",
                "X-Telegram-Bot-Api-Secret-Token",
                stack.secret(Credentials.TELEGRAM_SECRET_TOKEN));
    }

    private String[] with(String name, String value) {
        var all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = name;
        all[headers.length + 1] = value;
        return all;
    }

    private Answer insist(
            RandomGenerator random, String method, String path, @Nullable JsonObject body, String... all) {
        requests.incrementAndGet();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int instance = 1 + random.nextInt(INSTANCES);
        while (true) {
            Optional<Answer> answer = ask(instance, method, path, body, all);
            if (answer.isPresent()) {
                return answer.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(method + " " + path + " is not answered within " + PATIENCE);
            }
            instance = 1 + instance % INSTANCES;
            pause(BETWEEN);
        }
    }

    private Optional<Answer> ask(int instance, String method, String path, @Nullable JsonObject body, String... all) {
        Instant asked = Instant.now();
        try {
            Answer answer = Web.send(method, stack.booking(instance) + path, body == null ? null : body.encode(), all);
            if (answer.status() == 503) {
                misses.add(new Miss(instance, asked, Instant.now(), method + " " + path + ": " + answer.body()));
                return Optional.empty();
            }
            return isToBeAskedAgain(answer) ? Optional.empty() : Optional.of(answer);
        } catch (UncheckedIOException noAnswer) {
            misses.add(new Miss(instance, asked, Instant.now(), method + " " + path + ": " + noAnswer.getCause()));
            return Optional.empty();
        }
    }

    private boolean isToBeAskedAgain(Answer answer) {
        if ("true".equals(answer.header("Idempotency-Replayed"))) {
            repeated.incrementAndGet();
        }
        boolean again = answer.status() == 409 && answer.slug().equals("request-in-progress");
        if (again) {
            inProgress.incrementAndGet();
        }
        return again;
    }

    /** Between two wishes: somebody who never thought would keep killed instances from starting again. */
    public static void think(RandomGenerator random) {
        pause(Duration.ofMillis(random.nextLong(300, 1_500)));
    }

    public static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public List<Miss> misses() {
        return List.copyOf(misses);
    }

    public String figures() {
        return "%d requests, %d asked again, of which %d had been done and %d still ran"
                .formatted(requests.get(), misses.size() + inProgress.get(), repeated.get(), inProgress.get());
    }
}
