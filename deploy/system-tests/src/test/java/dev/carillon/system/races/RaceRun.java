package dev.carillon.system.races;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.clients.ReceiverLog;
import dev.carillon.system.clients.ReceiverLog.Arrival;
import dev.carillon.system.races.Race.Receiver;
import dev.carillon.system.races.RacePerformance.Performed;
import dev.carillon.system.races.RaceStory.Attempt;
import dev.carillon.system.races.RaceStory.Delivery;
import dev.carillon.system.races.RaceStory.End;
import dev.carillon.system.races.RaceStory.Terms;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Runs the races of a plan on the stack, many at a time, and tells the story of each once all have ended. */
final class RaceRun implements AutoCloseable {

    private static final Duration APART = Duration.ofMillis(14);
    /** So that no more races are begun than the stack keeps up with. */
    private static final int CREATING_AT_ONCE = 16;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final List<String> OPEN = List.of("scheduled", "staged", "delivering", "held", "recalling");

    private final TestStack stack;
    private final Carillon carillon;
    private final List<Carillon> schedulers;
    private final ReceiverLog receiver;
    private final Instant begin = Instant.now();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(1);

    RaceRun(TestStack stack) {
        this.stack = stack;
        this.schedulers = List.of(new Carillon(stack, 1), new Carillon(stack, 2));
        this.carillon = schedulers.getFirst();
        this.receiver = new ReceiverLog(stack, "/webhooks/races/");
    }

    List<RaceStory> run(RacePlan plan) {
        inject(Receiver.FAILING, new JsonObject().put("mode", "error").put("share", 0.7));
        inject(Receiver.SLOW, new JsonObject().put("mode", "slow").put("delay", "PT0.6S"));
        inject(Receiver.HANGING, new JsonObject().put("mode", "hang").put("share", 0.5));
        clock.scheduleWithFixedDelay(receiver::look, 2, 2, TimeUnit.SECONDS);
        List<Performed> performed = perform(plan);
        // From here on everything gets through; what is open only waits for its next attempt.
        carillon.faults().clear();
        awaitTheEnd(performed);
        return stories(performed);
    }

    private void inject(Receiver receiver, JsonObject fault) {
        carillon.faults().inject(fault.put("channel", "webhook").put("path", receiver.path()));
    }

    private List<Performed> perform(RacePlan plan) {
        var all = new ArrayList<CompletableFuture<Performed>>();
        var creating = new Semaphore(CREATING_AT_ONCE);
        for (Race race : plan.races()) {
            awaitTurn(begin.plus(APART.multipliedBy(race.number())), creating);
            var performance = new RacePerformance(race, schedulers, stack.providers(), threads);
            all.add(CompletableFuture.supplyAsync(() -> performance.perform(creating::release), threads));
        }
        return all.stream().map(CompletableFuture::join).toList();
    }

    /** Until it is this race's turn, and not too many are waiting for their messages. */
    private static void awaitTurn(Instant turn, Semaphore creating) {
        try {
            Thread.sleep(Duration.between(Instant.now(), turn));
            creating.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Until every message has ended, and whatever a cancelled one might still have done would be in the receiver's log. */
    private void awaitTheEnd(List<Performed> performed) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> OPEN.stream()
                .allMatch(status -> carillon.messagesSince(begin, status).isEmpty()));
        Instant last = performed.stream()
                .flatMap(one -> List.of(one.begun().dueAt(), one.wanted().dueAt()).stream())
                .max(Comparator.naturalOrder())
                .orElseThrow()
                // A retry that a cancel has overtaken would have come by then.
                .plus(RunningStack.RETRY_WAIT);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> Instant.now()
                .isAfter(last));
        for (int later = 0; later < 8; later++) {
            carillon.awaitArrival(schedulers.get(later % 2).schedule(Way.WEBHOOK, "PT0S"));
        }
        receiver.look();
    }

    private List<RaceStory> stories(List<Performed> performed) {
        Map<String, JsonObject> messages = carillon.messagesSince(begin).stream()
                .collect(toMap(message -> message.getString("id"), Function.identity()));
        Map<String, List<JsonObject>> deliveries = carillon.deliveriesSince(begin.minus(RunningStack.LEAD)).stream()
                .collect(groupingBy(delivery -> delivery.getString("messageId")));
        Map<String, List<Arrival>> arrivals = receiver.arrivals();
        return performed.stream()
                .map(one -> {
                    String id = one.id().toString();
                    return new RaceStory(
                            one.race(),
                            one.id(),
                            one.begun(),
                            one.wanted(),
                            one.told(),
                            end(Objects.requireNonNull(messages.get(id), "a message that was created is listed")),
                            deliveries.getOrDefault(id, List.of()).stream()
                                    .map(RaceRun::delivery)
                                    .sorted(Comparator.comparingInt(Delivery::generation))
                                    .toList(),
                            arrivals.getOrDefault(id, List.of()));
                })
                .toList();
    }

    private static End end(JsonObject message) {
        return new End(
                message.getString("status"),
                new Terms(RacePerformance.text(message), message.getInstant("dueAt")),
                message.getInteger("attempts"),
                message.getBoolean("possiblyDelivered"));
    }

    private static Delivery delivery(JsonObject delivery) {
        return new Delivery(
                delivery.getInteger("generation"),
                delivery.getString("status"),
                delivery.getBoolean("possiblyDelivered"),
                Carillon.objects(delivery.getJsonArray("attempts")).stream()
                        .map(attempt -> new Attempt(
                                attempt.getString("outcome", ""), attempt.getValue("providerStatus") != null))
                        .toList());
    }

    @Override
    public void close() {
        clock.shutdownNow();
        threads.shutdownNow();
    }
}
