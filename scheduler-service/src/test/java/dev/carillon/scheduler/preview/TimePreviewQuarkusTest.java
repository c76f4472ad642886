package dev.carillon.scheduler.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class TimePreviewQuarkusTest {
    private static final String BERLIN = "\"zone\":\"Europe/Berlin\",\"reference\":\"2026-11-24T09:00:00Z\"";

    private final Api api = Api.of("acme");

    @Test
    void a_phrase_is_shown_with_its_instant_its_local_time_and_its_reading() {
        var shown =
                preview("{\"phrase\":\"two weeks from friday\"," + BERLIN + "}").expect(200);
        assertThat(shown.json().at("/interpretations")).hasSize(1);
        assertThat(shown.at("/interpretations/0/at")).isEqualTo("2026-12-11T08:00:00Z");
        assertThat(shown.at("/interpretations/0/local")).isEqualTo("2026-12-11T09:00:00");
        assertThat(shown.at("/interpretations/0/zone")).isEqualTo("Europe/Berlin");
        assertThat(shown.at("/interpretations/0/reading"))
                .isEqualTo("Friday, 11 December 2026 at 09:00 (Europe/Berlin, UTC+01:00)");
        assertThat(shown.json().at("/interpretations/0/rrule").isMissingNode()).isTrue();
        assertThat(shown.at("/notes/0")).isEqualTo("No time of day is given: 09:00 is taken");
    }

    @Test
    void what_recurs_is_shown_with_its_rule_and_its_first_run() {
        var shown = preview("{\"phrase\":\"every other tuesday at 10am\"," + BERLIN + "}")
                .expect(200);
        assertThat(shown.at("/interpretations/0/rrule")).isEqualTo("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU");
        assertThat(shown.at("/interpretations/0/local")).isEqualTo("2026-12-01T10:00:00");
        assertThat(shown.at("/interpretations/0/at")).isEqualTo("2026-12-01T09:00:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "2027-03-28T02:30, 2027-03-28T01:30:00Z, 2027-03-28T03:30:00, skip",
        "2027-10-31T02:30, 2027-10-31T00:30:00Z, 2027-10-31T02:30:00, twice",
        "2027-07-01T09:00, 2027-07-01T07:00:00Z, 2027-07-01T09:00:00, ''",
        "2027-07-01T09:00:00+05:30, 2027-07-01T03:30:00Z, 2027-07-01T05:30:00, ''",
    })
    void a_local_time_is_shown_as_messages_take_it(String at, String instant, String local, String note) {
        var shown = preview("{\"at\":\"" + at + "\"," + BERLIN + "}").expect(200);
        assertThat(shown.at("/interpretations/0/at")).isEqualTo(instant);
        assertThat(shown.at("/interpretations/0/local")).isEqualTo(local);
        assertThat(shown.at("/notes/0")).contains(note);
        assertThat(shown.json().at("/notes")).hasSize(note.isEmpty() ? 0 : 1);
    }

    @Test
    void without_a_reference_it_is_said_now() {
        var before = Instant.now();
        var shown = preview("{\"phrase\":\"in 2 hours\",\"zone\":\"UTC\"}").expect(200);
        assertThat(Instant.parse(shown.at("/interpretations/0/at")))
                .isBetween(before.plusSeconds(7190), Instant.now().plusSeconds(7210));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'phrase':'03/04','zone':'UTC'}; phrase-ambiguous; /phrase",
                "{'phrase':'soon','zone':'UTC'}; phrase-not-understood; /phrase",
                "{'phrase':'yesterday','zone':'UTC'}; due-in-the-past; /phrase",
                "{'phrase':'noon'}; invalid-request; /zone",
                "{'phrase':'noon','zone':'Mars'}; unknown-zone; /zone",
                "{'phrase':'noon','at':'2030-01-01T09:00','zone':'UTC'}; invalid-request; ''",
                "{'zone':'UTC'}; invalid-request; ''",
                "{'at':'noon','zone':'UTC'}; invalid-request; /at",
                "{'at':'2030-01-01T09:00'}; invalid-request; /zone",
                "{'at':'2001-01-01T09:00','zone':'UTC'}; due-in-the-past; /at",
                "{'phrase':'noon','zone':'UTC','reference':'now'}; invalid-request; /reference",
            },
            quoteCharacter = '"')
    void what_has_no_one_meaning_is_refused_as_it_is_where_it_counts(String body, String slug, String pointer) {
        var refused = preview(body.replace('\'', '"')).expectProblem(422, slug);
        assertThat(refused.json().at("/errors").findValuesAsText("pointer")).contains(pointer.replace("''", ""));
    }

    @Test
    void a_missing_body_and_an_unknown_field_are_refused_and_so_is_a_caller_without_the_scope() {
        api.post("/v1/time/preview", "").expectProblem(400, "malformed-json");
        preview("{\"phrase\":\"noon\",\"zone\":\"UTC\",\"colour\":1}").expectProblem(400, "unknown-field");
        Api.anonymous().post("/v1/time/preview", "{}").expectProblem(401, "unauthenticated");
        Api.as(Token.of("acme", "viewer"))
                .post("/v1/time/preview", "{\"phrase\":\"noon\",\"zone\":\"UTC\"}")
                .expect(200);
    }

    private Answer preview(String body) {
        return api.post("/v1/time/preview", body);
    }
}
