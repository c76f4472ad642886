package dev.carillon.system.telemetry;

import static dev.carillon.system.stack.ServiceLog.fields;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.local.ServiceName;
import dev.carillon.local.state.Credentials;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Booked;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.ServiceLog;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the JSON lines of the services say of one request, found by its trace alone. */
@ExtendWith(RunningStack.class)
class LogsIT {

    /** Above all those that have lines about requests, messages, bookings, deliveries and events. */
    private static final String CATEGORY = "/v1/log-levels/carillon";

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration POLL = Duration.ofMillis(200);

    private final TestStack stack;
    private final Carillon carillon;
    private final Bookings bookings;

    LogsIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
        this.bookings = new Bookings(carillon);
    }

    /** Whatever became of the test. */
    @AfterEach
    void sayNoMore() {
        stack.services()
                .forEach(service ->
                        assertThat(asAdmin("DELETE", service, null).status()).isIn(204, 404));
    }

    @Test
    void a_webhook_that_is_refused_is_rebuilt_from_the_logs_by_its_trace() {
        stack.services().forEach(this::sayAll);
        carillon.faults().refuse("webhook", 400);

        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");
        String traceId = carillon.awaitStatus(message, "failed").getString("traceId");

        await().atMost(PATIENCE).pollInterval(POLL).untilAsserted(() -> {
            assertThat(said(ServiceName.SCHEDULER, traceId))
                    .anySatisfy(line -> assertThat(fields(line))
                            .containsEntry("method", "POST")
                            .containsEntry("path", "/v1/messages")
                            .containsEntry("status", "201")
                            .containsEntry("principal", "api-key")
                            .containsEntry("tenant", stack.secret(Credentials.TENANT)))
                    .anySatisfy(line -> assertThatItTells(line, "carillon.messages", "carillon.message.staged.v1"))
                    .anySatisfy(
                            line -> assertThatItTells(line, "carillon.events", "carillon.delivery.dead-lettered.v1"))
                    .anySatisfy(line -> assertThatItTells(line, "carillon.messages", "carillon.message.failed.v1"));
            assertThat(said(ServiceName.OUTBOX_RELAY, traceId))
                    .anySatisfy(line -> assertThatItTells(line, "carillon.events", "carillon.message.staged.v1"))
                    .anySatisfy(
                            line -> assertThatItTells(line, "carillon.events", "carillon.delivery.dead-lettered.v1"));
            assertThat(said(ServiceName.DELIVERY, traceId))
                    .anySatisfy(line -> assertThatItTells(line, "carillon.events", "carillon.message.staged.v1"))
                    .anySatisfy(line -> {
                        assertThat(line.getString("loggerName")).isEqualTo("carillon.deliveries");
                        assertThat(line.getString("level")).isEqualTo("INFO");
                        assertThat(fields(line))
                                .containsEntry("messageId", message.id().toString())
                                .containsEntry("channel", "webhook")
                                .containsEntry("attempt", "1")
                                .containsEntry("outcome", "permanent")
                                .containsEntry("providerStatus", "400")
                                .containsEntry("status", "dead")
                                .containsKeys("deliveryId", "reason", "tenant");
                    });
        });
    }

    @Test
    void a_booking_whose_confirmation_is_refused_is_rebuilt_from_the_logs_of_all_four_services() {
        stack.services().forEach(this::sayAll);
        carillon.faults().refuse("email", 550);
        var slot = bookings.openSlot(bookings.openResource(), Duration.ofHours(1));

        String email = Bookings.newAddress();
        JsonObject created = bookings.post(Bookings.wish(slot, 1, email), null).jsonOf(201);
        String id = created.getString("id");
        String traceId = created.getString("traceId");
        bookings.awaitMessage(new Booked(UUID.fromString(id), email, Instant.now()), "confirmation", "failed");

        await().atMost(PATIENCE).pollInterval(POLL).untilAsserted(() -> {
            assertThat(said(ServiceName.BOOKING, traceId))
                    .anySatisfy(line -> {
                        assertThatItTells(line, "carillon.bookings", "carillon.booking.booked.v1");
                        assertThat(fields(line)).containsEntry("bookingId", id);
                    })
                    .anySatisfy(line -> assertThatItTells(line, "carillon.events", "carillon.message.failed.v1"));
            assertThat(said(ServiceName.OUTBOX_RELAY, traceId))
                    .anySatisfy(line -> assertThatItTells(line, "carillon.events", "carillon.booking.booked.v1"));
            assertThat(said(ServiceName.SCHEDULER, traceId))
                    .anySatisfy(line -> assertThatItTells(line, "carillon.events", "carillon.booking.booked.v1"))
                    .anySatisfy(line -> assertThatItTells(line, "carillon.messages", "carillon.message.failed.v1"));
            assertThat(said(ServiceName.DELIVERY, traceId)).anySatisfy(line -> assertThat(fields(line))
                    .containsEntry("channel", "email")
                    .containsEntry("outcome", "permanent"));
        });
        for (ServiceName service : ServiceName.values()) {
            assertThat(said(service, traceId)).noneMatch(line -> line.encode().contains(email));
        }
    }

    @Test
    void a_request_leaves_a_line_only_while_that_is_asked_for() {
        String quiet = traceOfRequest();
        sayAll(stack.booking());
        String told = traceOfRequest();
        await().atMost(PATIENCE).pollInterval(POLL).until(() -> !said(ServiceName.BOOKING, told)
                .isEmpty());
        assertThat(asAdmin("DELETE", stack.booking(), null).status()).isEqualTo(204);
        String quietAgain = traceOfRequest();

        sayAll(stack.booking());
        String last = traceOfRequest();
        await().atMost(PATIENCE).pollInterval(POLL).until(() -> !said(ServiceName.BOOKING, last)
                .isEmpty());
        assertThat(said(ServiceName.BOOKING, quiet)).isEmpty();
        assertThat(said(ServiceName.BOOKING, quietAgain)).isEmpty();
    }

    private String traceOfRequest() {
        return carillon.booking("GET", "/v1/resources?limit=1", null).header("X-Trace-Id");
    }

    private static void assertThatItTells(JsonObject line, String category, String eventType) {
        assertThat(line.getString("loggerName")).isEqualTo(category);
        assertThat(fields(line)).containsEntry("eventType", eventType).containsKeys("eventId", "subject", "tenant");
    }

    private void sayAll(String service) {
        asAdmin("PUT", service, "{\"level\":\"DEBUG\",\"for\":\"PT5M\"}").jsonOf(200);
    }

    private Answer asAdmin(String method, String service, @Nullable String body) {
        return stack.asAdmin(method, service + CATEGORY, body);
    }

    /** What the first instance has said in this trace. */
    private List<JsonObject> said(ServiceName service, String traceId) {
        return new ServiceLog(stack.log(service))
                .linesWith(traceId).stream()
                        .filter(line -> traceId.equals(fields(line).get("traceId")))
                        .toList();
    }
}
