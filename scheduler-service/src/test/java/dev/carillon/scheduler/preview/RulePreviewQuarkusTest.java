package dev.carillon.scheduler.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class RulePreviewQuarkusTest {
    private static final String PATH = "/v1/time/preview";

    private final Api api = Api.of("acme-" + UUID.randomUUID());

    @Test
    void a_cron_expression_shows_its_next_occurrences_and_what_clocks_do_to_them() {
        var shown = api.post(PATH, """
                        {"cron":"30 2 * * *","zone":"Europe/Berlin","reference":"2026-03-28T12:00:00Z","count":2}""").expect(200);
        assertThat(shown.json().at("/interpretations")).hasSize(2);
        assertThat(shown.at("/interpretations/0/at")).isEqualTo("2026-03-29T01:30:00Z");
        assertThat(shown.at("/interpretations/0/local")).isEqualTo("2026-03-29T03:30:00");
        assertThat(shown.at("/interpretations/0/zone")).isEqualTo("Europe/Berlin");
        assertThat(shown.at("/interpretations/0/reading"))
                .contains("Sunday, 29 March 2026")
                .contains("shifted from 02:30");
        assertThat(shown.json().at("/notes")).isEmpty();
    }

    @Test
    void an_rrule_begins_at_startAt_and_both_readings_of_an_overlap_are_shown_when_asked_for() {
        var shown = api.post(PATH, """
                        {"rrule":"FREQ=WEEKLY;INTERVAL=2","zone":"Europe/Berlin","startAt":"2026-10-11T02:30","reference":"2026-10-12T00:00:00Z",
                         "count":3,"overlap":"both"}""").expect(200);
        assertThat(shown.at("/interpretations/0/at")).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(shown.at("/interpretations/1/at")).isEqualTo("2026-10-25T01:30:00Z");
        assertThat(shown.at("/interpretations/2/local")).isEqualTo("2026-11-08T02:30:00");
    }

    @Test
    void a_rule_without_occurrences_is_noted_and_ten_are_shown_unless_more_are_wanted() {
        var none = api.post(PATH, "{\"cron\":\"0 9 30 2 *\",\"zone\":\"UTC\"}").expect(200);
        assertThat(none.json().at("/interpretations")).isEmpty();
        assertThat(none.json().at("/notes")).hasSize(1);
        var many =
                api.post(PATH, "{\"rrule\":\"FREQ=MINUTELY\",\"zone\":\"UTC\"}").expect(200);
        assertThat(many.json().at("/interpretations")).hasSize(10);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {"cron":"0 9 * * *","rrule":"FREQ=DAILY","zone":"UTC"} | invalid-request | ''
            {"cron":"0 9 * * *"} | invalid-request | /zone
            {"cron":"0 9 * * *","zone":"Mars/Olympus"} | unknown-zone | /zone
            {"cron":"0 9 * *","zone":"UTC"} | rule-not-understood | /cron
            {"rrule":"FREQ=NEVER","zone":"UTC"} | rule-not-understood | /rrule
            {"rrule":"FREQ=SECONDLY","zone":"UTC"} | rule-too-frequent | /rrule
            {"cron":"0 9 * * *","zone":"UTC","count":501} | invalid-request | /count
            {"cron":"0 9 * * *","zone":"UTC","startAt":"noon"} | invalid-request | /startAt
            {"cron":"0 9 * * *","zone":"UTC","reference":"noon"} | invalid-request | /reference
            {"cron":"0 9 * * *","zone":"UTC","gap":"x"} | invalid-request | /gap
            {"at":"2035-01-01T09:00","zone":"UTC","count":2} | invalid-request | /count
            {"phrase":"tomorrow at 9am","zone":"UTC","overlap":"both"} | invalid-request | /overlap
            """)
    void what_means_nothing_is_refused_with_the_pointer_to_it(String body, String slug, String pointer) {
        assertThat(api.post(PATH, body).expectProblem(422, slug).at("/errors/0/pointer"))
                .isEqualTo(pointer);
    }
}
