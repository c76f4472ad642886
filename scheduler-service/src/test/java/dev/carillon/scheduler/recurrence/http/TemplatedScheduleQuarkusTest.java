package dev.carillon.scheduler.recurrence.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.usecase.RunSchedules;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What schedules make of templates, and what they do with rules that are not understood any more. Runs are made years ahead, by hand. */
@QuarkusTest
@TestProfile(Surroundings.class)
class TemplatedScheduleQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PATH = "/v1/schedules";

    private final Api api = Api.of("acme-" + UUID.randomUUID());

    @Inject
    Transactions transactions;

    @Inject
    ScheduleStore schedules;

    @Inject
    RunSchedules runSchedules;

    @Inject
    Staging staging;

    private void template(String text) {
        if (api.get("/v1/templates/yearly").status() == 404) {
            api.post("/v1/templates", "{\"name\":\"yearly\",\"text\":\"" + text + "\"}")
                    .expect(201);
        } else {
            api.patch("/v1/templates/yearly", "{\"text\":\"" + text + "\"}").expect(200);
        }
    }

    private static String body(String content) {
        return """
                {"rrule":"FREQ=YEARLY","zone":"UTC","startAt":"2035-05-01T09:00",
                 "message":{"to":{"channel":"email","address":"ana@example.org"},"content":%s}}""".formatted(content);
    }

    private String following(String template) {
        return api.post(PATH, body("{\"template\":\"%s\",\"data\":{\"name\":\"Ana\"}}".formatted(template)))
                .expect(201)
                .at("/id");
    }

    /** Makes the messages of all occurrences up to and in the year. */
    private void run(int year, String... ids) {
        var wanted = Stream.of(ids).map(UUID::fromString).toList();
        var now = staging.now();
        var horizon = Instant.parse(year + "-12-31T00:00:00Z");
        transactions
                .inTransaction(
                        tx -> schedules.lock(tx, wanted).chain(found -> runSchedules.run(tx, found, now, horizon)))
                .await()
                .atMost(PATIENCE);
    }

    /** What the message of a year says, and of which version. */
    private String said(String id, int year) {
        var listed = api.get("/v1/messages?scheduleId=%s&dueFrom=%d-01-01T00:00:00Z&dueTo=%d-12-31T00:00:00Z"
                        .formatted(id, year, year))
                .expect(200);
        assertThat(listed.json().at("/items")).hasSize(1);
        return listed.at("/items/0/content/text") + " " + listed.at("/items/0/template/version");
    }

    @Test
    void a_schedule_follows_its_template_or_stays_with_the_version_that_it_names_and_loses_no_occurrence_to_it() {
        template("One {name}.");
        var following = following("yearly");
        var fixed = following("yearly@1");
        run(2035, following, fixed);
        assertThat(said(following, 2035)).isEqualTo("One Ana. 1");

        template("Two {name}.");
        run(2036, following, fixed);
        assertThat(said(following, 2036)).isEqualTo("Two Ana. 2");
        assertThat(said(fixed, 2036)).isEqualTo("One Ana. 1");

        template("Three {name} {lacking}.");
        run(2037, following, fixed);
        assertThat(said(following, 2037))
                .as("what it said when it was last changed")
                .isEqualTo("One Ana. 1");

        template("Four {name}.");
        api.delete("/v1/templates/yearly").expect(204);
        run(2038, following, fixed);
        assertThat(said(following, 2038)).isEqualTo("Four Ana. 4");
        assertThat(said(fixed, 2038)).isEqualTo("One Ana. 1");

        assertThat(api.patch(PATH + "/" + following, "{\"expiresAfter\":\"PT1H\"}")
                        .expect(200)
                        .json()
                        .at("/message/content"))
                .as("what a change leaves alone is as good as it was")
                .hasToString("{\"template\":\"yearly\",\"data\":{\"name\":\"Ana\"}}");
        api.patch(PATH + "/" + following, "{\"message\":{\"content\":{\"data\":{\"name\":\"Bo\"}}}}")
                .expectProblem(422, "unknown-template");
        assertThat(api.patch(PATH + "/" + following, "{\"message\":{\"content\":{\"text\":\"Own.\"}}}")
                        .expect(200)
                        .json()
                        .at("/message/content"))
                .hasToString("{\"text\":\"Own.\"}");
    }

    @Test
    void no_occurrence_by_mail_is_lost_to_a_version_that_has_words_for_telegram_alone() {
        template("One {name}.");
        var id = following("yearly");
        api.patch("/v1/templates/yearly", "{\"text\":null,\"markdown\":\"*Two*\"}")
                .expect(200);
        run(2035, id);
        assertThat(said(id, 2035)).isEqualTo("One Ana. 1");
    }

    @Test
    void what_a_template_lacks_is_refused_when_the_schedule_is_created_or_changed() {
        template("Hello {name}.");
        var refused = api.post(PATH, body("{\"template\":\"yearly\"}")).expectProblem(422, "invalid-request");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("/message/content/data/name");
        var id = following("yearly");
        api.patch(PATH + "/" + id, "{\"message\":{\"content\":{\"data\":{\"name\":null}}}}")
                .expectProblem(422, "invalid-request");
        assertThat(api.patch(PATH + "/" + id, "{\"message\":{\"content\":{\"data\":{\"name\":\"Bo\"}}}}")
                        .expect(200)
                        .at("/message/content/data/name"))
                .isEqualTo("Bo");
        run(2035, id);
        assertThat(said(id, 2035)).isEqualTo("Hello Bo. 1");
    }

    @Test
    void a_rule_that_is_not_understood_any_more_spoils_neither_what_is_shown_nor_the_other_schedules() {
        var stale = api.post(PATH, body("{\"text\":\"t\"}")).expect(201).at("/id");
        var other = api.post(PATH, body("{\"text\":\"t\"}")).expect(201).at("/id");
        transactions
                .inTransaction(tx -> tx.run(
                        "UPDATE schedule SET rule = 'FREQ=SECONDLY' WHERE id = $1", Tuple.of(UUID.fromString(stale))))
                .await()
                .atMost(PATIENCE);
        var shown = api.get(PATH + "/" + stale).expect(200);
        assertThat(shown.at("/ruleFault")).isNotBlank();
        assertThat(shown.json().has("nextAt")).isFalse();
        assertThat(api.get(PATH).expect(200).json().at("/items")).hasSize(2);
        api.get(PATH + "/" + stale + "/occurrences").expect(422);

        run(2035, stale, other);
        assertThat(api.get("/v1/messages?scheduleId=" + other).json().at("/items"))
                .hasSize(1);
        assertThat(api.get("/v1/messages?scheduleId=" + stale).json().at("/items"))
                .isEmpty();
        assertThat(api.get(PATH + "/" + stale).at("/status")).isEqualTo("active");

        var mended =
                api.patch(PATH + "/" + stale, "{\"rrule\":\"FREQ=YEARLY\"}").expect(200);
        assertThat(mended.at("/nextAt")).isEqualTo("2035-05-01T09:00:00Z");
        assertThat(mended.json().has("ruleFault")).isFalse();
    }

    @Test
    void a_schedule_does_not_grow_by_changes_beyond_what_a_request_may_be() {
        var id = api.post(PATH, body("{\"text\":\"" + "x".repeat(200_000) + "\"}"))
                .expect(201)
                .at("/id");
        api.patch(PATH + "/" + id, "{\"message\":{\"content\":{\"html\":\"" + "x".repeat(100_000) + "\"}}}")
                .expectProblem(413, "body-too-large");
    }

    @Test
    void rules_are_expanded_on_workers_when_schedules_fire() {
        var id = api.post(PATH, body("{\"text\":\"t\"}").replace("FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=1"))
                .expect(201)
                .at("/id");
        RuleThreads.forget("FREQ=YEARLY;INTERVAL=1");
        run(2035, id);
        assertThat(RuleThreads.forget("FREQ=YEARLY;INTERVAL=1")).containsExactly(false);
    }
}
