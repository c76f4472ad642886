package dev.carillon.scheduler.recurrence.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class ScheduleResourceQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PATH = "/v1/schedules";
    private static final String MESSAGE =
            "\"message\":{\"to\":{\"channel\":\"email\",\"address\":\"ana@example.org\"},\"content\":{\"subject\":\"s\",\"text\":\"t\"}}";

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);

    private static String body(String members) {
        return "{" + members + "," + MESSAGE + "}";
    }

    private static String yearly() {
        return body("\"cron\":\"0 9 1 1 *\",\"zone\":\"Asia/Kolkata\"");
    }

    @Test
    void requests_expand_no_rule_on_an_event_loop() {
        var rule = "17 4 29 2 *";
        api.post("/v1/time/preview", "{\"cron\":\"%s\",\"zone\":\"UTC\"}".formatted(rule))
                .expect(200);
        assertThat(RuleThreads.forget(rule)).as("preview").containsExactly(false);
        // Paused, and so looked at by requests alone.
        var id = api.post(PATH, yearly()).expect(201).at("/id");
        api.post(PATH + "/" + id + "/pause").expect(200);
        api.patch(PATH + "/" + id, "{\"cron\":\"%s\"}".formatted(rule)).expect(200);
        assertThat(RuleThreads.forget(rule)).as("change").containsExactly(false);
        api.get(PATH).expect(200);
        assertThat(RuleThreads.forget(rule)).as("list").containsExactly(false);
        api.get(PATH + "/" + id).expect(200);
        assertThat(RuleThreads.forget(rule)).as("get").containsExactly(false);
        api.get(PATH + "/" + id + "/occurrences").expect(200);
        assertThat(RuleThreads.forget(rule)).as("occurrences").containsExactly(false);
    }

    @Test
    void a_schedule_is_created_read_listed_and_tells_its_occurrences() {
        var created = api.post(PATH, body("""
                        "rrule":"FREQ=WEEKLY;BYDAY=MO","zone":"Europe/Berlin","startAt":"2035-01-01T09:00","count":3,"misfire":"catch-up",
                        "misfireWindow":"PT6H","gap":"skip","overlap":"both","expiresAfter":"PT1H\"""")).expect(201);
        var id = created.at("/id");
        assertThat(created.header("Location").orElseThrow()).endsWith(PATH + "/" + id);
        assertThat(created.header("ETag")).hasValue("\"1\"");
        assertThat(created.at("/status")).isEqualTo("active");
        assertThat(created.at("/nextAt")).isEqualTo("2035-01-01T08:00:00Z");
        assertThat(created.at("/localStartAt")).isEqualTo("2035-01-01T09:00:00");
        assertThat(created.at("/misfireWindow")).isEqualTo("PT6H");
        assertThat(created.at("/message/to/address")).isEqualTo("ana@example.org");
        assertThat(api.get(PATH + "/" + id).expect(200).json()).isEqualTo(created.json());
        assertThat(api.get(PATH).expect(200).json().at("/items/0")).isEqualTo(created.json());
        assertThat(api.get(PATH + "?status=paused").expect(200).json().at("/items"))
                .isEmpty();

        var occurrences = api.get(PATH + "/" + id + "/occurrences?limit=10")
                .expect(200)
                .json()
                .at("/items");
        assertThat(occurrences).hasSize(3);
        assertThat(occurrences.at("/2/at").asText()).isEqualTo("2035-01-15T08:00:00Z");
        assertThat(occurrences.at("/2/local").asText()).isEqualTo("2035-01-15T09:00:00");
        assertThat(occurrences.at("/2/reading").asText()).isEqualTo("Monday, 15 January 2035, 09:00:00 (+01:00)");
    }

    @Test
    void every_run_is_an_ordinary_message_made_ahead_of_its_instant_and_found_by_its_schedule() {
        var trace = "0af7651916cd43dd8448eb211c80319d";
        var id = api.with("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
                .post(PATH, body("\"cron\":\"* * * * *\",\"zone\":\"UTC\",\"expiresAfter\":\"PT30M\""))
                .expect(201)
                .at("/id");
        await().atMost(Duration.ofSeconds(120))
                .until(() -> !messages(id).json().at("/items").isEmpty());
        var message = messages(id).json().at("/items/0");
        var due = Instant.parse(message.at("/dueAt").asText());
        assertThat(due.getEpochSecond() % 60).isZero();
        assertThat(message.at("/source/type").asText()).isEqualTo("schedule");
        assertThat(message.at("/source/id").asText()).isEqualTo(id);
        assertThat(message.at("/traceId").asText()).isEqualTo(trace);
        assertThat(Instant.parse(message.at("/expiresAt").asText())).isEqualTo(due.plus(Duration.ofMinutes(30)));
        assertThat(Instant.parse(message.at("/createdAt").asText())).isBefore(due);
        api.delete(PATH + "/" + id).expect(204);
    }

    @Test
    void a_start_that_is_an_instant_is_that_one_also_where_its_local_time_comes_twice() {
        var created = api.post(PATH, body("""
                        "cron":"30 2 * * *","zone":"Europe/Berlin","startAt":"2035-10-28T01:30:00Z","overlap":"both","count":2""")).expect(201);
        var path = PATH + "/" + created.at("/id");
        assertThat(created.at("/startAt")).isEqualTo("2035-10-28T01:30:00Z");
        assertThat(created.at("/localStartAt")).startsWith("2035-10-28T02:30");
        assertThat(created.at("/nextAt")).isEqualTo("2035-10-28T01:30:00Z");
        assertThat(api.patch(path, "{\"gap\":\"skip\"}").expect(200).at("/startAt"))
                .isEqualTo("2035-10-28T01:30:00Z");
        var occurrences =
                api.get(path + "/occurrences?limit=10").expect(200).json().at("/items");
        assertThat(occurrences).hasSize(2);
        assertThat(occurrences.at("/0/at").asText()).isEqualTo("2035-10-28T01:30:00Z");
        assertThat(occurrences.at("/1/at").asText()).isEqualTo("2035-10-29T01:30:00Z");
    }

    @Test
    void an_end_may_have_an_earlier_local_time_than_the_start_where_clocks_are_put_back_between_them() {
        var created = api.post(PATH, body("""
                        "cron":"45 2 * * *","zone":"Europe/Berlin","startAt":"2035-10-28T00:45:00Z","endAt":"2035-10-28T01:15:00Z\"""")).expect(201);
        assertThat(created.at("/nextAt")).isEqualTo("2035-10-28T00:45:00Z");
    }

    @Test
    void an_end_that_is_an_instant_is_that_one_also_where_its_local_time_comes_twice() {
        var created = api.post(PATH, body("""
                        "cron":"30 2 * * *","zone":"Europe/Berlin","startAt":"2035-10-28T00:00","overlap":"both","endAt":"2035-10-28T01:30:00Z\"""")).expect(201);
        var path = PATH + "/" + created.at("/id");
        assertThat(created.at("/endAt")).isEqualTo("2035-10-28T01:30:00Z");
        assertThat(api.patch(path, "{\"gap\":\"skip\"}").expect(200).at("/endAt"))
                .isEqualTo("2035-10-28T01:30:00Z");
        var occurrences =
                api.get(path + "/occurrences?limit=10").expect(200).json().at("/items");
        assertThat(occurrences).hasSize(2);
        assertThat(occurrences.at("/0/at").asText()).isEqualTo("2035-10-28T00:30:00Z");
        assertThat(occurrences.at("/1/at").asText()).isEqualTo("2035-10-28T01:30:00Z");
    }

    private Api.Answer messages(String id) {
        return api.get("/v1/messages?scheduleId=" + id).expect(200);
    }

    @Test
    void a_key_replays_the_creation() {
        var keyed = api.with("Idempotency-Key", "one");
        var first = keyed.post(PATH, yearly()).expect(201);
        var again = keyed.post(PATH, yearly()).expect(201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        keyed.post(PATH, yearly().replace("0 9 1", "0 8 1")).expectProblem(422, "idempotency-key-reused");
        keyed.post(PATH, body("\"cron\":\"x\",\"zone\":\"UTC\"")).expectProblem(422, "idempotency-key-reused");
        assertThat(api.get(PATH).json().at("/items")).hasSize(1);
    }

    @Test
    void a_merge_patch_changes_what_it_names_and_nothing_else() {
        var created = api.post(PATH, yearly()).expect(201);
        var path = PATH + "/" + created.at("/id");
        var changed = api.patch(path, """
                        {"cron":null,"rrule":"FREQ=DAILY;BYHOUR=7;BYMINUTE=30","overlap":"both","message":{"content":{"text":"other"}}}""").expect(200);
        assertThat(changed.header("ETag")).hasValue("\"2\"");
        assertThat(changed.json().has("cron")).isFalse();
        assertThat(changed.at("/rrule")).isEqualTo("FREQ=DAILY;BYHOUR=7;BYMINUTE=30");
        assertThat(changed.at("/message/content/text")).isEqualTo("other");
        assertThat(changed.at("/message/content/subject")).isEqualTo("s");
        assertThat(changed.at("/zone")).isEqualTo("Asia/Kolkata");
        assertThat(changed.at("/localStartAt")).isEqualTo(created.at("/localStartAt"));
        assertThat(api.get(path).json()).isEqualTo(changed.json());

        api.with("If-Match", "\"1\"").patch(path, "{\"count\":3}").expectProblem(412, "version-mismatch");
        api.with("If-Match", "\"2\"").patch(path, "{\"count\":3}").expect(200);
        assertThat(api.patch(path, "{\"count\":null,\"misfire\":\"skip\"}")
                        .expect(200)
                        .json()
                        .has("count"))
                .isFalse();
    }

    @Test
    void patches_of_different_members_at_the_same_time_are_all_applied_unless_they_mean_a_revision() throws Exception {
        var path = PATH + "/" + api.post(PATH, yearly()).expect(201).at("/id");
        var patches = Stream.concat(
                        Stream.of("{\"gap\":\"skip\"}", "{\"overlap\":\"both\"}"),
                        IntStream.range(0, 6)
                                .mapToObj(n -> "{\"message\":{\"metadata\":{\"m%d\":\"x\"}}}".formatted(n)))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(patches.stream()
                    .<Callable<Api.Answer>>map(patch -> () -> api.patch(path, patch))
                    .toList())) {
                answer.get().expect(200);
            }
        }
        var changed = api.get(path).expect(200);
        assertThat(changed.at("/gap")).isEqualTo("skip");
        assertThat(changed.at("/overlap")).isEqualTo("both");
        assertThat(changed.json().at("/message/metadata")).hasSize(6);
        assertThat(changed.at("/version")).isEqualTo("9");
        api.with("If-Match", "\"8\"").patch(path, "{\"count\":3}").expectProblem(412, "version-mismatch");
    }

    @Test
    void schedules_of_every_channel_can_be_patched() {
        for (var message : new String[] {
            "{\"to\":{\"channel\":\"telegram\",\"chatId\":\"42\"},\"content\":{\"text\":\"t\"}}",
            "{\"to\":{\"channel\":\"webhook\",\"url\":\"https://e.example.org/h\"},\"content\":{\"json\":{\"a\":1.50}},\"orderingKey\":\"k\"}"
        }) {
            var id = api.post(PATH, "{\"cron\":\"@daily\",\"zone\":\"UTC\",\"message\":" + message + "}")
                    .expect(201)
                    .at("/id");
            var patched = api.patch(PATH + "/" + id, "{\"gap\":\"skip\"}").expect(200);
            assertThat(patched.at("/version")).isEqualTo("2");
            assertThat(patched.at("/gap")).isEqualTo("skip");
        }
    }

    @Test
    void a_recurring_phrase_is_kept_as_the_rule_that_it_means() {
        var created = api.post(PATH, body("""
                        "phrase":"every other tuesday at 9am","zone":"Asia/Kolkata","startAt":"2035-01-01T00:00\"""")).expect(201);
        assertThat(created.at("/rrule")).contains("FREQ=WEEKLY", "INTERVAL=2");
        assertThat(created.at("/nextAt")).isEqualTo("2035-01-02T03:30:00Z");
        var path = PATH + "/" + created.at("/id");
        var changed = api.patch(path, "{\"rrule\":null,\"phrase\":\"every weekday at 8:30\"}")
                .expect(200);
        assertThat(changed.at("/nextAt")).startsWith("2035-01-0").endsWith("T03:00:00Z");
    }

    @Test
    void a_paused_schedule_fires_nothing_and_a_resumed_one_goes_on() {
        var path = PATH + "/" + api.post(PATH, yearly()).expect(201).at("/id");
        var paused = api.post(path + "/pause").expect(200);
        assertThat(paused.at("/status")).isEqualTo("paused");
        assertThat(paused.json().has("nextAt")).isFalse();
        assertThat(api.post(path + "/pause").expect(200).json())
                .as("a repeat changes nothing")
                .isEqualTo(paused.json());
        assertThat(api.get(path + "/occurrences?limit=1").expect(200).json().at("/items"))
                .hasSize(1);
        assertThat(api.patch(path, "{\"gap\":\"skip\"}").expect(200).at("/status"))
                .isEqualTo("paused");
        api.with("If-Match", "\"1\"").post(path + "/resume").expectProblem(412, "version-mismatch");
        var keyed = api.with("Idempotency-Key", "resume-1");
        assertThat(keyed.post(path + "/resume").expect(200).at("/status")).isEqualTo("active");
        assertThat(keyed.post(path + "/resume").expect(200).header("Idempotency-Replayed"))
                .hasValue("true");
        assertThat(api.get(path).at("/version")).isEqualTo("4");
    }

    @Test
    void a_deleted_schedule_is_no_more() {
        var path = PATH + "/" + api.post(PATH, yearly()).expect(201).at("/id");
        api.with("If-Match", "\"9\"").delete(path).expectProblem(412, "version-mismatch");
        api.delete(path).expect(204);
        api.get(path).expectProblem(404, "not-found");
        api.delete(path).expectProblem(404, "not-found");
        api.post(path + "/pause").expectProblem(404, "not-found");
        api.patch(path, "{}").expectProblem(404, "not-found");
    }

    @Test
    void a_schedule_whose_last_occurrence_has_its_message_has_ended_and_an_edit_revives_it() {
        var soon = Instant.now().plusSeconds(5);
        var path = PATH + "/"
                + api.post(PATH, body("\"rrule\":\"FREQ=DAILY;COUNT=1\",\"zone\":\"UTC\",\"startAt\":\"" + soon + "\""))
                        .expect(201)
                        .at("/id");
        await().atMost(PATIENCE).until(() -> "ended".equals(api.get(path).at("/status")));
        api.post(path + "/pause").expectProblem(409, "schedule-ended");
        api.post(path + "/resume").expectProblem(409, "schedule-ended");
        assertThat(api.patch(path, "{\"rrule\":\"FREQ=DAILY;COUNT=9\"}")
                        .expect(200)
                        .at("/status"))
                .isEqualTo("active");
    }

    @Test
    void another_tenants_schedule_is_not_there_and_a_viewer_only_reads() {
        var path = PATH + "/" + api.post(PATH, yearly()).expect(201).at("/id");
        var stranger = Api.of("other-" + UUID.randomUUID());
        stranger.get(path).expectProblem(404, "not-found");
        stranger.get(path + "/occurrences").expectProblem(404, "not-found");
        stranger.patch(path, "{}").expectProblem(404, "not-found");
        stranger.delete(path).expectProblem(404, "not-found");
        stranger.post(path + "/pause").expectProblem(404, "not-found");
        var viewer = Api.as(Token.of(tenant, "viewer"));
        viewer.get(path).expect(200);
        viewer.post(PATH, yearly()).expectProblem(403, "forbidden");
        viewer.patch(path, "{}").expectProblem(403, "forbidden");
        viewer.delete(path).expectProblem(403, "forbidden");
        viewer.post(path + "/pause").expectProblem(403, "forbidden");
        Api.anonymous().get(PATH).expectProblem(401, "unauthenticated");
        api.get(PATH + "/x").expectProblem(404, "not-found");
    }

    static Stream<Arguments> wrongMeanings() {
        return Stream.of(
                wrong("\"zone\":\"UTC\"", "invalid-request", ""),
                wrong("\"cron\":\"0 9 * * *\",\"rrule\":\"FREQ=DAILY\",\"zone\":\"UTC\"", "invalid-request", ""),
                wrong("\"cron\":\"0 9 * * *\"", "invalid-request", "/zone"),
                wrong("\"cron\":\"0 9 * * *\",\"zone\":\"Mars/Olympus\"", "unknown-zone", "/zone"),
                wrong("\"cron\":\"0 25 * * *\",\"zone\":\"UTC\"", "rule-not-understood", "/cron"),
                wrong("\"cron\":\"%s\",\"zone\":\"UTC\"".formatted("1,".repeat(300)), "rule-not-understood", "/cron"),
                wrong("\"rrule\":\"FREQ=DAYLY\",\"zone\":\"UTC\"", "rule-not-understood", "/rrule"),
                wrong("\"rrule\":\"FREQ=SECONDLY\",\"zone\":\"UTC\"", "rule-too-frequent", "/rrule"),
                wrong("\"phrase\":\"every other blue moon\",\"zone\":\"UTC\"", "phrase-not-understood", "/phrase"),
                wrong("\"phrase\":\"tomorrow at 9am\",\"zone\":\"UTC\"", "phrase-not-recurring", "/phrase"),
                wrong("\"cron\":\"0 9 30 2 *\",\"zone\":\"UTC\"", "no-occurrence", "/cron"),
                wrong("\"rrule\":\"FREQ=DAILY;UNTIL=20200101\",\"zone\":\"UTC\"", "no-occurrence", "/rrule"),
                wrong(
                        "\"rrule\":\"FREQ=DAILY;COUNT=2\",\"startAt\":\"2020-01-01T09:00\",\"zone\":\"UTC\"",
                        "no-occurrence",
                        "/rrule"),
                wrong("\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"startAt\":\"noon\"", "invalid-request", "/startAt"),
                wrong(
                        "\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"startAt\":\"9999-01-01T00:00\"",
                        "invalid-request",
                        "/startAt"),
                wrong(
                        "\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"endAt\":\"2001-01-01T00:00:00Z\"",
                        "invalid-request",
                        "/endAt"),
                wrong("\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"count\":0", "invalid-request", "/count"),
                wrong("\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"count\":10001", "invalid-request", "/count"),
                wrong("\"rrule\":\"FREQ=DAILY;COUNT=2\",\"zone\":\"UTC\",\"count\":2", "invalid-request", "/count"),
                wrong("\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"misfire\":\"later\"", "invalid-request", "/misfire"),
                wrong(
                        "\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"misfire\":\"catch-up\"",
                        "invalid-request",
                        "/misfireWindow"),
                wrong(
                        "\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"misfireWindow\":\"PT1H\"",
                        "invalid-request",
                        "/misfireWindow"),
                wrong(
                        "\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"misfire\":\"catch-up\",\"misfireWindow\":\"P32D\"",
                        "invalid-request",
                        "/misfireWindow"),
                wrong("\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"gap\":\"jump\"", "invalid-request", "/gap"),
                wrong("\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"overlap\":\"last\"", "invalid-request", "/overlap"),
                wrong(
                        "\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"expiresAfter\":\"P1M\"",
                        "invalid-request",
                        "/expiresAfter"),
                wrong(
                        "\"cron\":\"0 9 * * *\",\"zone\":\"UTC\",\"expiresAfter\":\"PT0S\"",
                        "invalid-request",
                        "/expiresAfter"));
    }

    private static Arguments wrong(String members, String slug, String pointer) {
        return Arguments.of(body(members), slug, pointer);
    }

    @ParameterizedTest(name = "{1} at {2}: {0}")
    @MethodSource("wrongMeanings")
    void a_wrong_meaning_is_answered_by_422_with_the_pointer_to_it(String body, String slug, String pointer) {
        var refused = api.post(PATH, body).expectProblem(422, slug);
        assertThat(refused.at("/errors/0/pointer")).isEqualTo(pointer);
        assertThat(refused.at("/errors/0/detail")).isNotBlank();
        assertThat(refused.text()).doesNotContain("dev.carillon", "Exception", "dmfs");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {"content":{"text":"t"}} | invalid-request | /message/to
            {"to":{"channel":"email","address":"x"},"content":{"text":"t"}} | invalid-request | /message/to/address
            {"to":{"channel":"email","address":"a@b.c"}} | invalid-request | /message/content
            {"to":{"channel":"email","address":"a@b.c"},"content":{"text":"t"},"schedule":{"now":true}} | invalid-request | /message/schedule
            {"to":{"channel":"email","address":"a@b.c"},"content":{"text":"t"},"expiresAt":"2035-01-01T00:00:00Z"} | invalid-request | /message/expiresAt
            {"to":{"channel":"email","address":"a@b.c"},"content":{"text":"t","from":"x@y.z"}} | sender-refused | /message/content/from
            {"to":{"channel":"webhook","url":"https://10.0.0.1/"},"content":{"json":{}}} | destination-refused | /message/to/url
            {"to":{"channel":"email","address":"a@b.c"},"content":{"text":"t"},"orderingKey":" "} | invalid-request | /message/orderingKey
            """)
    void a_message_is_checked_when_the_schedule_is_created(String message, String slug, String pointer) {
        var refused = api.post(PATH, "{\"cron\":\"@daily\",\"zone\":\"UTC\",\"message\":" + message + "}")
                .expectProblem(422, slug);
        assertThat(refused.at("/errors/0/pointer")).isEqualTo(pointer);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {"cron":5} | invalid-field | /cron
            {"count":"3"} | invalid-field | /count
            {"count":1.5} | invalid-field | /count
            {"message":[]} | invalid-field | /message
            {"message":{"to":{"chanel":"x"}}} | unknown-field | /message/to/chanel
            {"crom":"@daily"} | unknown-field | /crom
            {"cron":"\\u0000"} | invalid-text | /cron
            {"message":{"content":{"text":"\\u0000"}}} | invalid-text | /message/content/text
            """)
    void a_wrong_shape_is_answered_by_400_in_a_creation_and_in_a_patch(String body, String slug, String pointer) {
        assertThat(api.post(PATH, body).expectProblem(400, slug).at("/errors/0/pointer"))
                .isEqualTo(pointer);
        var id = api.post(PATH, yearly()).expect(201).at("/id");
        assertThat(api.patch(PATH + "/" + id, body).expectProblem(400, slug).at("/errors/0/pointer"))
                .startsWith(slug.equals("invalid-text") ? "" : pointer);
    }

    @Test
    void bodies_and_parameters_that_are_none_are_refused() {
        var id = api.post(PATH, yearly()).expect(201).at("/id");
        for (var body : new String[] {"", "null", "[]", "5", "{"}) {
            api.post(PATH, body).expectProblem(400, "malformed-json");
            api.patch(PATH + "/" + id, body).expect(400);
        }
        api.patch(PATH + "/" + id, "{\"zone\":null}").expectProblem(422, "invalid-request");
        api.patch(PATH + "/" + id, "{\"message\":null}").expectProblem(422, "invalid-request");
        api.patch(PATH + "/" + id, "{\"rrule\":\"FREQ=DAILY\"}").expectProblem(422, "invalid-request");
        api.patch(PATH + "/" + id, "{\"cron\":\"0 9 30 2 *\"}").expectProblem(422, "no-occurrence");
        api.get(PATH + "?status=sleeping").expectProblem(400, "invalid-parameter");
        api.get(PATH + "?limit=0").expectProblem(400, "invalid-parameter");
        api.get(PATH + "?cursor=x").expectProblem(400, "invalid-parameter");
        api.get(PATH + "/" + id + "/occurrences?limit=501").expectProblem(400, "invalid-parameter");
        api.with("If-Match", "x").patch(PATH + "/" + id, "{}").expectProblem(400, "invalid-parameter");
        api.with("Idempotency-Key", "a b").post(PATH, yearly()).expectProblem(400, "idempotency-key-malformed");
        assertThat(api.get(PATH + "/" + id).at("/version")).isEqualTo("1");
    }
}
