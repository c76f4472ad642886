package dev.carillon.system.interruptions;

import dev.carillon.local.ServiceName;
import dev.carillon.local.state.Credentials;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Clients of all services that go on asking at a steady rate, each request once, whatever the answer. */
final class SteadyClients implements AutoCloseable {
    private static final Duration BETWEEN_MESSAGES = Duration.ofMillis(100);
    private static final Duration BETWEEN_BOOKINGS = Duration.ofMillis(250);
    private static final Duration BETWEEN_READS = Duration.ofMillis(250);
    /** Staging has begun when the answer comes. */
    private static final Duration AHEAD = RunningStack.LEAD.plusSeconds(2);

    private final Rollout rollout;
    private final String providers;
    private final String path = "/webhooks/steady-" + UUID.randomUUID();
    private final UUID slot;
    private final String[] headers;
    private final Map<String, Instant> messages = new ConcurrentHashMap<>();
    private final Set<String> bookings = ConcurrentHashMap.newKeySet();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final ScheduledExecutorService pace = Executors.newScheduledThreadPool(1);
    private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();

    SteadyClients(TestStack stack, Rollout rollout, UUID slot) {
        this.rollout = rollout;
        this.providers = stack.providers();
        this.slot = slot;
        this.headers =
                new String[] {"X-API-Key", stack.secret(Credentials.API_KEY), "Content-Type", "application/json"};
        every(BETWEEN_MESSAGES, this::schedule);
        every(BETWEEN_BOOKINGS, this::book);
        every(BETWEEN_READS, () -> send("GET", ServiceName.DELIVERY, "/v1/deliveries?limit=5", null, 200));
        every(BETWEEN_READS, () -> send("GET", ServiceName.BOOKING, "/v1/bookings?limit=5", null, 200));
    }

    private void every(Duration time, Runnable request) {
        pace.scheduleAtFixedRate(() -> clients.execute(request), 0, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void schedule() {
        var body = new JsonObject()
                .put("to", new JsonObject().put("channel", "webhook").put("url", providers + path))
                .put("content", new JsonObject().put("json", new JsonObject().put("text", "steady")))
                .put("schedule", new JsonObject().put("in", AHEAD.toString()));
        send("POST", ServiceName.SCHEDULER, "/v1/messages", body, 201)
                .ifPresent(message -> messages.put(message.getString("id"), message.getInstant("dueAt")));
    }

    private void book() {
        var body = new JsonObject()
                .put("slotId", slot.toString())
                .put("customer", new JsonObject().put("name", "Ana").put("email", Bookings.newAddress()));
        send("POST", ServiceName.BOOKING, "/v1/bookings", body, 201)
                .ifPresent(booking -> bookings.add(booking.getString("id")));
    }

    private Optional<JsonObject> send(
            String method, ServiceName service, String target, @Nullable JsonObject body, int expected) {
        requests.incrementAndGet();
        String url = rollout.address(service) + target;
        try {
            Answer answer = Web.send(method, url, body == null ? null : body.encode(), headers);
            if (answer.status() == expected) {
                return Optional.of(answer.json());
            }
            failures.add(method + " " + url + ": " + answer.status() + " " + answer.body());
        } catch (UncheckedIOException noAnswer) {
            failures.add(method + " " + url + ": " + noAnswer.getCause());
        }
        return Optional.empty();
    }

    /** Asks no more, and waits for the answers. */
    @Override
    public void close() {
        pace.shutdownNow();
        clients.close();
    }

    /** Under which the messages arrive. */
    String path() {
        return path;
    }

    /** When each of the accepted messages is due, by its id. */
    Map<String, Instant> messages() {
        return messages;
    }

    Set<String> bookings() {
        return bookings;
    }

    int requests() {
        return requests.get();
    }

    /** What was not answered as it should be. */
    List<String> failures() {
        return List.copyOf(failures);
    }
}
