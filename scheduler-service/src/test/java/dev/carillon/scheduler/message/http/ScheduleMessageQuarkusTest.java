package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class ScheduleMessageQuarkusTest {
    private final Api api = Api.of("acme-" + UUID.randomUUID());

    @Test
    void a_message_is_answered_with_its_place_its_version_and_what_was_understood() {
        var at = Instant.now().plus(3, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        var created = schedule("{\"at\":\"" + at + "\",\"zone\":\"Asia/Kolkata\"}");
        assertThat(created.header("Location").orElseThrow()).endsWith("/v1/messages/" + created.at("/id"));
        assertThat(created.header("ETag")).hasValue("\"1\"");
        assertThat(created.at("/status")).isEqualTo("scheduled");
        assertThat(created.at("/dueAt")).isEqualTo(at.toString());
        assertThat(created.at("/zone")).isEqualTo("Asia/Kolkata");
        assertThat(created.at("/to/address")).isEqualTo("ana@example.org");
        assertThat(created.at("/content/subject")).isEqualTo("Your blood test");

        var found = api.get("/v1/messages/" + created.at("/id")).expect(200);
        assertThat(found.json()).isEqualTo(created.json());
        assertThat(found.header("ETag")).hasValue("\"1\"");
    }

    @Test
    void a_local_time_is_due_when_the_zones_clocks_show_it() {
        var created = schedule("{\"at\":\"2030-07-01T09:00\",\"zone\":\"Europe/Berlin\"}");
        assertThat(created.at("/dueAt")).isEqualTo("2030-07-01T07:00:00Z");
        assertThat(created.at("/localDueAt")).isEqualTo("2030-07-01T09:00:00");
        assertThat(created.at("/tzdbVersion")).isNotBlank();
    }

    @Test
    void a_duration_counts_from_now() {
        var before = Instant.now();
        var due = Instant.parse(schedule("{\"in\":\"PT2H\"}").at("/dueAt"));
        assertThat(due).isBetween(before.plusSeconds(7190), Instant.now().plusSeconds(7210));
    }

    @Test
    void now_is_handed_over_in_the_transaction_that_creates_it() {
        var created = schedule("{\"now\":true}");
        assertThat(created.at("/status")).isEqualTo("staged");
        var staged = Outbox.about(created.at("/id")).getFirst();
        assertThat(staged.type()).isEqualTo("carillon.message.staged.v1");
        assertThat(staged.topic()).isEqualTo("carillon.message.staged.v1");
        assertThat(staged.key()).isEqualTo(created.at("/id"));
        assertThat(staged.version()).isEqualTo(2);
        assertThat(staged.payload().at("/generation").asInt()).isEqualTo(1);
        assertThat(staged.payload().at("/to/address").asText()).isEqualTo("ana@example.org");
        assertThat(staged.payload().at("/source/type").asText()).isEqualTo("api");
    }

    @Test
    void markdown_is_handed_over_as_it_was_given() {
        var created = api.post(
                        "/v1/messages",
                        "{\"to\":{\"channel\":\"telegram\",\"chatId\":\"42\"},\"content\":{\"markdown\":\"*hi*\\\\.\"},"
                                + "\"schedule\":{\"now\":true}}")
                .expect(201);
        var staged = Outbox.about(created.at("/id")).getFirst();
        assertThat(staged.payload().at("/content")).isEqualTo(created.json().at("/content"));
        assertThat(staged.payload().at("/content/markdown").asText()).isEqualTo("*hi*\\.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"to\":{\"channel\":\"telegram\",\"chatId\":-1001234},\"content\":{\"text\":\"hi\"}",
                "{\"to\":{\"channel\":\"telegram\",\"chatId\":\"@channel\"},\"content\":{\"html\":\"<b>hi</b>\"}",
                "{\"to\":{\"channel\":\"telegram\",\"chatId\":\"42\"},"
                        + "\"content\":{\"markdown\":\"*hi*\\\\.\",\"text\":\"hi\"}",
                "{\"to\":{\"channel\":\"webhook\",\"url\":\"https://example.org/hook\"},"
                        + "\"content\":{\"json\":{\"a\":[1.50,1e400,\"😀\"]}}",
                "{\"to\":{\"channel\":\"webhook\",\"url\":\"http://127.0.0.1:9000/hook\"},\"content\":{\"json\":{}}",
                "{\"to\":{\"channel\":\"email\",\"address\":\"a@b.c\"},\"content\":{\"html\":\"<p>hi</p>\","
                        + "\"attachments\":[{\"name\":\"a.ics\",\"contentType\":\"text/calendar\",\"base64\":\"QQ==\"}]}",
            })
    void every_channel_is_taken_and_shown_as_it_was_given(String toAndContent) {
        var created = api.post("/v1/messages", toAndContent + ",\"schedule\":{\"in\":\"P1D\"}}")
                .expect(201);
        var shown = api.get("/v1/messages/" + created.at("/id"));
        assertThat(shown.json().get("to")).isEqualTo(created.json().get("to"));
        assertThat(shown.json().get("content")).isEqualTo(created.json().get("content"));
    }

    @Test
    void mail_is_sent_and_answered_only_as_the_tenants_settings_allow() {
        var writers = Api.of("writers");
        var shown = writers.post("/v1/messages", emailAs("Me@b.c", "you@Example.org"))
                .expect(201);
        assertThat(shown.at("/content/from")).isEqualTo("Me@b.c");
        assertThat(shown.at("/content/replyTo")).isEqualTo("you@Example.org");
        var refused = writers.post("/v1/messages", emailAs("you@b.c", "me@b.c")).expectProblem(422, "sender-refused");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("/content/from");
        writers.post("/v1/messages", emailAs("me@b.c", "me@sub.example.org")).expectProblem(422, "sender-refused");
        api.post("/v1/messages", emailAs("me@b.c", "me@b.c")).expectProblem(422, "sender-refused");
    }

    @Test
    void a_senders_name_is_kept_and_its_address_is_what_has_to_be_allowed() {
        var writers = Api.of("writers");
        var shown = writers.post("/v1/messages", emailAs("Ana Rao <me@b.c>", "\\\"Rao, Ana\\\" <you@example.org>"))
                .expect(201);
        assertThat(shown.at("/content/from")).isEqualTo("Ana Rao <me@b.c>");
        assertThat(shown.at("/content/replyTo")).isEqualTo("\"Rao, Ana\" <you@example.org>");
        writers.post("/v1/messages", emailAs("me@b.c <you@b.c>", "me@b.c")).expectProblem(422, "sender-refused");
        var refused = writers.post("/v1/messages", emailAs("Ana <me@b.c>, Ben <ben@b.c>", "me@b.c"))
                .expectProblem(422, "invalid-request");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("/content/from");
    }

    private static String emailAs(String from, String replyTo) {
        return """
                {"to":{"channel":"email","address":"a@b.c"},"schedule":{"in":"P1D"},
                 "content":{"text":"hi","from":"%s","replyTo":"%s"}}""".formatted(from, replyTo);
    }

    @Test
    void a_webhooks_body_keeps_its_numbers_digit_by_digit() {
        var created = api.post(
                        "/v1/messages",
                        "{\"to\":{\"channel\":\"webhook\",\"url\":\"https://example.org\"},\"schedule\":{\"in\":\"P1D\"},"
                                + "\"content\":{\"json\":{\"price\":1.50,\"big\":12345678901234567890}}}")
                .expect(201);
        assertThat(api.get("/v1/messages/" + created.at("/id")).text())
                .contains("\"json\":{\"price\":1.50,\"big\":12345678901234567890}");
    }

    @Test
    void all_that_can_be_said_of_a_message_is_kept() {
        var due = Instant.now().plus(2, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        var expires = due.plus(Duration.ofHours(1));
        var created = api.post("/v1/messages", Bodies.email("{\"at\":\"" + due + "\"}", """
                        ,"expiresAt":"%s","orderingKey":"patient-42","metadata":{"visit":"1234"},
                        "onFailure":{"channel":"webhook","url":"https://ops.example.org/hooks"}""".formatted(expires)))
                .expect(201);
        var shown = api.get("/v1/messages/" + created.at("/id"));
        assertThat(shown.at("/expiresAt")).isEqualTo(expires.toString());
        assertThat(shown.at("/orderingKey")).isEqualTo("patient-42");
        assertThat(shown.at("/metadata/visit")).isEqualTo("1234");
        assertThat(shown.at("/onFailure/url")).isEqualTo("https://ops.example.org/hooks");
    }

    @Test
    void a_list_has_the_tenants_own_messages_newest_first_page_by_page() {
        var created = IntStream.range(0, 7)
                .mapToObj(n -> schedule("{\"in\":\"P1D\"}").at("/id"))
                .toList();
        Api.of("another-tenant").post("/v1/messages", Bodies.farEmail()).expect(201);

        List<String> listed = new ArrayList<>();
        var cursor = "";
        int pages = 0;
        do {
            var page = api.get("/v1/messages?limit=3" + cursor).expect(200);
            assertThat(page.json().has("nextCursor")).isTrue();
            listed.addAll(ids(page));
            cursor = page.json().hasNonNull("nextCursor") ? "&cursor=" + page.at("/nextCursor") : null;
            pages++;
        } while (cursor != null);
        assertThat(listed).containsExactlyElementsOf(created.reversed());
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void a_list_is_filtered_by_everything_it_promises() {
        var email = api.post(
                        "/v1/messages", Bodies.email("{\"at\":\"2030-01-01T00:00:00Z\"}", ",\"orderingKey\":\"k\""))
                .expect(201)
                .at("/id");
        var telegram = api.post(
                        "/v1/messages",
                        "{\"to\":{\"channel\":\"telegram\",\"chatId\":1},\"content\":{\"text\":\"hi\"},"
                                + "\"schedule\":{\"at\":\"2031-01-01T00:00:00Z\"}}")
                .expect(201)
                .at("/id");
        api.post("/v1/messages/" + telegram + "/cancel").expect(200);

        assertThat(listed("status=scheduled")).containsExactly(email);
        assertThat(listed("status=cancelled")).containsExactly(telegram);
        assertThat(listed("channel=telegram")).containsExactly(telegram);
        assertThat(listed("dueFrom=2030-06-01T00:00:00Z")).containsExactly(telegram);
        assertThat(listed("dueTo=2030-06-01T00:00:00%2B02:00")).containsExactly(email);
        assertThat(listed("orderingKey=k")).containsExactly(email);
        assertThat(listed("source=api")).containsExactly(telegram, email);
        assertThat(listed("source=booking:4711")).isEmpty();
        assertThat(listed("scheduleId=" + UUID.randomUUID())).isEmpty();
        assertThat(listed("source=schedule&scheduleId=" + UUID.randomUUID())).isEmpty();
        var refused = api.get("/v1/messages?source=api&scheduleId=" + UUID.randomUUID())
                .expectProblem(400, "invalid-parameter");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("source");
        assertThat(listed("status=scheduled&channel=telegram")).isEmpty();
    }

    @Test
    void the_same_request_with_the_same_key_gets_the_first_answer_again_and_schedules_nothing() {
        var keyed = api.with("Idempotency-Key", "key-1");
        var body = Bodies.farEmail();
        var first = keyed.post("/v1/messages", body).expect(201);
        var again = keyed.post("/v1/messages", " " + body + " ").expect(201);

        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(again.at("/id")).isEqualTo(first.at("/id"));
        assertThat(listed("")).hasSize(1);
    }

    @Test
    void a_request_that_is_repeated_after_its_instant_still_gets_the_first_answer() {
        var keyed = api.with("Idempotency-Key", "near");
        var at = Instant.now().plusSeconds(1);
        var body = Bodies.email("{\"at\":\"" + at + "\"}");
        var first = keyed.post("/v1/messages", body).expect(201);
        await().until(() -> Instant.now().isAfter(at.plusMillis(100)));

        var again = keyed.post("/v1/messages", body).expect(201);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.at("/id")).isEqualTo(first.at("/id"));
        keyed.post("/v1/messages", Bodies.email("{\"at\":\"2001-01-01T00:00:00Z\"}"))
                .expectProblem(422, "idempotency-key-reused");
        api.with("Idempotency-Key", "another").post("/v1/messages", body).expectProblem(422, "due-in-the-past");
    }

    @Test
    void the_same_key_with_another_body_is_refused_and_of_another_tenant_it_is_another_key() {
        var key = "key-" + UUID.randomUUID();
        api.with("Idempotency-Key", key).post("/v1/messages", Bodies.farEmail()).expect(201);
        api.with("Idempotency-Key", key)
                .post("/v1/messages", Bodies.email("{\"in\":\"P2D\"}"))
                .expectProblem(422, "idempotency-key-reused");
        Api.of("another-tenant")
                .with("Idempotency-Key", key)
                .post("/v1/messages", Bodies.email("{\"in\":\"P2D\"}"))
                .expect(201);
    }

    @Test
    void of_many_concurrent_requests_with_one_key_one_schedules_and_none_waits() {
        var keyed = api.with("Idempotency-Key", "race");
        var answers = IntStream.range(0, 20)
                .mapToObj(n -> CompletableFuture.supplyAsync(() -> keyed.post("/v1/messages", Bodies.farEmail())))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(answers).allSatisfy(answer -> {
            if (answer.status() != 201) {
                answer.expectProblem(409, "request-in-progress");
            }
        });
        assertThat(answers.stream().filter(answer -> answer.status() == 201).map(answer -> answer.at("/id")))
                .isNotEmpty()
                .allMatch(listed("").getFirst()::equals);
        assertThat(listed("")).hasSize(1);
    }

    @Test
    void a_refused_request_may_be_tried_again_with_its_key() {
        var keyed = api.with("Idempotency-Key", "again");
        keyed.post("/v1/messages", Bodies.email("{\"at\":\"2001-01-01T00:00:00Z\"}"))
                .expectProblem(422, "due-in-the-past");
        keyed.post("/v1/messages", Bodies.farEmail()).expect(201);
    }

    private Answer schedule(String schedule) {
        return api.post("/v1/messages", Bodies.email(schedule)).expect(201);
    }

    private List<String> listed(String filter) {
        return ids(api.get("/v1/messages?" + filter).expect(200));
    }

    private static List<String> ids(Answer page) {
        return StreamSupport.stream(page.json().get("items").spliterator(), false)
                .map(item -> item.get("id").asText())
                .toList();
    }
}
