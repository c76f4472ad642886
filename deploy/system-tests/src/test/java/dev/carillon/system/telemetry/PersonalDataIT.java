package dev.carillon.system.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.ServiceName;
import dev.carillon.local.state.Credentials;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Booked;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import dev.carillon.system.stack.Web;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whom messages and bookings are for, what they say, and what opens doors: none of it stands in a log, a trace or a label of a metric. */
@ExtendWith(RunningStack.class)
class PersonalDataIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    private final TestStack stack;
    private final Carillon carillon;
    private final Bookings bookings;

    /** Of a person who is in nothing else. */
    private final String person = Carillon.marker();

    PersonalDataIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
        this.bookings = new Bookings(carillon);
    }

    @Test
    void nobody_is_found_in_logs_traces_and_metrics() {
        var slot = bookings.openSlot(bookings.openResource("PT1H"), Duration.ofHours(3));
        Booked booking = bookBy(slot);
        bookings.awaitMail(booking, "confirmation");
        bookings.cancel(booking.id()).jsonOf(200);
        Accepted telegram = carillon.schedule(Way.TELEGRAM, person, "PT1S");
        String chat = Way.TELEGRAM.to(person, stack.providers()).getString("chatId");
        JsonObject told = carillon.awaitStatus(telegram, "delivered");
        carillon.faults().refuse("email", 550);
        JsonObject refused = carillon.awaitStatus(carillon.schedule(Way.EMAIL, person, "PT1S"), "failed");
        // The sender is told what the relay said, address and all; nobody else is.
        assertThat(refused.encode()).contains("<" + person + "@example.org>: injected error");
        badRequest();
        JsonObject called = carillon.awaitStatus(webhookWithASecretInItsUrl(), "delivered");
        lookForThePerson();
        // Who has served no request has no labels of requests.
        stack.asAdmin("GET", stack.relay() + "/v1/outbox/booking/parked?limit=1", null)
                .jsonOf(200);

        Stream.of(told, refused, called).forEach(this::awaitTrace);
        List<String> secrets = Stream.of(
                        Credentials.API_KEY,
                        Credentials.ADMIN_TOKEN,
                        Credentials.TELEGRAM_TOKEN,
                        Credentials.TELEGRAM_SECRET_TOKEN,
                        Credentials.WEBHOOK_SECRET,
                        Credentials.WEBHOOK_INSTALLATION_SECRET,
                        Credentials.SECRETS_KEY)
                .map(stack::secret)
                .toList();
        assertThat(logsAndTraces()).allSatisfy(file -> {
            String text = read(file);
            assertThat(List.of(person, "\"" + chat + "\"", "chat " + chat))
                    .as(file + " without a person")
                    .noneMatch(text::contains);
            assertThat(secrets).as(file + " without a secret").noneMatch(text::contains);
        });
        assertThat(stack.services()).allSatisfy(url -> assertThat(
                        Web.send("GET", url + "/q/metrics", null).body())
                .contains("http_server_requests")
                .doesNotContain(person));
    }

    private Booked bookBy(Bookings.Slot slot) {
        JsonObject wish = Bookings.wish(slot, 1, person + "@example.org");
        wish.getJsonObject("customer").put("name", "Ana " + person);
        JsonObject booked = bookings.post(wish, null).jsonOf(201);
        return new Booked(
                UUID.fromString(booked.getString("id")), person + "@example.org", booked.getInstant("bookedAt"));
    }

    /** A problem may repeat what it was asked for, to who asked. */
    private void badRequest() {
        String body = new JsonObject()
                .put("to", new JsonObject().put("channel", "email").put("address", person + " is no address"))
                .put("content", new JsonObject().put("text", person))
                .put("schedule", new JsonObject().put("in", "PT1S"))
                .encode();
        assertThat(carillon.scheduler("POST", "/v1/messages", body).status()).isBetween(400, 422);
    }

    /** Its path and its query are all that a receiver knows a sender by; and the order of its messages is kept by a name. */
    private Accepted webhookWithASecretInItsUrl() {
        String body = new JsonObject()
                .put(
                        "to",
                        new JsonObject()
                                .put("channel", "webhook")
                                .put("url", stack.providers() + "/webhooks/" + person + "?key=" + person))
                .put("content", new JsonObject().put("json", new JsonObject().put("text", person)))
                .put("schedule", new JsonObject().put("in", "PT1S"))
                .put("orderingKey", person)
                .encode();
        JsonObject created = carillon.scheduler("POST", "/v1/messages", body).jsonOf(201);
        return new Accepted(UUID.fromString(created.getString("id")), Way.WEBHOOK, person);
    }

    private void lookForThePerson() {
        String address = person + "@example.org";
        assertThat(Stream.of(
                                stack.delivery() + "/v1/deliveries?destination=" + address,
                                stack.delivery() + "/v1/dead-letters?limit=9&destination=" + address,
                                stack.scheduler() + "/v1/messages?orderingKey=" + person)
                        .map(url -> Web.send("GET", url, null, "X-API-Key", stack.secret(Credentials.API_KEY))))
                .allSatisfy(found -> {
                    assertThat(found.jsonOf(200).getJsonArray("items")).isNotEmpty();
                    awaitTrace(found.header("X-Trace-Id"));
                });
    }

    private void awaitTrace(String traceId) {
        await("the trace " + traceId).atMost(PATIENCE).pollInterval(POLL).until(() -> !carillon.spans(traceId)
                .isEmpty());
    }

    private void awaitTrace(JsonObject message) {
        await("the spans of delivery in trace " + message.getString("traceId"))
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() ->
                        carillon.spans(message.getString("traceId")).toString().contains("delivery"));
    }

    private List<Path> logsAndTraces() {
        return Stream.concat(Stream.of(ServiceName.values()).map(stack::log), Stream.of(stack.traces()))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
