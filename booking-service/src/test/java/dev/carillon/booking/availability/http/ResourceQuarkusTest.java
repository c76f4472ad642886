package dev.carillon.booking.availability.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.testing.http.Api;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class ResourceQuarkusTest {
    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());
    private final Api api = desk.api();

    @Test
    void a_resource_has_its_slots_up_to_the_horizon_as_soon_as_it_is_open() {
        var opened = api.post("/v1/resources", """
                {"name":"MRI","zone":"UTC","slotLength":"PT12H","capacity":2,"horizon":"P3D",
                 "weekly":[%s]}""".formatted(everyDay("00:00", "24:00")))
                .expect(201);
        assertThat(opened.header("Location").orElseThrow()).endsWith("/v1/resources/" + opened.at("/id"));
        assertThat(api.get("/v1/resources/" + opened.at("/id")).expect(200).json())
                .isEqualTo(opened.json());
        var slots = slots(opened.at("/id"), "?places=0");
        // Today's that are ahead, and three days of two.
        assertThat(slots).hasSizeBetween(6, 7);
        assertThat(slots).allMatch(slot -> slot.at("/capacity").asInt() == 2);
        assertThat(slots)
                .extracting(slot -> Instant.parse(slot.at("/startAt").asText()))
                .isSorted()
                .allMatch(start -> start.isAfter(Instant.now()));
    }

    @Test
    void slots_are_found_by_time_and_by_the_places_that_are_left_page_by_page() {
        var resource = desk.resource();
        var first = desk.slot(resource, 1, Duration.ofDays(1));
        var second = desk.slot(resource, 3, Duration.ofDays(2));
        var third = desk.slot(resource, 2, Duration.ofDays(3));
        desk.book(first, 1).expect(201);
        desk.book(second, 2).expect(201);

        assertThat(ids(slots(resource, ""))).containsExactly(second, third);
        assertThat(ids(slots(resource, "?places=2"))).containsExactly(third);
        assertThat(ids(slots(resource, "?places=0"))).containsExactly(first, second, third);
        assertThat(ids(slots(resource, "?places=0&from=" + Instant.now().plus(Duration.ofHours(36)))))
                .containsExactly(second, third);
        assertThat(ids(slots(resource, "?places=0&to=" + Instant.now().plus(Duration.ofHours(36)))))
                .containsExactly(first);

        var page =
                api.get("/v1/resources/" + resource + "/slots?places=0&limit=2").expect(200);
        var rest = slots(resource, "?places=0&limit=2&cursor=" + page.at("/nextCursor"));
        assertThat(ids(rest)).containsExactly(third);
        assertThat(slots(resource, "").getFirst().at("/available").asInt()).isEqualTo(1);
        api.patch("/v1/slots/" + third, "{\"status\":\"closed\"}").expect(200);
        assertThat(ids(slots(resource, ""))).containsExactly(second);
    }

    @Test
    void on_the_days_of_a_clock_change_slots_are_whole_and_each_begins_once() {
        // The next two changes in New York are within 400 days, whenever this runs.
        var opened = api.post("/v1/resources", """
                {"name":"Night desk","zone":"America/New_York","slotLength":"PT30M","horizon":"P400D",
                 "weekly":[{"day":"sunday","from":"00:30","to":"04:00"}]}""").expect(201);
        var starts = new ArrayList<Instant>();
        for (var path = "?places=0&limit=500"; !path.isEmpty(); ) {
            var page = api.get("/v1/resources/" + opened.at("/id") + "/slots" + path)
                    .expect(200)
                    .json();
            page.at("/items")
                    .forEach(
                            slot -> starts.add(Instant.parse(slot.at("/startAt").asText())));
            path = page.hasNonNull("nextCursor")
                    ? "?places=0&limit=500&cursor=" + page.at("/nextCursor").asText()
                    : "";
        }
        var zone = ZoneId.of("America/New_York");
        var perDay = starts.stream()
                .collect(Collectors.groupingBy(start -> start.atZone(zone).toLocalDate(), Collectors.counting()));
        assertThat(starts).doesNotHaveDuplicates();
        // Of a day that has begun there are only the slots that are left.
        perDay.remove(LocalDate.now(zone));
        assertThat(perDay.values()).contains(5L, 9L);
        perDay.forEach((day, count) -> {
            var open = Duration.between(
                    day.atTime(0, 30).atZone(zone), day.atTime(4, 0).atZone(zone));
            assertThat(count).as(day.toString()).isEqualTo(open.dividedBy(Duration.ofMinutes(30)));
        });
    }

    @Test
    void a_resource_opened_twice_with_one_key_is_one() {
        var keyed = api.with("Idempotency-Key", "r-" + UUID.randomUUID());
        var body = """
                {"name":"MRI","zone":"UTC","slotLength":"PT1H"}""";
        var first = keyed.post("/v1/resources", body).expect(201);
        var again = keyed.post("/v1/resources", body).expect(201);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(api.get("/v1/resources").json().at("/items")).hasSize(1);
    }

    @Test
    void a_slot_begins_once() {
        var resource = desk.resource();
        var start = Instant.now().plusSeconds(3600);
        var body = """
                {"resourceId":"%s","startAt":"%s"}""".formatted(resource, start);
        var opened = api.post("/v1/slots", body).expect(201);
        assertThat(Duration.between(Instant.parse(opened.at("/startAt")), Instant.parse(opened.at("/endAt"))))
                .isEqualTo(Duration.ofMinutes(30));
        api.post("/v1/slots", body).expectProblem(409, "slot-exists");
    }

    @Test
    void a_slot_that_has_begun_is_not_opened_and_one_that_was_opened_before_it_began_is_the_answer_again() {
        var resource = desk.resource();
        var soon = """
                {"resourceId":"%s","startAt":"%s"}""".formatted(resource, Instant.now().plusSeconds(1));
        var keyed = api.with("Idempotency-Key", "s-" + UUID.randomUUID());
        var opened = keyed.post("/v1/slots", soon).expect(201);
        await().until(() -> Instant.parse(opened.at("/startAt")).isBefore(Instant.now()));
        assertThat(keyed.post("/v1/slots", soon).expect(201).at("/id")).isEqualTo(opened.at("/id"));
        assertThat(api.post("/v1/slots", soon)
                        .expectProblem(422, "invalid-request")
                        .at("/errors/0/pointer"))
                .isEqualTo("/startAt");
    }

    @Test
    void a_slots_capacity_is_changed_and_what_is_booked_stays() {
        var slot = desk.slot(3);
        desk.book(slot, 3).expect(201);
        var lowered = api.patch("/v1/slots/" + slot, "{\"capacity\":2}").expect(200);
        assertThat(lowered.json().at("/booked").asInt()).isEqualTo(3);
        assertThat(lowered.json().at("/available").asInt()).isZero();
        assertThat(lowered.header("ETag")).hasValue("\"2\"");
        api.with("If-Match", "\"1\"")
                .patch("/v1/slots/" + slot, "{\"capacity\":4}")
                .expectProblem(412, "version-mismatch");
        api.patch("/v1/slots/" + slot, "{\"capacity\":4}").expect(200);
        desk.book(slot, 1).expect(201);
    }

    @Test
    void a_resource_is_changed_in_what_is_named_and_its_rules_are_taken_away_by_null() {
        var resource = desk.resource("\"reminders\":[\"P1D\"],\"leadTime\":\"PT1H\",\"maxPerCustomer\":2");
        var path = "/v1/resources/" + resource;
        var renamed = api.with("If-Match", "\"1\"")
                .patch(path, "{\"name\":\"Dr. Iyer\",\"cancelNotice\":\"P1D\"}")
                .expect(200);
        assertThat(renamed.header("ETag")).hasValue("\"2\"");
        assertThat(renamed.at("/name")).isEqualTo("Dr. Iyer");
        assertThat(renamed.at("/cancelNotice")).isEqualTo("PT24H");
        assertThat(renamed.at("/leadTime")).isEqualTo("PT1H");
        assertThat(renamed.json().at("/reminders").toString()).isEqualTo("[\"P1D\"]");
        assertThat(api.get(path).expect(200).json()).isEqualTo(renamed.json());

        api.with("If-Match", "\"1\"").patch(path, "{\"name\":\"Dr. Nair\"}").expectProblem(412, "version-mismatch");
        var freed = api.patch(path, "{\"maxPerCustomer\":null,\"leadTime\":null,\"reminders\":[\"PT1H\"]}")
                .expect(200);
        assertThat(freed.json().has("maxPerCustomer")).isFalse();
        assertThat(freed.at("/leadTime")).isEqualTo("PT0S");
        assertThat(freed.json().at("/reminders").toString()).isEqualTo("[\"PT1H\"]");
        assertThat(freed.at("/name")).isEqualTo("Dr. Iyer");
        Api.of("other-" + UUID.randomUUID()).patch(path, "{\"name\":\"x\"}").expectProblem(404, "not-found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"capacity\":null} | 422 | invalid-request | /capacity",
                "{\"status\":null,\"capacity\":4} | 422 | invalid-request | /status",
                "{\"status\":\"full\"} | 422 | invalid-request | /status",
                "{\"capacity\":-1} | 422 | invalid-request | /capacity",
                "{\"capacity\":\"4\"} | 400 | invalid-field | /capacity",
                "{\"colour\":null} | 400 | unknown-field | /colour",
            })
    void a_change_of_a_slot_that_cannot_be_is_refused_and_the_fault_named(
            String patch, int status, String slug, String pointer) {
        var path = "/v1/slots/" + desk.slot(3);
        var before = api.get(path).text();
        assertThat(api.patch(path, patch).expectProblem(status, slug).at("/errors/0/pointer"))
                .isEqualTo(pointer);
        assertThat(api.get(path).text()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":null} | 422 | invalid-request | /name",
                "{\"name\":7} | 400 | invalid-field | /name",
                "{\"leadTime\":\"soon\"} | 422 | invalid-request | /leadTime",
                "{\"leadTime\":\"-PT1H\"} | 422 | invalid-request | /leadTime",
                "{\"cancelNotice\":\"P500D\"} | 422 | invalid-request | /cancelNotice",
                "{\"cancelNotice\":\"PT9223372036854775807S\"} | 422 | invalid-request | /cancelNotice",
                "{\"maxPerCustomer\":0} | 422 | invalid-request | /maxPerCustomer",
                "{\"maxPerCustomer\":1.5} | 400 | invalid-field | /maxPerCustomer",
                "{\"reminders\":[\"P1Y\"]} | 422 | invalid-request | /reminders/0",
                "{\"capacity\":0} | 422 | invalid-request | /capacity",
                "{\"zone\":\"UTC\"} | 422 | invalid-request | /zone",
                "{\"zone\":null} | 422 | invalid-request | /zone",
                "{\"slotLength\":null} | 422 | invalid-request | /slotLength",
                "{\"horizon\":\"P401D\"} | 422 | invalid-request | /horizon",
                "{\"buffer\":\"-PT1S\"} | 422 | invalid-request | /buffer",
                "{\"weekly\":[{\"day\":\"monday\",\"from\":\"9:00\",\"to\":\"12:00\"}]} | 422 | invalid-request | /weekly/0/from",
                "{\"exceptions\":[{\"date\":\"2026-02-30\",\"closed\":true}]} | 422 | invalid-request | /exceptions/0/date",
                "{\"language\":\"no language\"} | 422 | invalid-request | /language",
                "{\"templates\":{\"reminder\":{}}} | 422 | invalid-request | /templates/reminder",
                "{\"templates\":{\"reminder\":{\"text\":\"{who}\"}}} | 422 | invalid-request | /templates/reminder/text",
                "{\"templates\":{\"reminder\":{\"text\":\"{former.when}\"}}} | 422 | invalid-request | /templates/reminder/text",
                "{\"templates\":{\"moved\":{\"html\":\"<style>p {color:red}\"}}} | 422 | invalid-request | /templates/moved/html",
                "{\"templates\":{\"moved\":{\"markdown\":\"*{when}*\"}}} | 422 | invalid-request | /templates/moved",
                "{\"templates\":{\"moved\":{\"text\":\"a\",\"markdown\":\"{who}\"}}} | 422 | invalid-request | /templates/moved/markdown",
                "{\"templates\":{\"moved\":{\"text\":\"a\",\"subject\":\"{when\"}}} | 422 | invalid-request | /templates/moved/subject",
                "{\"templates\":{\"welcome\":{\"text\":\"a\"}}} | 400 | unknown-field | /templates/welcome",
                "{\"templates\":\"visit\"} | 400 | invalid-field | /templates",
                "{\"colour\":\"red\"} | 400 | unknown-field | /colour",
            })
    void a_change_that_cannot_be_is_refused_and_the_fault_named(String patch, int status, String slug, String pointer) {
        var path = "/v1/resources/" + desk.resource();
        assertThat(api.patch(path, patch).expectProblem(status, slug).at("/errors/0/pointer"))
                .isEqualTo(pointer);
        assertThat(api.get(path).header("ETag")).hasValue("\"1\"");
    }

    @Test
    void a_resources_words_are_kept_and_changed_one_by_one() {
        var opened = api.post("/v1/resources", """
                {"name":"MRI","zone":"UTC","slotLength":"PT1H","language":"PT-br",
                 "templates":{"moved":{"subject":"{former.when}","text":"{when} {customer.name}"},"reminder":{"html":"<b>{date}</b> {{","markdown":"*{date}*"}}}""").expect(201);
        assertThat(opened.at("/language")).isEqualTo("pt-BR");
        var path = "/v1/resources/" + opened.at("/id");
        assertThat(api.get(path).expect(200).json().at("/templates").toString())
                .isEqualTo(
                        "{\"reminder\":{\"html\":\"<b>{date}</b> {{\",\"markdown\":\"*{date}*\"},\"moved\":{\"subject\":\"{former.when}\",\"text\":\"{when} {customer.name}\"}}");
        var changed = api.patch(path, """
                {"language":null,"templates":{"moved":{"subject":null},"reminder":null,"noShow":{"text":"We missed you"}}}""").expect(200);
        assertThat(changed.json().has("language")).isFalse();
        assertThat(changed.json().at("/templates").toString())
                .isEqualTo("{\"moved\":{\"text\":\"{when} {customer.name}\"},\"noShow\":{\"text\":\"We missed you\"}}");
        api.patch(path, "{\"templates\":{\"noShow\":{\"text\":\"" + "x".repeat(32_769) + "\"}}}")
                .expectProblem(422, "invalid-request");
        api.patch(path, "{\"templates\":{\"noShow\":{\"markdown\":\"" + "x".repeat(32_769) + "\"}}}")
                .expectProblem(422, "invalid-request");
    }

    @Test
    void slots_that_begin_sooner_than_the_lead_time_are_not_offered() {
        var resource = desk.resource("\"leadTime\":\"PT2H\"");
        var soon = desk.slot(resource, 1, Duration.ofHours(1));
        var later = desk.slot(resource, 1, Duration.ofHours(3));
        assertThat(ids(slots(resource, ""))).containsExactly(later);
        assertThat(ids(slots(resource, "?places=0"))).containsExactly(soon, later);
        api.patch("/v1/resources/" + resource, "{\"leadTime\":\"PT0S\"}").expect(200);
        assertThat(ids(slots(resource, ""))).containsExactly(soon, later);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"zone\":\"UTC\",\"slotLength\":\"PT1H\"} | invalid-request | /name",
                "{\"name\":\"x\",\"slotLength\":\"PT1H\"} | invalid-request | /zone",
                "{\"name\":\"x\",\"zone\":\"Mars\",\"slotLength\":\"PT1H\"} | unknown-zone | /zone",
                "{\"name\":\"x\",\"zone\":\"UTC\"} | invalid-request | /slotLength",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"an hour\"} | invalid-request | /slotLength",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1S\"} | invalid-request | /slotLength",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT-1H\"} | invalid-request | /slotLength",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"buffer\":\"PT-1M\"} | invalid-request | /buffer",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"capacity\":0} | invalid-request | /capacity",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"horizon\":\"P5Y\"} | invalid-request | /horizon",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"weekly\":[{\"day\":\"payday\"}]} | invalid-request | /weekly/0/day",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"weekly\":[{\"day\":\"monday\",\"from\":\"9\",\"to\":\"17:00\"}]} | invalid-request | /weekly/0/from",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"weekly\":[{\"day\":\"monday\",\"from\":\"22:00\",\"to\":\"02:00\"}]} | invalid-request | /weekly/0",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"weekly\":[null]} | invalid-request | /weekly/0/day",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"exceptions\":[{\"date\":\"25.12.2026\"}]} | invalid-request | /exceptions/0/date",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"reminders\":[\"P1D\",\"P1D\"]} | invalid-request | /reminders",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"reminders\":[\"PT0S\"]} | invalid-request | /reminders/0",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"reminders\":[\"p1d\"]} | invalid-request | /reminders/0",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"reminders\":[\"-P-1D\"]} | invalid-request | /reminders/0",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"reminders\":[\"P\"]} | invalid-request | /reminders/0",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"reminders\":[\"P1DT\"]} | invalid-request | /reminders/0",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"leadTime\":\"PT1.5S\"} | invalid-request | /leadTime",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"cancelNotice\":\"a day\"} | invalid-request | /cancelNotice",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"maxPerCustomer\":-1} | invalid-request | /maxPerCustomer",
                "{\"name\":\"x\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\",\"reminders\":[\"P1Y\"]} | invalid-request | /reminders/0",
            })
    void a_resource_that_cannot_be_is_refused_and_the_fault_named(String body, String slug, String pointer) {
        assertThat(api.post("/v1/resources", body).expectProblem(422, slug).at("/errors/0/pointer"))
                .isEqualTo(pointer);
    }

    @Test
    void more_slots_than_one_transaction_should_write_are_refused() {
        api.post("/v1/resources", """
                {"name":"Too fine","zone":"UTC","slotLength":"PT1M","horizon":"P30D","weekly":[%s]}""".formatted(everyDay("00:00", "24:00"))).expectProblem(422, "too-many-slots");
    }

    private static String everyDay(String from, String to) {
        return String.join(
                ",",
                List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday").stream()
                        .map(day -> "{\"day\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}".formatted(day, from, to))
                        .toList());
    }

    private List<JsonNode> slots(String resource, String query) {
        var items = new ArrayList<JsonNode>();
        api.get("/v1/resources/" + resource + "/slots" + query)
                .expect(200)
                .json()
                .at("/items")
                .forEach(items::add);
        return items;
    }

    private static List<String> ids(List<JsonNode> slots) {
        return slots.stream().map(slot -> slot.at("/id").asText()).toList();
    }
}
