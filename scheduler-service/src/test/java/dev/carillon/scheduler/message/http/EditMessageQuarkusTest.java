package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Delivery;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class EditMessageQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String LATER = "{\"schedule\":{\"in\":\"P2D\"}}";

    private final Api api = Api.of("acme-" + UUID.randomUUID());
    private final Delivery delivery = new Delivery();

    @AfterEach
    void close() {
        delivery.close();
    }

    private String created(String body) {
        return api.post("/v1/messages", body).expect(201).at("/id");
    }

    private Answer patch(String id, String body) {
        return api.patch("/v1/messages/" + id, body);
    }

    private CompletableFuture<Answer> patching(String id, String body) {
        var answer = CompletableFuture.supplyAsync(() -> patch(id, body));
        awaitStatus(id, "recalling");
        return answer;
    }

    private void awaitStatus(String id, String status) {
        await().atMost(PATIENCE)
                .until(() -> status.equals(api.get("/v1/messages/" + id).at("/status")));
    }

    @Test
    void what_nobody_else_has_is_changed_at_once() {
        var id = created(Bodies.email("{\"in\":\"P1D\"}", ",\"metadata\":{\"visit\":\"1\",\"room\":\"2\"}"));
        var edited = patch(
                        id,
                        "{\"content\":{\"subject\":\"New\"},\"metadata\":{\"room\":null,\"floor\":\"3\"},"
                                + "\"schedule\":{\"at\":\"2040-07-01T09:00\",\"zone\":\"Europe/Berlin\"},\"expiresAt\":\"2040-07-02T00:00:00Z\"}")
                .expect(200);
        assertThat(edited.at("/content/subject")).isEqualTo("New");
        assertThat(edited.at("/content/text")).isEqualTo("See you at 9.");
        assertThat(edited.json().at("/metadata")).hasToString("{\"visit\":\"1\",\"floor\":\"3\"}");
        assertThat(edited.at("/dueAt")).isEqualTo("2040-07-01T07:00:00Z");
        assertThat(edited.at("/zone")).isEqualTo("Europe/Berlin");
        assertThat(edited.at("/expiresAt")).isEqualTo("2040-07-02T00:00:00Z");
        assertThat(edited.header("ETag")).hasValue("\"2\"");
        assertThat(api.get("/v1/messages/" + id).expect(200).json()).isEqualTo(edited.json());
        assertThat(Outbox.typesAbout(id)).isEmpty();
    }

    @Test
    void messages_of_every_channel_can_be_changed() {
        var later = "\"schedule\":{\"in\":\"P2D\"}";
        var telegram = created("{\"to\":{\"channel\":\"telegram\",\"chatId\":\"42\"},\"content\":{\"text\":\"Hi\"},"
                + "\"schedule\":{\"in\":\"P1D\"}}");
        assertThat(patch(telegram, "{\"content\":{\"text\":\"Ho\"}," + later + "}")
                        .expect(200)
                        .at("/content/text"))
                .isEqualTo("Ho");
        var webhook = created("{\"to\":{\"channel\":\"webhook\",\"url\":\"https://hooks.example.org/\"},"
                + "\"content\":{\"json\":{\"a\":1,\"b\":2}},\"schedule\":{\"in\":\"P1D\"}}");
        assertThat(patch(webhook, "{\"content\":{\"json\":{\"a\":null,\"c\":3}}," + later + "}")
                        .expect(200)
                        .json()
                        .at("/content/json"))
                .hasToString("{\"b\":2,\"c\":3}");
    }

    @Test
    void html_gives_way_to_markdown_and_does_not_stay_beside_it() {
        var id = created("{\"to\":{\"channel\":\"telegram\",\"chatId\":\"42\"},\"content\":{\"html\":\"<b>Hi</b>\"},"
                + "\"schedule\":{\"in\":\"P1D\"}}");
        var both = patch(id, "{\"content\":{\"markdown\":\"*Hi*\"}}").expectProblem(422, "invalid-request");
        assertThat(both.at("/errors/0/pointer")).isEqualTo("/content/markdown");
        var edited =
                patch(id, "{\"content\":{\"html\":null,\"markdown\":\"*Hi*\"}}").expect(200);
        assertThat(edited.json().at("/content")).hasToString("{\"markdown\":\"*Hi*\",\"attachments\":[]}");
    }

    @Test
    void a_message_does_not_grow_by_changes_beyond_what_a_request_may_be() {
        var id = created("{\"to\":{\"channel\":\"webhook\",\"url\":\"https://hooks.example.org/\"},"
                + "\"content\":{\"json\":{\"a\":\"" + "x".repeat(200_000) + "\"}},\"schedule\":{\"in\":\"P1D\"}}");
        var more = "{\"content\":{\"json\":{\"b\":\"" + "x".repeat(100_000) + "\"}}}";
        patch(id, more).expectProblem(413, "body-too-large");
    }

    @Test
    void a_message_moved_inside_the_lead_is_handed_over_with_its_new_content() {
        var id = created(Bodies.farEmail());
        var edited = patch(id, "{\"content\":{\"text\":\"Now!\"},\"schedule\":{\"now\":true}}")
                .expect(200);
        assertThat(edited.at("/status")).isEqualTo("staged");
        var staged = Outbox.about(id).getFirst();
        assertThat(staged.type()).isEqualTo("carillon.message.staged.v1");
        assertThat(staged.payload().at("/content/text").asText()).isEqualTo("Now!");
        assertThat(staged.payload().at("/generation").asInt()).isEqualTo(1);
    }

    @Test
    void one_that_delivery_has_is_called_back_and_changed_when_delivery_gives_it_up() {
        var id = created(Bodies.nearEmail());
        delivery.says("accepted", id, 1, 1, 0);
        var answer = patching(id, "{\"content\":{\"text\":\"Later\"},\"schedule\":{\"in\":\"P2D\"}}");
        assertThat(Outbox.typesAbout(id)).containsExactly("carillon.message.staged.v1", "carillon.message.recalled.v1");
        assertThat(Outbox.about(id).getLast().payload().at("/unlessAttempted").asBoolean())
                .isTrue();

        delivery.says("recalled", id, 1, 2, 0);

        var edited = answer.join().expect(200);
        assertThat(edited.at("/status")).isEqualTo("scheduled");
        assertThat(edited.at("/content/text")).isEqualTo("Later");
        assertThat(edited.json().has("stagedAt")).isFalse();
        assertThat(edited.json().has("deliveryId")).isFalse();
        assertThat(edited.header("ETag")).hasValue("\"2\"");
        patch(id, "{\"schedule\":{\"now\":true}}").expect(200);
        assertThat(Outbox.about(id).getLast().payload().at("/generation").asInt())
                .isEqualTo(2);
    }

    @Test
    void one_that_stays_near_is_handed_over_again_as_the_next_generation_and_its_news_count() {
        var id = created(Bodies.nearEmail());
        delivery.says("accepted", id, 1, 1, 0);
        var answer = patching(id, "{\"content\":{\"text\":\"Otherwise\"}}");
        delivery.says("recalled", id, 1, 2, 0);
        assertThat(answer.join().expect(200).at("/status")).isEqualTo("staged");

        delivery.says("recalled", id, 1, 3, 0);
        delivery.says("accepted", id, 2, 1, 0);
        delivery.says("delivered", id, 2, 2, 1);
        awaitStatus(id, "delivered");
        assertThat(Outbox.typesAbout(id))
                .containsExactly(
                        "carillon.message.staged.v1",
                        "carillon.message.recalled.v1",
                        "carillon.message.staged.v1",
                        "carillon.message.delivered.v1");
    }

    @Test
    void a_change_that_comes_when_the_attempt_has_begun_is_refused_and_forgotten() {
        var id = created(Bodies.nearEmail());
        var answer = patching(id, LATER);
        delivery.says("recall-refused", id, 1, 1, 1);
        assertThat(answer.join().expect(409).at("/type")).endsWith("already-fired");
        delivery.says("retry-scheduled", id, 1, 2, 1);
        assertThat(patch(id, LATER).expect(409).at("/type")).endsWith("already-fired");
        assertThat(api.get("/v1/messages/" + id).at("/status")).isEqualTo("delivering");

        // What delivery has ended is ended, and the wish does not come back by it.
        delivery.says("recalled", id, 1, 3, 0);
        awaitStatus(id, "cancelled");
        assertThat(Outbox.typesAbout(id))
                .containsExactly(
                        "carillon.message.staged.v1", "carillon.message.recalled.v1", "carillon.message.cancelled.v1");
    }

    @Test
    void the_wish_survives_whoever_waits() {
        var id = created(Bodies.nearEmail());
        var late = patch(id, LATER).expect(202);
        assertThat(late.at("/status")).isEqualTo("recalling");
        assertThat(patch(id, "{\"schedule\":{\"in\":\"P3D\"}}").expect(409).at("/type"))
                .endsWith("recall-pending");

        delivery.says("recalled", id, 1, 1, 0);
        awaitStatus(id, "scheduled");
    }

    @Test
    void a_cancel_overtakes_a_change_that_waits() {
        var id = created(Bodies.nearEmail());
        patch(id, LATER).expect(202);
        var cancelled = CompletableFuture.supplyAsync(() -> api.post("/v1/messages/" + id + "/cancel", ""));
        await().atMost(PATIENCE)
                .until(() -> "3".equals(api.get("/v1/messages/" + id).at("/version")));
        delivery.says("recalled", id, 1, 1, 0);
        assertThat(cancelled.join().expect(200).at("/status")).isEqualTo("cancelled");
        assertThat(Outbox.typesAbout(id))
                .containsExactly(
                        "carillon.message.staged.v1", "carillon.message.recalled.v1", "carillon.message.cancelled.v1");
        assertThat(patch(id, LATER).expect(409).at("/detail")).isEqualTo("It is cancelled");
    }

    @Test
    void who_means_another_revision_or_another_tenants_message_changes_nothing() {
        var id = created(Bodies.farEmail());
        assertThat(api.with("If-Match", "\"7\"")
                        .patch("/v1/messages/" + id, LATER)
                        .expect(412)
                        .at("/type"))
                .endsWith("version-mismatch");
        api.with("If-Match", "\"1\"").patch("/v1/messages/" + id, LATER).expect(200);
        Api.of("other-" + UUID.randomUUID()).patch("/v1/messages/" + id, LATER).expect(404);
        assertThat(patch(id, "{}").expect(200).header("ETag")).hasValue("\"2\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 400 | ''",
                "[] | 400 | ''",
                "{\"colour\":1} | 400 | /colour",
                "{\"metadata\":{\"a\":1}} | 400 | /metadata/a",
                "{\"to\":{\"channel\":\"email\",\"address\":\"bo@example.org\"}} | 422 | /to",
                "{\"orderingKey\":null} | 422 | /orderingKey",
                "{\"schedule\":null} | 422 | /schedule",
                "{\"content\":null} | 422 | /content",
                "{\"content\":{\"text\":null}} | 422 | /content",
                "{\"content\":{\"json\":{}}} | 422 | /content/json",
                "{\"schedule\":{\"at\":\"2020-01-01T00:00:00Z\"}} | 422 | /schedule/at",
                "{\"expiresAt\":\"2020-01-01T00:00:00Z\"} | 422 | /expiresAt"
            })
    void what_is_wrong_with_a_change_is_said_and_nothing_changes(String body, int status, String pointer) {
        var id = created(Bodies.farEmail());
        var answer = patch(id, body).expect(status);
        if (!pointer.isEmpty()) {
            assertThat(answer.at("/errors/0/pointer")).isEqualTo(pointer);
        }
        assertThat(api.get("/v1/messages/" + id).expect(200).header("ETag")).hasValue("\"1\"");
    }
}
