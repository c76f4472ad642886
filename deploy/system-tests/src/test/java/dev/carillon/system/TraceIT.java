package dev.carillon.system;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.Carillon.Accepted;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class TraceIT {

    /** Spans are exported in batches, some seconds after they ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final TestStack stack;
    private final Carillon carillon;

    TraceIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @Test
    void one_trace_runs_from_the_request_over_relay_and_delivery_to_the_provider_and_back() {
        Answer created = carillon.post(Way.WEBHOOK, Carillon.marker(), "PT1S", null);
        JsonObject message = created.jsonOf(201);
        String traceId = message.getString("traceId");
        assertThat(created.header("X-Trace-Id")).isEqualTo(traceId);

        awaitThat(traceId, spans -> {
            JsonObject request = only(spans, "scheduler", "server");
            assertThat(request.getString("name")).contains("/v1/messages");
            JsonObject staged = only(spans, "outbox-relay", "producer", "carillon.message.staged.v1");
            JsonObject accepted = only(spans, "delivery", "consumer", "carillon.message.staged.v1");
            JsonObject call = only(spans, "delivery", "client", "POST");
            assertThat(spans)
                    .filteredOn(is("outbox-relay", "producer", "carillon.delivery.events.v1"))
                    .isNotEmpty();
            assertThat(spans)
                    .filteredOn(is("scheduler", "consumer", "carillon.delivery.events.v1"))
                    .isNotEmpty();
            assertThatEachLeadsTo(request, spans);
            assertThat(ancestors(call, spans)).contains(accepted, staged, request);
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

        awaitThat(traceId, spans -> {
            assertThatStatementsAreBelow(only(spans, "scheduler", "server"), spans);
            assertThatStatementsAreBelow(only(spans, "delivery", "consumer", "carillon.message.staged.v1"), spans);
            assertThatStatementsAreBelow(only(spans, "delivery", "internal", "deliver webhook"), spans);
        });
    }

    private static void assertThatStatementsAreBelow(JsonObject served, List<JsonObject> spans) {
        List<JsonObject> statements = spans.stream()
                .filter(span -> span.getString("parentSpanId").equals(served.getString("spanId")))
                .filter(span -> isStatement(attributes(span)))
                .toList();
        assertThat(statements).as("below %s in %s", served, spans).isNotEmpty().allSatisfy(statement -> {
            assertThat(statement.getString("kind")).isEqualTo("client");
            assertThat(attributes(statement).getString("db.system.name")).isEqualTo("postgresql");
            assertThat(attributes(statement).getString("db.namespace")).isEqualTo(served.getString("service"));
            assertThat(attributes(statement).getString("db.query.text")).isNotEmpty();
        });
    }

    private static boolean isStatement(JsonObject attributes) {
        return attributes.containsKey("db.system.name") || attributes.containsKey("db.system");
    }

    private static JsonObject attributes(JsonObject span) {
        return span.getJsonObject("attributes");
    }

    /** Timers, leases, partitions and keys are asked about all the time, also while nobody asks for anything. */
    @Test
    void no_statement_is_a_trace_of_its_own() throws IOException {
        carillon.awaitStatus(carillon.schedule(Way.EMAIL, "PT1S"), "delivered");
        var orphans = new ArrayList<String>();
        var statements = new AtomicInteger();
        await().atMost(PATIENCE).untilAsserted(() -> {
            statements.set(0);
            orphans.clear();
            exported(span -> {
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

    /** The spans that the stack has sent, as OTLP has them; the latest line may not be whole yet. */
    private void exported(Consumer<JsonObject> each) throws IOException {
        Path file = stack.traces();
        String text = Files.exists(file) ? Files.readString(file) : "";
        text.substring(0, text.lastIndexOf('\n') + 1)
                .lines()
                .map(JsonObject::new)
                .flatMap(request -> Carillon.objects(request.getJsonArray("resourceSpans")).stream())
                .flatMap(resource -> Carillon.objects(resource.getJsonArray("scopeSpans")).stream())
                .flatMap(scope -> Carillon.objects(scope.getJsonArray("spans")).stream())
                .forEach(each);
    }

    @Test
    void a_message_that_had_to_wait_for_leave_shows_the_gap_before_its_attempt_and_how_late_that_was() {
        Accepted message = crowdOneChat().getLast();
        String traceId = carillon.awaitStatus(message, "delivered").getString("traceId");

        awaitThat(traceId, spans -> {
            JsonObject accepted = only(spans, "delivery", "consumer", "carillon.message.staged.v1");
            JsonObject attempt = only(spans, "delivery", "internal", "deliver telegram");
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

        awaitThat(traceId, spans -> {
            assertThat(List.of(
                            only(spans, "scheduler", "server"),
                            only(spans, "outbox-relay", "producer", "carillon.message.staged.v1"),
                            only(spans, "delivery", "consumer", "carillon.message.staged.v1"),
                            only(spans, "delivery", "internal", "deliver webhook")))
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

        awaitThat(traceId, spans -> {
            JsonObject request = only(spans, "booking", "server");
            assertThat(request.getString("name")).contains("/v1/bookings");
            JsonObject published = only(spans, "outbox-relay", "producer", "carillon.booking.events.v1");
            JsonObject reminded = only(spans, "scheduler", "consumer", "carillon.booking.events.v1");
            JsonObject staged = only(spans, "outbox-relay", "producer", "carillon.message.staged.v1");
            JsonObject accepted = only(spans, "delivery", "consumer", "carillon.message.staged.v1");
            // Mail has no client of its own in a trace: the attempt is the call.
            JsonObject call = only(spans, "delivery", "internal", "deliver email");
            assertThat(spans)
                    .filteredOn(is("booking", "consumer", "carillon.message.events.v1"))
                    .isNotEmpty();
            assertThatEachLeadsTo(request, spans);
            assertThat(ancestors(call, spans)).contains(accepted, staged, reminded, published, request);
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
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<JsonObject> attempts = carillon.spans(traceId).stream()
                    .filter(is("delivery", "internal", "deliver webhook"))
                    .toList();
            assertThat(attempts).hasSize(2);
            JsonObject asked = only(carillon.spans(request), "delivery", "server");
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
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonObject batch = only(carillon.spans(request), "delivery", "internal", "redrive dead letters");
            assertThat(links(batch)).singleElement().asString().startsWith(traceId);
            JsonObject again = carillon.spans(traceId).stream()
                    .filter(is("delivery", "internal", "deliver email"))
                    .toList()
                    .getLast();
            assertThat(links(again)).contains(request + " " + batch.getString("spanId"));
        });
    }

    /** Holds of all spans of this trace, some time soon. */
    private void awaitThat(String traceId, Consumer<List<JsonObject>> holds) {
        await().atMost(PATIENCE).untilAsserted(() -> holds.accept(carillon.spans(traceId)));
    }

    private static List<String> links(JsonObject span) {
        return Carillon.objects(span.getJsonArray("links")).stream()
                .map(link -> link.getString("traceId") + " " + link.getString("spanId"))
                .toList();
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
            List<JsonObject> attempts = carillon.spans(traceId).stream()
                    .filter(is("delivery", "internal", "deliver webhook"))
                    .toList();
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
                                    + only(carillon.spans(id), "scheduler", "server")
                                            .getString("spanId"))
                            .toList();
                    assertThat(commitsThatLeadTo(requests))
                            .isNotEmpty()
                            .allSatisfy(id -> assertThatItIsACommitOf(carillon.spans(id), requests));
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
        exported(span -> {
            if (span.getString("name").equals("commit messages")
                    && links(span).stream().anyMatch(requests::contains)) {
                found.add(span.getString("traceId"));
            }
        });
        return found;
    }

    private static void assertThatItIsACommitOf(List<JsonObject> spans, List<String> requests) {
        JsonObject commit = only(spans, "scheduler", "internal", "commit messages");
        assertThat(commit.getString("parentSpanId")).isEmpty();
        assertThat(links(commit))
                .hasSizeGreaterThan(1)
                .hasSize(attributes(commit).getInteger("carillon.group.size"))
                .isSubsetOf(requests);
        assertThatStatementsAreBelow(commit, spans);
    }

    private static void assertThatEachLeadsTo(JsonObject root, List<JsonObject> spans) {
        assertThat(spans)
                .filteredOn(span -> span.getString("parentSpanId").isEmpty())
                .containsExactly(root);
        assertThat(spans).allSatisfy(span -> assertThat(ancestors(span, spans)).contains(root));
    }

    /** Itself, its parent, and so on as far as the spans are known. */
    private static List<JsonObject> ancestors(JsonObject span, List<JsonObject> spans) {
        Map<String, JsonObject> byId =
                spans.stream().collect(toMap(each -> each.getString("spanId"), Function.identity(), (a, b) -> a));
        return Stream.iterate(span, Objects::nonNull, each -> byId.get(each.getString("parentSpanId")))
                .limit(spans.size() + 1L)
                .toList();
    }

    private static JsonObject only(List<JsonObject> spans, String service, String kind, String... name) {
        List<JsonObject> found = spans.stream().filter(is(service, kind, name)).toList();
        assertThat(found)
                .as("%s %s %s of %s", service, kind, List.of(name), spans)
                .hasSize(1);
        return found.getFirst();
    }

    private static Predicate<JsonObject> is(String service, String kind, String... name) {
        return span -> span.getString("service").equals(service)
                && span.getString("kind").equals(kind)
                && Stream.of(name).allMatch(span.getString("name")::startsWith);
    }
}
