package dev.carillon.system;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.state.Credentials;
import dev.carillon.system.Carillon.Accepted;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(RunningStack.class)
class TraceIT {

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

        // Spans are exported in batches, some seconds after they ended.
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            List<JsonObject> spans = carillon.spans(traceId);
            JsonObject request = only(spans, "scheduler", "server");
            assertThat(request.getString("name")).contains("/v1/messages");
            JsonObject staged = only(spans, "outbox-relay", "producer", "carillon.message.staged.v1");
            JsonObject accepted = only(spans, "delivery", "consumer", "carillon.message.staged.v1");
            JsonObject call = only(spans, "delivery", "client");
            assertThat(spans)
                    .filteredOn(is("outbox-relay", "producer", "carillon.delivery.events.v1"))
                    .isNotEmpty();
            assertThat(spans)
                    .filteredOn(is("scheduler", "consumer", "carillon.delivery.events.v1"))
                    .isNotEmpty();
            assertThatEachLeadsTo(request, spans);
            assertThat(ancestors(call, spans)).contains(accepted, staged, request);
        });
    }

    @Test
    void one_trace_connects_a_booking_with_the_call_that_delivers_its_confirmation() {
        var bookings = new Bookings(carillon);
        Bookings.Slot slot = bookings.openSlot(bookings.openResource(), Duration.ofHours(1));
        Answer booked = bookings.post(Bookings.wish(slot, 1, Bookings.newAddress()), null);
        String traceId = booked.jsonOf(201).getString("traceId");
        assertThat(booked.header("X-Trace-Id")).isEqualTo(traceId);

        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            List<JsonObject> spans = carillon.spans(traceId);
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
        });
    }

    @Test
    void an_attempt_leads_back_to_the_one_before_and_after_a_retry_to_the_request_for_it() {
        carillon.faults()
                .inject(new JsonObject()
                        .put("channel", "webhook")
                        .put("mode", "error")
                        .put("status", 400));
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");
        String traceId = carillon.awaitStatus(message, "failed").getString("traceId");
        carillon.faults().clear();
        String delivery = carillon.deliveries(message).getFirst().getString("id");

        Answer retry = Web.send(
                "POST",
                stack.delivery() + "/v1/deliveries/" + delivery + "/retry",
                null,
                "Authorization",
                "Bearer " + stack.secret(Credentials.ADMIN_TOKEN));

        assertThat(retry.status()).as(retry.body()).isEqualTo(200);
        carillon.awaitArrival(message);
        String request = retry.header("X-Trace-Id");
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
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
        carillon.faults()
                .inject(new JsonObject()
                        .put("channel", "email")
                        .put("mode", "error")
                        .put("status", 550));
        Accepted message = carillon.schedule(Way.EMAIL, "PT0S");
        String traceId = carillon.awaitStatus(message, "failed").getString("traceId");
        carillon.faults().clear();

        Answer redrive = Web.send(
                "POST",
                stack.delivery() + "/v1/dead-letters/redrive",
                new JsonObject()
                        .put(
                                "filter",
                                new JsonObject().put("messageId", message.id().toString()))
                        .encode(),
                "Authorization",
                "Bearer " + stack.secret(Credentials.ADMIN_TOKEN),
                "Content-Type",
                "application/json");

        assertThat(redrive.status()).as(redrive.body()).isEqualTo(202);
        carillon.awaitArrival(message);
        String request = redrive.header("X-Trace-Id");
        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            JsonObject batch = only(carillon.spans(request), "delivery", "internal", "redrive dead letters");
            assertThat(links(batch)).singleElement().asString().startsWith(traceId);
            JsonObject again = carillon.spans(traceId).stream()
                    .filter(is("delivery", "internal", "deliver email"))
                    .toList()
                    .getLast();
            assertThat(links(again)).contains(request + " " + batch.getString("spanId"));
        });
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
