package dev.carillon.system.telemetry;

import static dev.carillon.system.telemetry.Trace.attributes;
import static dev.carillon.system.telemetry.Trace.links;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.clients.Bookings;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class TraceIT {

    private final TestStack stack;
    private final Carillon carillon;
    private final Traces traces;

    TraceIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
        this.traces = new Traces(stack, carillon);
    }

    @Test
    void one_trace_runs_from_the_request_over_relay_and_delivery_to_the_provider_and_back() {
        Answer created = carillon.post(Way.WEBHOOK, Carillon.marker(), "PT1S", null);
        JsonObject message = created.jsonOf(201);
        String traceId = message.getString("traceId");
        assertThat(created.header("X-Trace-Id")).isEqualTo(traceId);

        traces.awaitThat(traceId, trace -> {
            JsonObject request = trace.only("scheduler", "server");
            assertThat(request.getString("name")).contains("/v1/messages");
            JsonObject staged = trace.only("outbox-relay", "producer", "carillon.message.staged.v1");
            JsonObject accepted = trace.only("delivery", "consumer", "carillon.message.staged.v1");
            JsonObject call = trace.only("delivery", "client", "POST");
            assertThat(trace.all("outbox-relay", "producer", "carillon.delivery.events.v1"))
                    .isNotEmpty();
            assertThat(trace.all("scheduler", "consumer", "carillon.delivery.events.v1"))
                    .isNotEmpty();
            trace.assertThatEachLeadsTo(request);
            assertThat(trace.ancestors(call)).contains(accepted, staged, request);
            assertThatTheyTellByTheConventions(request, staged, accepted, call);
        });
    }

    /** Those of OpenTelemetry, by which any tool reads them. */
    private static void assertThatTheyTellByTheConventions(
            JsonObject request, JsonObject staged, JsonObject accepted, JsonObject call) {
        assertThat(attributes(request).getMap())
                .containsEntry("http.request.method", "POST")
                .containsEntry("http.route", "/v1/messages")
                .containsEntry("http.response.status_code", 201);
        assertThat(attributes(staged).getMap())
                .containsEntry("messaging.system", "kafka")
                .containsEntry("messaging.operation.type", "send")
                .containsEntry("messaging.destination.name", "carillon.message.staged.v1");
        assertThat(attributes(accepted).getMap())
                .containsEntry("messaging.system", "kafka")
                .containsEntry("messaging.operation.type", "process")
                .containsEntry("messaging.destination.name", "carillon.message.staged.v1")
                .containsEntry("messaging.consumer.group.name", "delivery");
        assertThat(attributes(call).getMap())
                .containsEntry("http.request.method", "POST")
                .containsEntry("http.response.status_code", 200);
    }

    @Test
    void statements_are_part_of_what_they_serve_a_request_an_event_and_a_result() {
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");
        String traceId = carillon.awaitStatus(message, "delivered").getString("traceId");

        traces.awaitThat(traceId, trace -> {
            trace.assertThatStatementsAreBelow(trace.only("scheduler", "server"));
            trace.assertThatStatementsAreBelow(trace.only("delivery", "consumer", "carillon.message.staged.v1"));
            trace.assertThatStatementsAreBelow(trace.only("delivery", "internal", "deliver webhook"));
        });
    }

    /** Timers, leases, partitions and keys are asked about all the time, also while nobody asks for anything. */
    @Test
    void no_statement_is_a_trace_of_its_own() throws IOException {
        carillon.awaitStatus(carillon.schedule(Way.EMAIL, "PT1S"), "delivered");
        var orphans = new ArrayList<String>();
        var statements = new AtomicInteger();
        await().atMost(Traces.PATIENCE).untilAsserted(() -> {
            statements.set(0);
            orphans.clear();
            traces.exported(span -> {
                String text = span.getJsonArray("attributes").encode();
                if (text.contains("\"db.system")) {
                    statements.incrementAndGet();
                    if (span.getString("parentSpanId", "").isEmpty()) {
                        orphans.add(span.encode());
                    }
                }
            });
            assertThat(statements.get()).isPositive();
        });
        assertThat(orphans).isEmpty();
    }

    @Test
    void a_message_that_had_to_wait_for_leave_shows_the_gap_before_its_attempt_and_how_late_that_was() {
        Accepted message = crowdOneChat().getLast();
        String traceId = carillon.awaitStatus(message, "delivered").getString("traceId");

        traces.awaitThat(traceId, trace -> {
            JsonObject accepted = trace.only("delivery", "consumer", "carillon.message.staged.v1");
            JsonObject attempt = trace.only("delivery", "internal", "deliver telegram");
            assertThat(attributes(attempt).getLong("carillon.lateness.ms")).isGreaterThan(1_000);
            assertThat(attributes(attempt).getBoolean("carillon.late")).isTrue();
            assertThat(Duration.between(
                            Instant.parse(accepted.getString("end")), Instant.parse(attempt.getString("start"))))
                    .isGreaterThan(Duration.ofSeconds(1));
        });
    }

    /** One chat takes one message a second. */
    private List<Accepted> crowdOneChat() {
        String chat = String.valueOf(ThreadLocalRandom.current().nextInt(1_000_000_000, Integer.MAX_VALUE));
        return Stream.generate(Carillon::marker)
                .limit(5)
                .map(marker -> {
                    var body = new JsonObject()
                            .put(
                                    "to",
                                    new JsonObject().put("channel", "telegram").put("chatId", chat))
                            .put("content", new JsonObject().put("text", marker))
                            .put("schedule", new JsonObject().put("now", true));
                    JsonObject created = carillon.scheduler("POST", "/v1/messages", body.encode())
                            .jsonOf(201);
                    return new Accepted(UUID.fromString(created.getString("id")), Way.TELEGRAM, marker);
                })
                .toList();
    }

    @Test
    void spans_are_found_by_the_ids_of_message_and_tenant() {
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");
        String traceId = carillon.awaitStatus(message, "delivered").getString("traceId");

        traces.awaitThat(traceId, trace -> {
            assertThat(List.of(
                            trace.only("scheduler", "server"),
                            trace.only("outbox-relay", "producer", "carillon.message.staged.v1"),
                            trace.only("delivery", "consumer", "carillon.message.staged.v1"),
                            trace.only("delivery", "internal", "deliver webhook")))
                    .allSatisfy(span -> {
                        assertThat(attributes(span).getString("carillon.message.id"))
                                .isEqualTo(message.id().toString());
                        assertThat(attributes(span).getString("carillon.tenant"))
                                .isEqualTo("local");
                    });
        });
    }

    @Test
    void one_trace_connects_a_booking_with_the_call_that_delivers_its_confirmation() {
        var bookings = new Bookings(carillon);
        Bookings.Slot slot = bookings.openSlot(bookings.openResource(), Duration.ofHours(1));
        Answer booked = bookings.post(Bookings.wish(slot, 1, Bookings.newAddress()), null);
        String traceId = booked.jsonOf(201).getString("traceId");
        assertThat(booked.header("X-Trace-Id")).isEqualTo(traceId);

        traces.awaitThat(traceId, trace -> {
            JsonObject request = trace.only("booking", "server");
            assertThat(request.getString("name")).contains("/v1/bookings");
            JsonObject published = trace.only("outbox-relay", "producer", "carillon.booking.events.v1");
            JsonObject reminded = trace.only("scheduler", "consumer", "carillon.booking.events.v1");
            JsonObject staged = trace.only("outbox-relay", "producer", "carillon.message.staged.v1");
            JsonObject accepted = trace.only("delivery", "consumer", "carillon.message.staged.v1");
            // Mail has no client of its own in a trace: the attempt is the call.
            JsonObject call = trace.only("delivery", "internal", "deliver email");
            assertThat(trace.all("booking", "consumer", "carillon.message.events.v1"))
                    .isNotEmpty();
            trace.assertThatEachLeadsTo(request);
            assertThat(trace.ancestors(call)).contains(accepted, staged, reminded, published, request);
            assertThat(List.of(request, published, reminded))
                    .extracting(span -> attributes(span).getString("carillon.booking.id"))
                    .containsOnly(booked.json().getString("id"));
        });
    }

    @Test
    void an_attempt_leads_back_to_the_one_before_and_after_a_retry_to_the_request_for_it() {
        carillon.faults().refuse("webhook", 400);
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");
        String traceId = carillon.awaitStatus(message, "failed").getString("traceId");
        carillon.faults().clear();
        String delivery = carillon.deliveries(message).getFirst().getString("id");

        Answer retry = stack.asAdmin("POST", stack.delivery() + "/v1/deliveries/" + delivery + "/retry", null);

        assertThat(retry.status()).as(retry.body()).isEqualTo(200);
        carillon.awaitArrival(message);
        String request = retry.header("X-Trace-Id");
        await().atMost(Traces.PATIENCE).untilAsserted(() -> {
            List<JsonObject> attempts = traces.of(traceId).all("delivery", "internal", "deliver webhook");
            assertThat(attempts).hasSize(2);
            JsonObject asked = traces.of(request).only("delivery", "server");
            assertThat(links(attempts.getFirst())).isEmpty();
            assertThat(links(attempts.getLast()))
                    .containsExactlyInAnyOrder(
                            traceId + " " + attempts.getFirst().getString("spanId"),
                            request + " " + asked.getString("spanId"));
            assertThat(links(asked)).singleElement().asString().startsWith(traceId);
        });
    }

    @Test
    void a_redrive_leads_to_the_trace_of_each_message_and_their_attempts_lead_back() {
        carillon.faults().refuse("email", 550);
        Accepted message = carillon.schedule(Way.EMAIL, "PT0S");
        String traceId = carillon.awaitStatus(message, "failed").getString("traceId");
        carillon.faults().clear();

        Answer redrive = stack.asAdmin(
                "POST",
                stack.delivery() + "/v1/dead-letters/redrive",
                new JsonObject()
                        .put(
                                "filter",
                                new JsonObject().put("messageId", message.id().toString()))
                        .encode());

        assertThat(redrive.status()).as(redrive.body()).isEqualTo(202);
        carillon.awaitArrival(message);
        String request = redrive.header("X-Trace-Id");
        await().atMost(Traces.PATIENCE).untilAsserted(() -> {
            JsonObject batch = traces.of(request).only("delivery", "internal", "redrive dead letters");
            assertThat(links(batch)).singleElement().asString().startsWith(traceId);
            JsonObject again = traces.of(traceId)
                    .all("delivery", "internal", "deliver email")
                    .getLast();
            assertThat(links(again)).contains(request + " " + batch.getString("spanId"));
        });
    }

    @Test
    void the_receiver_of_a_webhook_is_given_the_trace() {
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");

        JsonObject webhook = carillon.awaitArrival(message);

        String traceId = carillon.message(message).getString("traceId");
        assertThat(webhook.getJsonObject("headers").getString("traceparent"))
                .matches("00-" + traceId + "-[0-9a-f]{16}-01");
    }

    @Test
    void a_retry_by_the_policy_leads_back_to_the_attempt_before_and_to_nothing_else() {
        String marker = Carillon.marker();
        carillon.faults()
                .inject(new JsonObject()
                        .put("channel", "webhook")
                        .put("path", "/webhooks/" + marker)
                        .put("mode", "error")
                        .put("status", 503));
        Accepted message = carillon.schedule(Way.WEBHOOK, marker, "PT0S");
        await().atMost(Duration.ofSeconds(40))
                .until(() -> !carillon.calls(message).isEmpty());
        carillon.faults().clear();
        String traceId = carillon.awaitStatus(message, "delivered").getString("traceId");

        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            List<JsonObject> attempts = traces.of(traceId).all("delivery", "internal", "deliver webhook");
            assertThat(attempts)
                    .extracting(attempt -> attributes(attempt).getInteger("carillon.attempt"))
                    .containsExactly(1, 2);
            assertThat(links(attempts.getFirst())).isEmpty();
            assertThat(links(attempts.getLast()))
                    .containsExactly(traceId + " " + attempts.getFirst().getString("spanId"));
        });
    }

    @Test
    void a_commit_that_requests_share_is_a_trace_of_its_own_which_leads_to_each_of_theirs() {
        // Of so many at once some wait for the commits of others.
        List<String> traceIds = scheduleAtOnce(40);

        await().atMost(Duration.ofSeconds(40))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    List<String> requests = traceIds.stream()
                            .map(id -> id + " "
                                    + traces.of(id).only("scheduler", "server").getString("spanId"))
                            .toList();
                    assertThat(commitsThatLeadTo(requests))
                            .isNotEmpty()
                            .allSatisfy(id -> assertThatItIsACommitOf(traces.of(id), requests));
                });
    }

    private List<String> scheduleAtOnce(int messages) {
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Supplier<String> traceId = () -> carillon.post(Way.WEBHOOK, Carillon.marker(), "PT1H", null)
                    .jsonOf(201)
                    .getString("traceId");
            List<CompletableFuture<String>> asked = Stream.generate(
                            () -> CompletableFuture.supplyAsync(traceId, clients))
                    .limit(messages)
                    .toList();
            return asked.stream().map(CompletableFuture::join).toList();
        }
    }

    /** Their traces. */
    private Set<String> commitsThatLeadTo(List<String> requests) throws IOException {
        var found = new HashSet<String>();
        traces.exported(span -> {
            if (span.getString("name").equals("commit messages")
                    && links(span).stream().anyMatch(requests::contains)) {
                found.add(span.getString("traceId"));
            }
        });
        return found;
    }

    private static void assertThatItIsACommitOf(Trace trace, List<String> requests) {
        JsonObject commit = trace.only("scheduler", "internal", "commit messages");
        assertThat(commit.getString("parentSpanId")).isEmpty();
        assertThat(links(commit))
                .hasSizeGreaterThan(1)
                .hasSize(attributes(commit).getInteger("carillon.group.size"))
                .isSubsetOf(requests);
        trace.assertThatStatementsAreBelow(commit);
    }
}
