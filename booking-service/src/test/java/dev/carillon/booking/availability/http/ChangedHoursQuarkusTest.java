package dev.carillon.booking.availability.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.identity.ApiKey;
import dev.carillon.kit.identity.ApiKeyDirectory;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.quarkus.Outbox;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class ChangedHoursQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    ApiKeyDirectory keys;

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Desk desk = Desk.of(tenant);
    private final Api api = desk.api();

    @Test
    void slots_that_the_hours_have_no_longer_are_closed_with_their_bookings_and_open_again_with_the_hours() {
        var resource = resource("PT1H", 2, hours("09:00", "12:00"));
        var nine = slotAt(resource, "T09:00");
        var booking = desk.book(nine, 2).expect(201).at("/id");

        var later = patch(resource, "{\"weekly\":" + hours("10:00", "13:00") + "}");
        assertThat(later.at("/version").asInt()).isEqualTo(2);
        var closed = slot(nine);
        assertThat(closed.at("/status").asText()).isEqualTo("closed");
        assertThat(closed.at("/booked").asInt()).isEqualTo(2);
        assertThat(closed.at("/version").asInt()).isEqualTo(2);
        assertThat(starts(open(resource)))
                .allMatch(start -> start.contains("T1"))
                .anyMatch(start -> start.contains("T12:00"));
        desk.book(nine, 1).expectProblem(409, "slot-closed");
        assertThat(booking(booking).at("/status").asText()).isEqualTo("booked");
        await().atMost(PATIENCE).until(() -> booking(booking).at("/slotClosed").asBoolean());

        patch(resource, "{\"weekly\":" + hours("09:00", "12:00") + "}");
        assertThat(slot(nine).at("/status").asText()).isEqualTo("open");
        await().atMost(PATIENCE).until(() -> !booking(booking).has("slotClosed"));
        assertThat(Outbox.typesAbout(nine))
                .containsExactly("carillon.slot.opened.v1", "carillon.slot.closed.v1", "carillon.slot.opened.v1");
        assertThat(Outbox.typesAbout(booking))
                .containsExactly(
                        "carillon.booking.booked.v1",
                        "carillon.booking.slot-changed.v1",
                        "carillon.booking.slot-changed.v1");
        assertThat(Outbox.about(booking).get(1).payload().at("/slot/closed").asBoolean())
                .isTrue();
        assertThat(Outbox.about(booking).get(2).payload().at("/slot").has("closed"))
                .isFalse();
    }

    @Test
    void a_day_that_is_closed_has_no_slots_and_who_is_booked_can_still_move_whatever_the_notice() {
        var resource = api.post("/v1/resources", """
                {"name":"Dr. Rao","zone":"UTC","slotLength":"PT1H","horizon":"P9D","cancelNotice":"P20D","weekly":%s}""".formatted(hours("09:00", "12:00")))
                .expect(201)
                .at("/id");
        var slot = slotAt(resource, "T09:00");
        var day = slot(slot).at("/localStart").asText().substring(0, 10);
        var booking = desk.book(slot, 1).expect(201).at("/id");
        var bot = bot();
        bot.act(booking, "cancel").expectProblem(409, "notice-too-short");
        patch(resource, "{\"exceptions\":[{\"date\":\"" + day + "\",\"closed\":true}]}");
        assertThat(starts(open(resource))).isNotEmpty().noneMatch(start -> start.startsWith(day));
        await().atMost(PATIENCE).until(() -> booking(booking).at("/slotClosed").asBoolean());
        var other = open(resource).getFirst().at("/id").asText();
        var moved = bot.move(booking, other).expect(200);
        assertThat(moved.json().has("slotClosed")).isFalse();
        assertThat(slot(slot).at("/booked").asInt()).isZero();
    }

    @Test
    void
            a_slot_that_is_closed_by_hand_stays_closed_and_one_that_the_hours_closed_is_neither_opened_nor_closed_by_hand() {
        var resource = resource("PT1H", 1, hours("09:00", "12:00"));
        var nine = slotAt(resource, "T09:00");
        var ten = slotAt(resource, "T10:00");
        api.patch("/v1/slots/" + nine, "{\"status\":\"closed\"}").expect(200);
        patch(resource, "{\"weekly\":[]}");
        api.patch("/v1/slots/" + ten, "{\"status\":\"open\"}").expectProblem(409, "slot-outside-hours");
        api.patch("/v1/slots/" + ten, "{\"status\":\"closed\"}").expectProblem(409, "slot-outside-hours");
        var extra = api.post(
                        "/v1/slots",
                        "{\"resourceId\":\"%s\",\"startAt\":\"%s\"}"
                                .formatted(resource, slot(ten).at("/startAt").asText()))
                .expect(201)
                .at("/id");
        patch(resource, "{\"weekly\":" + hours("09:00", "12:00") + "}");
        assertThat(slot(nine).at("/status").asText()).isEqualTo("closed");
        // The extra one is there; the resource has one slot at an instant.
        assertThat(slot(ten).at("/status").asText()).isEqualTo("closed");
        assertThat(slot(extra).at("/status").asText()).isEqualTo("open");
    }

    @Test
    void a_capacity_that_is_lowered_below_what_is_booked_takes_nothing_and_sells_nothing() {
        var resource = resource("PT1H", 3, hours("09:00", "12:00"));
        var slot = slotAt(resource, "T09:00");
        var own = slotAt(resource, "T10:00");
        desk.book(slot, 3).expect(201);
        api.patch("/v1/slots/" + own, "{\"capacity\":5}").expect(200);
        patch(resource, "{\"capacity\":1}");
        assertThat(slot(slot).at("/booked").asInt()).isEqualTo(3);
        assertThat(slot(slot).at("/available").asInt()).isZero();
        assertThat(desk.book(slot, 1)
                        .expectProblem(409, "slot-full")
                        .json()
                        .at("/available")
                        .asInt())
                .isZero();
        assertThat(slot(own).at("/capacity").asInt()).isEqualTo(5);
        assertThat(Outbox.typesAbout(slot))
                .containsExactly("carillon.slot.opened.v1", "carillon.slot.capacity-changed.v1");
        assertThat(Outbox.about(slot).getLast().version()).isEqualTo(2);
    }

    @Test
    void hours_that_change_are_right_and_slots_unique_on_the_days_of_a_clock_change() {
        var resource = api.post("/v1/resources", """
                {"name":"Night desk","zone":"America/New_York","slotLength":"PT30M","horizon":"P400D",
                 "weekly":[{"day":"sunday","from":"00:30","to":"04:00"}]}""").expect(201).at("/id");
        patch(
                resource,
                "{\"slotLength\":\"PT1H\",\"weekly\":[{\"day\":\"sunday\",\"from\":\"00:00\",\"to\":\"05:00\"}]}");
        patch(
                resource,
                "{\"slotLength\":\"PT30M\",\"weekly\":[{\"day\":\"sunday\",\"from\":\"00:30\",\"to\":\"04:00\"}]}");
        var zone = ZoneId.of("America/New_York");
        var perDay = new HashMap<String, List<Instant>>();
        open(resource).forEach(slot -> {
            var start = Instant.parse(slot.at("/startAt").asText());
            perDay.computeIfAbsent(start.atZone(zone).toLocalDate().toString(), day -> new ArrayList<>())
                    .add(start);
        });
        assertThat(perDay.values()).allSatisfy(starts -> assertThat(starts).doesNotHaveDuplicates());
        assertThat(perDay.values().stream().map(List::size)).contains(5, 7, 9);
    }

    @Test
    void more_slots_than_one_transaction_should_write_are_refused_and_nothing_is_changed() {
        var resource = resource("PT1H", 1, hours("00:00", "24:00"));
        api.patch("/v1/resources/" + resource, "{\"slotLength\":\"PT1M\",\"horizon\":\"P100D\"}")
                .expectProblem(422, "too-many-slots");
        assertThat(api.get("/v1/resources/" + resource).expect(200).at("/slotLength"))
                .isEqualTo("PT1H");
        api.with("If-Match", "\"7\"")
                .patch("/v1/resources/" + resource, "{\"capacity\":2}")
                .expectProblem(412, "version-mismatch");
    }

    /** Hours, lengths and capacities change while others book, move and cancel. */
    @Test
    void changes_of_hours_that_race_with_bookings_lose_none_of_them_and_oversell_nothing() throws Exception {
        var resource = resource("PT1H", 3, hours("09:00", "13:00"));
        var surprises = new ConcurrentLinkedQueue<String>();
        var booked = new ConcurrentLinkedQueue<String>();
        var racing = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = new ArrayList<Future<?>>();
            for (int i = 0; i < 24; i++) {
                clients.add(threads.submit(() -> {
                    while (racing.get() && booked.size() < 600) {
                        race(resource, booked, surprises);
                    }
                }));
            }
            for (int i = 0; i < 25; i++) {
                var random = ThreadLocalRandom.current();
                patch(
                        resource,
                        "{\"weekly\":%s,\"slotLength\":\"%s\",\"capacity\":%d}"
                                .formatted(
                                        hours("0" + (8 + random.nextInt(2)) + ":00", (12 + random.nextInt(3)) + ":00"),
                                        List.of("PT1H", "PT30M").get(random.nextInt(2)),
                                        1 + random.nextInt(3)));
            }
            racing.set(false);
            for (var client : clients) {
                client.get();
            }
        }
        assertThat(surprises).isEmpty();
        assertThat(booked).isNotEmpty();
        var places = new HashMap<String, Integer>();
        booked.forEach(id -> {
            var booking = booking(id);
            if (booking.at("/status").asText().equals("booked")) {
                places.merge(
                        booking.at("/slotId").asText(), booking.at("/places").asInt(), Integer::sum);
            }
        });
        var all = slots(resource, "places=0&from=2020-01-01T00:00:00Z");
        all.forEach(slot -> {
            assertThat(slot.at("/booked").asInt())
                    .as(slot.toString())
                    .isEqualTo(places.getOrDefault(slot.at("/id").asText(), 0));
            assertThat(slot.at("/available").asInt()).isNotNegative();
            assertThat(slot.at("/booked").asInt()).isLessThanOrEqualTo(3);
        });
        assertThatTimesAreFree(all);
        // Every booking says in the end whether its slot is closed.
        await().atMost(PATIENCE).untilAsserted(() -> {
            var closed = new HashSet<String>();
            slots(resource, "places=0&from=2020-01-01T00:00:00Z").stream()
                    .filter(slot -> slot.at("/status").asText().equals("closed"))
                    .forEach(slot -> closed.add(slot.at("/id").asText()));
            booked.stream()
                    .map(this::booking)
                    .filter(booking -> booking.at("/status").asText().equals("booked"))
                    .forEach(booking -> assertThat(booking.at("/slotClosed").asBoolean())
                            .isEqualTo(closed.contains(booking.at("/slotId").asText())));
        });
    }

    private void race(String resource, ConcurrentLinkedQueue<String> booked, ConcurrentLinkedQueue<String> surprises) {
        var random = ThreadLocalRandom.current();
        var free = slots(resource, "places=1&limit=20");
        if (free.isEmpty()) {
            return;
        }
        var slot = free.get(random.nextInt(free.size())).at("/id").asText();
        var answer = desk.book(slot, 1);
        if (answer.status() == 201) {
            booked.add(answer.at("/id"));
            if (random.nextInt(3) == 0) {
                var cancelled = desk.act(answer.at("/id"), "cancel");
                note(cancelled.status(), Set.of(200), cancelled.text(), surprises);
            } else if (random.nextInt(3) == 0) {
                var moved = desk.move(
                        answer.at("/id"),
                        free.get(random.nextInt(free.size())).at("/id").asText());
                note(moved.status(), Set.of(200, 409), moved.text(), surprises);
            }
        } else {
            note(answer.status(), Set.of(409), answer.text(), surprises);
        }
    }

    private static void note(int status, Set<Integer> expected, String text, ConcurrentLinkedQueue<String> surprises) {
        if (!expected.contains(status)) {
            surprises.add(status + " " + text);
        }
    }

    private static void assertThatTimesAreFree(List<JsonNode> slots) {
        var open = slots.stream()
                .filter(slot -> slot.at("/status").asText().equals("open"))
                .toList();
        for (var one : open) {
            assertThat(slots)
                    .filteredOn(other ->
                            other != one && (other.at("/status").asText().equals("open")))
                    .noneMatch(other -> instant(one, "/startAt").isBefore(instant(other, "/endAt"))
                            && instant(other, "/startAt").isBefore(instant(one, "/endAt")));
        }
    }

    private static Instant instant(JsonNode slot, String field) {
        return Instant.parse(slot.at(field).asText());
    }

    /** Acts for customers. */
    private Desk bot() {
        var secret = "k-" + UUID.randomUUID();
        keys.learnFromOwner(
                new ApiKey(
                        UUID.randomUUID(),
                        tenant,
                        "bot",
                        ApiKeyDirectory.hash(secret),
                        Set.of("bookings:read", "bookings:write"),
                        null,
                        null),
                1);
        return new Desk(Api.anonymous().with("X-API-Key", secret));
    }

    private String resource(String length, int capacity, String weekly) {
        return api.post("/v1/resources", """
                {"name":"Dr. Rao","zone":"UTC","slotLength":"%s","capacity":%d,"horizon":"P3D","weekly":%s}""".formatted(length, capacity, weekly))
                .expect(201)
                .at("/id");
    }

    private static String hours(String from, String to) {
        return "["
                + String.join(
                        ",",
                        Stream.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
                                .map(day -> "{\"day\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}".formatted(day, from, to))
                                .toList())
                + "]";
    }

    private JsonNode patch(String resource, String patch) {
        return api.patch("/v1/resources/" + resource, patch).expect(200).json();
    }

    private JsonNode slot(String id) {
        return api.get("/v1/slots/" + id).expect(200).json();
    }

    private JsonNode booking(String id) {
        return api.get("/v1/bookings/" + id).expect(200).json();
    }

    /** The last one that begins at that time: nothing that these tests do takes until then. */
    private String slotAt(String resource, String time) {
        return open(resource).stream()
                .filter(slot -> slot.at("/localStart").asText().contains(time))
                .reduce((one, other) -> other)
                .orElseThrow()
                .at("/id")
                .asText();
    }

    private static List<String> starts(List<JsonNode> slots) {
        return slots.stream().map(slot -> slot.at("/localStart").asText()).toList();
    }

    private List<JsonNode> open(String resource) {
        return slots(resource, "places=1");
    }

    private List<JsonNode> slots(String resource, String query) {
        var items = new ArrayList<JsonNode>();
        var more = "";
        while (true) {
            var page = api.get("/v1/resources/" + resource + "/slots?" + query
                            + (query.contains("limit") ? "" : "&limit=500") + more)
                    .expect(200)
                    .json();
            page.at("/items").forEach(items::add);
            if (!page.hasNonNull("nextCursor") || query.contains("limit")) {
                return items;
            }
            more = "&cursor=" + page.at("/nextCursor").asText();
        }
    }
}
