package dev.carillon.system.interruptions;

import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Slot;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Many bookings, for which there are exactly as many places, made by clients who do not give up: a request without an answer, or with one
 * that asks to come again, is repeated with its Idempotency-Key.
 */
final class BookingBurst implements AutoCloseable {

    static final int BOOKINGS = 200;
    private static final int SLOTS = 8;
    private static final int CLIENTS = 8;
    private static final List<String> REMINDERS = List.of("PT1H", "PT30M");
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Carillon carillon;
    private final Bookings bookings;
    private final Instant begin = Instant.now();
    private final String name = "burst-" + UUID.randomUUID();
    private final UUID resource;
    private final List<Slot> slots;
    private final AtomicInteger accepted = new AtomicInteger();
    private final ExecutorService clients =
            Executors.newFixedThreadPool(CLIENTS, Thread.ofVirtual().factory());
    private final List<CompletableFuture<Void>> requests = new ArrayList<>();

    BookingBurst(Carillon carillon) {
        this.carillon = carillon;
        this.bookings = new Bookings(carillon);
        this.resource = bookings.openResource(REMINDERS.toArray(String[]::new));
        this.slots = IntStream.range(0, SLOTS)
                .mapToObj(hour -> bookings.openSlot(resource, begin.plus(Duration.ofHours(3 + hour)), BOOKINGS / SLOTS))
                .toList();
    }

    /** Begins to ask for so many more. */
    void ask(int count) {
        for (int i = 0; i < count; i++) {
            int number = requests.size();
            requests.add(CompletableFuture.runAsync(() -> insist(number), clients));
        }
    }

    private void insist(int number) {
        JsonObject wish = Bookings.wish(slots.get(number % SLOTS), 1, address(number));
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    try {
                        return isBooked(bookings.post(wish, name + "-" + number));
                    } catch (UncheckedIOException noAnswer) {
                        return false;
                    }
                });
        accepted.incrementAndGet();
    }

    private String address(int number) {
        return name + "-" + number + "@example.org";
    }

    private static boolean isBooked(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isIn(201, 409, 429, 503);
        assertThat(answer.status() != 409 || answer.slug().equals("request-in-progress"))
                .as(answer.body())
                .isTrue();
        return answer.status() == 201;
    }

    void awaitAccepted(int count) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> accepted.get() >= count);
    }

    /** What came of everything, once every confirmation has been delivered. */
    History awaitEnd() {
        CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)).join();
        List<JsonObject> messages = await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(this::messages, found -> delivered(found) >= BOOKINGS);
        Map<String, List<JsonObject>> byBooking = messages.stream()
                .collect(groupingBy(message -> message.getJsonObject("source").getString("id")));
        Map<String, List<JsonObject>> mails = carillon.receivedSince(begin, Way.EMAIL).stream()
                .collect(groupingBy(mail -> mail.getJsonArray("to").getString(0)));
        List<Fate> fates = carillon.bookings("resourceId=" + resource).stream()
                .map(booking -> new Fate(
                        booking,
                        byBooking.getOrDefault(booking.getString("id"), List.of()),
                        mails.getOrDefault(booking.getJsonObject("customer").getString("email"), List.of())))
                .toList();
        return new History(
                fates, messages.size(), slots.stream().map(bookings::slot).toList());
    }

    private List<JsonObject> messages() {
        return carillon.messagesOf("booking").stream()
                .filter(message ->
                        message.getJsonObject("to").getString("address", "").startsWith(name))
                .toList();
    }

    private static long delivered(List<JsonObject> messages) {
        return messages.stream()
                .filter(message -> message.getString("status").equals("delivered"))
                .count();
    }

    @Override
    public void close() {
        clients.shutdownNow();
    }

    /** What became of one booking: its messages, and the e-mails that its customer received. */
    record Fate(JsonObject booking, List<JsonObject> messages, List<JsonObject> mails) {

        private List<JsonObject> messages(String purpose) {
            return messages.stream()
                    .filter(message -> Bookings.purpose(message).equals(purpose))
                    .toList();
        }

        private void assertThatItHasItsMessages() {
            assertThat(booking.getString("status")).isEqualTo("booked");
            assertThat(messages).hasSize(1 + REMINDERS.size());
            String email = booking.getJsonObject("customer").getString("email");
            assertThat(messages)
                    .extracting(message -> message.getJsonObject("to").getString("address"))
                    .containsOnly(email);
            assertThat(messages("reminder"))
                    .extracting(message -> message.getJsonObject("metadata").getString("before"))
                    .containsExactlyInAnyOrderElementsOf(REMINDERS);
            assertThat(messages("confirmation")).hasSize(1);
            assertThat(mails)
                    .extracting(Bookings::messageOf)
                    .containsExactly(messages("confirmation").getFirst().getString("id"));
        }
    }

    /** @param messages how many there are for all customers together */
    record History(List<Fate> fates, int messages, List<JsonObject> slots) {

        void assertThatEachBookingHasExactlyItsMessages() {
            assertThat(fates).as("each request made one booking").hasSize(BOOKINGS);
            assertThat(fates).allSatisfy(Fate::assertThatItHasItsMessages);
            assertThat(messages).as("each message has its booking").isEqualTo(BOOKINGS * (1 + REMINDERS.size()));
            assertThat(slots)
                    .extracting(slot -> slot.getInteger("booked"))
                    .hasSize(SLOTS)
                    .containsOnly(BOOKINGS / SLOTS);
        }
    }
}
