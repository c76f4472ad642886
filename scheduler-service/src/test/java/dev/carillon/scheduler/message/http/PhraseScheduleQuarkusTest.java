package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class PhraseScheduleQuarkusTest {
    private static final ZoneId KOLKATA = ZoneId.of("Asia/Kolkata");

    private final Api api = Api.of("acme-" + UUID.randomUUID());

    @Test
    void a_phrase_is_due_when_it_says_in_its_zone() {
        var day = LocalDate.now(KOLKATA).plusDays(400);
        var created = api.post("/v1/messages", phrase(day + " at 9am"));
        assertThat(created.expect(201).at("/dueAt")).isEqualTo(day + "T03:30:00Z");
        assertThat(created.at("/localDueAt")).isEqualTo(day + "T09:00:00");
        assertThat(created.at("/zone")).isEqualTo("Asia/Kolkata");
        assertThat(created.at("/tzdbVersion")).isNotBlank();
        assertThat(api.get("/v1/messages/" + created.at("/id")).json()).isEqualTo(created.json());
    }

    @Test
    void the_zone_that_the_phrase_names_is_the_one_that_is_kept() {
        var day = LocalDate.now(KOLKATA).plusDays(400);
        var created = api.post("/v1/messages", phrase(day + " at 9am in Tokyo")).expect(201);
        assertThat(created.at("/dueAt")).isEqualTo(day + "T00:00:00Z");
        assertThat(created.at("/zone")).isEqualTo("Asia/Tokyo");
    }

    @Test
    void an_amount_counts_from_now() {
        var before = Instant.now();
        var due = Instant.parse(api.post("/v1/messages", phrase("in an hour and a half"))
                .expect(201)
                .at("/dueAt"));
        assertThat(due).isBetween(before.plusSeconds(5390), Instant.now().plusSeconds(5410));
    }

    @Test
    void what_has_two_readings_is_refused_with_both() {
        var refused = api.post("/v1/messages", phrase("3/4/2040 at 9am")).expectProblem(422, "phrase-ambiguous");
        assertThat(refused.json().at("/candidates")).hasSize(2);
        assertThat(refused.at("/candidates/0/at")).isEqualTo("2040-03-04T03:30:00Z");
        assertThat(refused.at("/candidates/0/local")).isEqualTo("2040-03-04T09:00:00");
        assertThat(refused.at("/candidates/0/zone")).isEqualTo("Asia/Kolkata");
        assertThat(refused.at("/candidates/0/reading"))
                .isEqualTo("Sunday, 4 March 2040 at 09:00 (Asia/Kolkata, UTC+05:30)");
        assertThat(refused.at("/candidates/1/at")).isEqualTo("2040-04-03T03:30:00Z");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("/schedule/phrase");
    }

    @Test
    void what_is_not_understood_is_refused_with_the_word_and_its_place() {
        var refused = api.post("/v1/messages", phrase("tomorrow at 9am to call mom"))
                .expectProblem(422, "phrase-not-understood");
        assertThat(refused.at("/word")).isEqualTo("to");
        assertThat(refused.json().at("/position").asInt()).isEqualTo(16);
    }

    @Test
    void what_recurs_is_refused_where_one_instant_is_wanted_and_its_rule_told() {
        var refused = api.post("/v1/messages", phrase("every weekday at 9am")).expectProblem(422, "phrase-recurring");
        assertThat(refused.at("/candidates/0/rrule")).isEqualTo("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR");
    }

    @Test
    void a_message_is_moved_to_what_a_phrase_says() {
        var created = api.post("/v1/messages", phrase("in 3 days")).expect(201);
        var moved = api.patch(
                "/v1/messages/" + created.at("/id"),
                "{\"schedule\":{\"phrase\":\"1 july 2040 at noon\",\"zone\":\"Europe/Berlin\"}}");
        assertThat(moved.expect(200).at("/dueAt")).isEqualTo("2040-07-01T10:00:00Z");
    }

    private static String phrase(String phrase) {
        return Bodies.email("{\"phrase\":\"" + phrase + "\",\"zone\":\"Asia/Kolkata\"}");
    }
}
