package dev.carillon.system.clients;

import static org.awaitility.Awaitility.await;

import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The booking service's API, and what a booking's customer gets to see. */
public final class Bookings {

    /** Of every resource here; customers live elsewhere. */
    public static final String ZONE = "Europe/Berlin";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Carillon carillon;

    public Bookings(Carillon carillon) {
        this.carillon = carillon;
    }

    /** A time of a resource, as it was opened. */
    public record Slot(UUID id, UUID resourceId, Instant startAt) {}

    /** A booking that was accepted, with the address of its customer, who has no other booking. */
    public record Booked(UUID id, String email, Instant answeredAt) {}

    /** Without hours of its own: slots are opened one by one. */
    public UUID openResource(String... reminders) {
        return openResource(new JsonObject()
                .put("name", "Blood test")
                .put("zone", ZONE)
                .put("slotLength", "PT30M")
                .put("reminders", new JsonArray(List.of(reminders))));
    }

    public UUID openResource(JsonObject resource) {
        return idOf(carillon.booking("POST", "/v1/resources", resource.encode()).jsonOf(201));
    }

    public Slot openSlot(UUID resource, Instant startAt, int capacity) {
        var body = new JsonObject()
                .put("resourceId", resource.toString())
                .put("startAt", startAt.toString())
                .put("endAt", startAt.plusSeconds(60).toString())
                .put("capacity", capacity);
        JsonObject slot = carillon.booking("POST", "/v1/slots", body.encode()).jsonOf(201);
        return new Slot(idOf(slot), resource, slot.getInstant("startAt"));
    }

    public Slot openSlot(UUID resource, Duration ahead) {
        return openSlot(resource, Instant.now().plus(ahead), 1);
    }

    /** All of the resource that begin in [from, to), full ones too. */
    public List<JsonObject> slots(UUID resource, Instant from, Instant to) {
        String query = "?places=0&limit=500&from=" + from + "&to=" + to;
        return Carillon.objects(carillon.booking("GET", "/v1/resources/" + resource + "/slots" + query, null)
                .jsonOf(200)
                .getJsonArray("items"));
    }

    public JsonObject slot(Slot slot) {
        return slots(slot.resourceId(), slot.startAt(), slot.startAt().plusSeconds(1))
                .getFirst();
    }

    public static JsonObject wish(Slot slot, int places, String email) {
        return new JsonObject()
                .put("slotId", slot.id().toString())
                .put("places", places)
                .put(
                        "customer",
                        new JsonObject().put("name", "Ana").put("email", email).put("zone", "Asia/Kolkata"));
    }

    /** The request alone. */
    public Answer post(JsonObject wish, @Nullable String idempotencyKey) {
        return idempotencyKey == null
                ? carillon.booking("POST", "/v1/bookings", wish.encode())
                : carillon.booking("POST", "/v1/bookings", wish.encode(), "Idempotency-Key", idempotencyKey);
    }

    public static String newAddress() {
        return Carillon.marker() + "@example.org";
    }

    public Booked book(Slot slot) {
        return book(slot, Map.of());
    }

    public Booked hold(Slot slot, String hold) {
        return book(slot, Map.of("hold", hold));
    }

    private Booked book(Slot slot, Map<String, Object> more) {
        String email = newAddress();
        var wish = wish(slot, 1, email);
        more.forEach(wish::put);
        JsonObject booking = post(wish, null).jsonOf(201);
        return new Booked(idOf(booking), email, Instant.now());
    }

    public Answer confirm(UUID booking) {
        return act(booking, "confirm", null);
    }

    public Answer cancel(UUID booking) {
        return act(booking, "cancel", null);
    }

    public Answer reschedule(UUID booking, Slot to) {
        return act(booking, "reschedule", new JsonObject().put("slotId", to.id().toString()));
    }

    private Answer act(UUID booking, String action, @Nullable JsonObject body) {
        return carillon.booking("POST", "/v1/bookings/" + booking + "/" + action, body == null ? null : body.encode());
    }

    public JsonObject booking(UUID booking) {
        return carillon.booking("GET", "/v1/bookings/" + booking, null).jsonOf(200);
    }

    public List<JsonObject> ofSlot(Slot slot) {
        return carillon.bookings("slotId=" + slot.id());
    }

    public List<JsonObject> ofSlot(Slot slot, String status) {
        return carillon.bookings("slotId=" + slot.id() + "&status=" + status);
    }

    /** Every booking of the customer of this id, cancelled ones too. */
    public List<JsonObject> ofCustomer(String customer) {
        return carillon.bookings("customerId=" + customer);
    }

    /** The booking's messages, oldest first. */
    public List<JsonObject> messages(Booked booking) {
        return carillon.messagesOf("booking:" + booking.id()).reversed();
    }

    public static String purpose(JsonObject message) {
        return message.getJsonObject("metadata").getString("purpose");
    }

    /** The one message of this purpose, once it has this status. */
    public JsonObject awaitMessage(Booked booking, String purpose, String status) {
        return await(purpose + " of " + booking + " to be " + status)
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(
                        () -> messages(booking).stream()
                                .filter(message -> purpose(message).equals(purpose))
                                .filter(message -> message.getString("status").equals(status))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    public JsonObject awaitBooking(Booked booking, Predicate<JsonObject> as) {
        return await().atMost(PATIENCE).pollInterval(POLL).until(() -> booking(booking.id()), as);
    }

    /** What the customer has got, in order of arrival: the purpose of each message, and the e-mail. */
    List<Mail> mail(Booked booking) {
        return of(booking, carillon.mailTo(booking.email()));
    }

    /** Also what was refused by an injected fault. */
    public List<Mail> mailCalls(Booked booking) {
        return of(booking, carillon.mailCallsTo(booking.email()));
    }

    private List<Mail> of(Booked booking, List<JsonObject> mails) {
        Map<String, JsonObject> messages = messages(booking).stream()
                .collect(Collectors.toMap(message -> message.getString("id"), Function.identity()));
        return mails.stream()
                .map(mail -> new Mail(messages.getOrDefault(messageOf(mail), new JsonObject()), mail))
                .toList();
    }

    /** The id of the message that an e-mail carries. */
    public static String messageOf(JsonObject mail) {
        return mail.getString("messageId").replaceAll("^<([0-9a-f-]+)\\..*$", "$1");
    }

    public Mail awaitMail(Booked booking, String purpose) {
        return await(purpose + " of " + booking)
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(
                        () -> mail(booking).stream()
                                .filter(mail -> mail.purpose().equals(purpose))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    private static UUID idOf(JsonObject json) {
        return UUID.fromString(json.getString("id"));
    }

    /** An e-mail, and the message that it was, empty when the booking has no such message. */
    public record Mail(JsonObject message, JsonObject mail) {

        public String purpose() {
            return message.isEmpty() ? "unknown" : Bookings.purpose(message);
        }

        public String text() {
            return mail.getString("text");
        }

        public Instant receivedAt() {
            return mail.getInstant("receivedAt");
        }

        /** The attached calendar file. */
        public Invitation invitation() {
            return Invitation.attachedTo(mail);
        }
    }
}
