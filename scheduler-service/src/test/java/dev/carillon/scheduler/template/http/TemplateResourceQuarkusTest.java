package dev.carillon.scheduler.template.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class TemplateResourceQuarkusTest {
    private static final String PATH = "/v1/templates";

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);

    private static String body(String name, String text) {
        return "{\"name\":\"%s\",\"subject\":\"For {name}\",\"text\":\"%s\"}".formatted(name, text);
    }

    @Test
    void a_template_is_created_read_and_changed_by_versions_that_stay_what_they_were() {
        var created = api.post(PATH, body("visit", "See you at {time}.")).expect(201);
        assertThat(created.header("Location").orElseThrow()).endsWith("/v1/templates/visit");
        assertThat(created.header("ETag")).hasValue("\"1\"");
        assertThat(created.json().at("/placeholders")).hasToString("[\"name\",\"time\"]");
        assertThat(api.get(PATH + "/visit").expect(200).json()).isEqualTo(created.json());

        var changed = api.with("If-Match", "\"1\"")
                .patch(PATH + "/visit", "{\"subject\":null,\"text\":\"At {time}.\"}")
                .expect(200);
        assertThat(changed.header("ETag")).hasValue("\"2\"");
        assertThat(changed.json().has("subject")).isFalse();
        assertThat(api.get(PATH + "/visit").expect(200).at("/text")).isEqualTo("At {time}.");
        var first = api.get(PATH + "/visit/versions/1").expect(200);
        assertThat(first.at("/text")).isEqualTo("See you at {time}.");
        assertThat(first.at("/latestVersion")).isEqualTo("2");

        api.with("If-Match", "\"1\"")
                .patch(PATH + "/visit", "{\"text\":\"lost\"}")
                .expectProblem(412, "version-mismatch");
        assertThat(api.patch(PATH + "/visit", "{\"text\":\"At {time}.\"}")
                        .expect(200)
                        .at("/version"))
                .as("nothing is another, so there is no other version")
                .isEqualTo("2");
        api.get(PATH + "/visit/versions/3").expectProblem(404, "not-found");
        api.get(PATH + "/visit/versions/x").expectProblem(404, "not-found");
        api.get(PATH + "/nothing").expectProblem(404, "not-found");
        api.get(PATH + "/no%20name").expectProblem(404, "not-found");
    }

    @Test
    void markdown_may_be_all_that_a_template_has_and_is_kept_and_changed_like_the_others() {
        var created =
                api.post(PATH, "{\"name\":\"bold\",\"markdown\":\"*{time}*\"}").expect(201);
        assertThat(created.json().at("/placeholders")).hasToString("[\"time\"]");
        var worded = api.patch(PATH + "/bold", "{\"text\":\"{time}\"}").expect(200);
        assertThat(worded.at("/markdown")).isEqualTo("*{time}*");
        var changed = api.patch(PATH + "/bold", "{\"markdown\":\"_{time}_\"}").expect(200);
        assertThat(changed.at("/version")).isEqualTo("3");
        assertThat(api.get(PATH + "/bold").expect(200).at("/markdown")).isEqualTo("_{time}_");
        var first = api.get(PATH + "/bold/versions/1").expect(200);
        assertThat(first.at("/markdown")).isEqualTo("*{time}*");
        assertThat(first.json().has("text")).isFalse();
    }

    @Test
    void changes_that_come_at_once_make_a_version_each() {
        api.post(PATH, body("busy", "0")).expect(201);
        IntStream.range(1, 9)
                .mapToObj(n -> CompletableFuture.runAsync(() ->
                        api.patch(PATH + "/busy", "{\"text\":\"" + n + "\"}").expect(200)))
                .toList()
                .forEach(CompletableFuture::join);
        assertThat(api.get(PATH + "/busy").at("/version")).isEqualTo("9");
    }

    @Test
    void a_retired_template_can_be_read_and_comes_back_with_its_next_version() {
        api.post(PATH, body("old", "one")).expect(201);
        api.delete(PATH + "/old").expect(204);
        api.delete(PATH + "/old").expect(204);
        assertThat(api.get(PATH).expect(200).json().at("/items")).isEmpty();
        assertThat(api.get(PATH + "?retired=true").expect(200).json().at("/items"))
                .hasSize(1);
        assertThat(api.get(PATH + "/old").expect(200).at("/retiredAt")).isNotBlank();
        api.patch(PATH + "/old", "{\"text\":\"two\"}").expectProblem(409, "template-retired");

        var back = api.post(PATH, body("old", "two")).expect(201);
        assertThat(back.at("/version")).isEqualTo("2");
        assertThat(back.json().has("retiredAt")).isFalse();
        assertThat(api.get(PATH + "/old/versions/1").expect(200).at("/text")).isEqualTo("one");
        api.post(PATH, body("old", "three")).expectProblem(409, "template-exists");
    }

    @Test
    void a_key_replays_the_creation_and_a_list_goes_on_by_its_cursor() {
        var keyed = api.with("Idempotency-Key", "k");
        var first = keyed.post(PATH, body("a", "t")).expect(201);
        var again = keyed.post(PATH, body("a", "t")).expect(201);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        keyed.post(PATH, body("a", "other")).expectProblem(422, "idempotency-key-reused");

        api.post(PATH, body("b", "t")).expect(201);
        api.post(PATH, body("c", "t")).expect(201);
        var page = api.get(PATH + "?limit=2").expect(200);
        assertThat(page.at("/items/0/name") + page.at("/items/1/name")).isEqualTo("cb");
        var rest = api.get(PATH + "?limit=2&cursor=" + page.at("/nextCursor")).expect(200);
        assertThat(rest.json().at("/items")).hasSize(1);
        assertThat(rest.at("/items/0/name")).isEqualTo("a");
    }

    @Test
    void another_tenant_has_other_templates_and_a_viewer_writes_none() {
        api.post(PATH, body("mine", "t")).expect(201);
        var other = Api.of("other-" + UUID.randomUUID());
        other.get(PATH + "/mine").expectProblem(404, "not-found");
        other.patch(PATH + "/mine", "{\"text\":\"x\"}").expectProblem(404, "not-found");
        other.delete(PATH + "/mine").expectProblem(404, "not-found");
        other.post(PATH, body("mine", "theirs")).expect(201);
        assertThat(api.get(PATH + "/mine").at("/text")).isEqualTo("t");

        var viewer = Api.as(Token.of(tenant, "viewer"));
        viewer.get(PATH + "/mine").expect(200);
        viewer.post(PATH, body("v", "t")).expectProblem(403, "forbidden");
        Api.anonymous().get(PATH).expectProblem(401, "unauthenticated");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{}; /name; 1 to 100",
                "{\"name\":\"a\"}; ``; needs text, html or markdown",
                "{\"name\":\"a b\",\"text\":\"t\"}; /name; 1 to 100",
                "{\"name\":\"a@1\",\"text\":\"t\"}; /name; 1 to 100",
                "{\"name\":\"a\",\"subject\":\"x\\ny\",\"text\":\"t\"}; /subject; no line breaks",
                "{\"name\":\"a\",\"text\":\"Hello {name\"}; /text; position 6",
                "{\"name\":\"a\",\"html\":\"<p>{}</p>\"}; /html; position 3",
                "{\"name\":\"a\",\"markdown\":\"*{}*\"}; /markdown; position 1"
            })
    void what_cannot_be_a_template_is_refused_with_what_is_wrong(String body, String pointer, String detail) {
        var refused = api.post(PATH, body).expectProblem(422, "invalid-request");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo(pointer);
        assertThat(refused.at("/errors/0/detail")).contains(detail);
    }

    @Test
    void a_template_grows_by_no_change_beyond_what_a_request_may_be() {
        api.post(PATH, body("big", "x".repeat(200_000))).expect(201);
        api.patch(PATH + "/big", "{\"html\":\"" + "x".repeat(100_000) + "\"}").expectProblem(413, "body-too-large");
        api.patch(PATH + "/big", "{\"name\":\"other\"}").expectProblem(422, "invalid-request");
        api.patch(PATH + "/big", "{\"colour\":\"red\"}").expectProblem(400, "unknown-field");
        api.patch(PATH + "/big", "{\"text\":null}").expectProblem(422, "invalid-request");
    }
}
