package dev.carillon.system.races;

import dev.carillon.system.races.Race.Receiver;
import dev.carillon.system.races.Race.Wish;
import dev.carillon.system.races.RaceStory.Reply;
import dev.carillon.system.races.RaceStory.Terms;
import dev.carillon.system.races.RaceStory.Told;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A client that asks for one message and then wishes what its race wants, at the instants that it wants. */
final class RacePerformance {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Race race;
    private final List<Carillon> schedulers;
    private final String url;
    private final Executor threads;

    /** @param schedulers by their instance, from 1 */
    RacePerformance(Race race, List<Carillon> schedulers, String providers, Executor threads) {
        this.race = race;
        this.schedulers = schedulers;
        // The failing ones are another host: whatever a sender thinks of that one is not the fine ones' concern.
        String host = race.receiver() == Receiver.FINE ? providers : providers.replace("localhost", "127.0.0.1");
        this.url = host + race.receiver().path() + "/" + race.number();
        this.threads = threads;
    }

    /**
     * What the client knows afterwards.
     *
     * @param told in the order of the wishes
     */
    record Performed(Race race, UUID id, Terms begun, Terms wanted, List<Told> told) {}

    /** @param created is run once there is a message, or none can be had */
    Performed perform(Runnable created) {
        JsonObject message;
        try {
            message = create();
        } finally {
            created.run();
        }
        return perform(message);
    }

    private Performed perform(JsonObject created) {
        UUID id = UUID.fromString(created.getString("id"));
        var begun = new Terms(text(created), created.getInstant("dueAt"));
        Instant first = base(begun).plus(race.offset());
        Instant second = first.plus(race.apart());
        List<Wish> wishes = race.kind().wishes();
        // Of two wishes the later one's instant counts, so that neither wants what has passed.
        var wanted = new Terms(
                wishes.contains(Wish.REWRITE) ? "new" : begun.text(),
                wishes.contains(Wish.RESCHEDULE)
                        ? later(later(first, second), Instant.now())
                                .plus(race.postponed())
                                .truncatedTo(ChronoUnit.MILLIS)
                        : begun.dueAt());
        List<CompletableFuture<Told>> told = IntStream.range(0, wishes.size())
                .mapToObj(each -> CompletableFuture.supplyAsync(
                        () -> {
                            await(each == 0 ? first : second);
                            return wish(wishes.get(each), id, wanted, scheduler(1 + each));
                        },
                        threads))
                .toList();
        return new Performed(
                race,
                id,
                begun,
                wanted,
                told.stream().map(CompletableFuture::join).toList());
    }

    private Carillon scheduler(int request) {
        return schedulers.get(race.instances().get(request) - 1);
    }

    private JsonObject create() {
        var body = new JsonObject()
                .put("to", new JsonObject().put("channel", "webhook").put("url", url))
                .put("content", content("old"))
                .put("schedule", new JsonObject().put("in", race.dueIn().toString()));
        return insist(scheduler(0), "POST", "/v1/messages", body).jsonOf(201);
    }

    private Instant base(Terms begun) {
        return switch (race.moment().base()) {
            case CREATION -> Instant.now();
            case STAGING -> begun.dueAt().minus(RunningStack.LEAD);
            case INSTANT -> begun.dueAt();
        };
    }

    private static Told wish(Wish wish, UUID id, Terms wanted, Carillon scheduler) {
        String path = "/v1/messages/" + id;
        Instant sentAt = Instant.now();
        Answer answer =
                switch (wish) {
                    case CANCEL -> insist(scheduler, "POST", path + "/cancel", null);
                    case RESCHEDULE ->
                        patch(
                                scheduler,
                                path,
                                "schedule",
                                new JsonObject().put("at", wanted.dueAt().toString()));
                    case REWRITE -> patch(scheduler, path, "content", content(wanted.text()));
                };
        return told(wish, sentAt, Instant.now(), answer);
    }

    private static Answer patch(Carillon scheduler, String path, String field, JsonObject value) {
        return insist(scheduler, "PATCH", path, new JsonObject().put(field, value));
    }

    /** One that says 503 is asked again with the same key, as it says itself: what it has done it does not do twice. */
    private static Answer insist(Carillon scheduler, String method, String path, @Nullable JsonObject body) {
        String key = UUID.randomUUID().toString();
        return Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> scheduler.scheduler(
                                method, path, body == null ? null : body.encode(), "Idempotency-Key", key),
                        answer -> answer.status() != 503);
    }

    private static Told told(Wish wish, Instant sentAt, Instant answeredAt, Answer answer) {
        JsonObject json = answer.json();
        return new Told(
                wish,
                sentAt,
                answeredAt,
                reply(answer),
                json.getString("messageStatus", String.valueOf(json.getValue("status"))),
                json.getInteger("attempts", 0),
                json.getBoolean("possiblyDelivered", false),
                answer.body());
    }

    private static Reply reply(Answer answer) {
        return switch (answer.status()) {
            case 200 -> Reply.DONE;
            case 202 -> Reply.PENDING;
            case 409, 422 ->
                switch (answer.slug()) {
                    case "already-fired" -> Reply.ALREADY_FIRED;
                    case "recall-pending" -> Reply.RECALL_PENDING;
                    case "due-in-the-past" -> Reply.IN_THE_PAST;
                    default -> Reply.OTHER;
                };
            default -> Reply.OTHER;
        };
    }

    private static JsonObject content(String text) {
        return new JsonObject().put("json", new JsonObject().put("text", text));
    }

    /** Of a message or an answer. */
    static String text(JsonObject message) {
        return message.getJsonObject("content").getJsonObject("json").getString("text");
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** The race's own time, not a wait for something to happen. */
    private static void await(Instant instant) {
        try {
            Thread.sleep(Duration.between(Instant.now(), instant));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
