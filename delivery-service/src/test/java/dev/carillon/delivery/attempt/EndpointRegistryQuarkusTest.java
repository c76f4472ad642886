package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.EndpointFixture.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;

import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.EndpointFixture;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.ShortWaits;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code /v1/endpoints}: who registers, reads and changes one, and the secrets that go with it. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class EndpointRegistryQuarkusTest {
    private final EndpointFixture on = new EndpointFixture();
    private final DeliveryDatabase database = on.database;
    private final Receiver receiver = on.receiver;
    private final String tenant = on.tenant;
    private final String path = on.path;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void an_endpoint_is_registered_and_its_secret_shown_once_and_kept_encrypted() {
        var body = "{\"url\":\"%s\",\"description\":\"orders\"}".formatted(receiver.url(path));
        var first = as(tenant, "operator")
                .header("Idempotency-Key", "once")
                .body(body)
                .post("/v1/endpoints")
                .then()
                .statusCode(201)
                .header("ETag", equalTo("\"1\""))
                .body("secret", startsWith("whsec_"))
                .body("status", equalTo("enabled"))
                .body("receives", equalTo("messages"));
        String id = first.extract().path("id");
        String secret = first.extract().path("secret");
        first.header("Location", endsWith("/v1/endpoints/" + id));

        as(tenant, "operator")
                .header("Idempotency-Key", "once")
                .body(body)
                .post("/v1/endpoints")
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", equalTo("true"))
                .body("id", equalTo(id))
                .body("secret", nullValue());
        on.read(id)
                .statusCode(200)
                .body("url", equalTo(receiver.url(path).toString()))
                .body("secret", nullValue());
        as(tenant, "viewer")
                .get("/v1/endpoints")
                .then()
                .body("items.id", equalTo(List.of(id)))
                .body("items[0].secret", nullValue());
        assertThat(database.toldOfEndpoint(id)).containsExactly("created");
        assertThat(database.texts(
                        "SELECT encode(ciphertext, 'escape') FROM endpoint_secret WHERE endpoint_id = ?",
                        UUID.fromString(id)))
                .hasSize(1)
                .noneMatch(stored -> stored.contains(secret.substring("whsec_".length())) || stored.contains("whsec"));
    }

    @Test
    void only_so_many_secrets_sign_at_once_and_a_refused_rotation_changes_nothing() {
        String id = on.registered().getString("id");
        for (int rotation = 1; rotation < 5; rotation++) {
            on.act(id, "rotate-secret").statusCode(200);
        }
        on.act(id, "rotate-secret").statusCode(409).body("type", equalTo("urn:carillon:problem:too-many-secrets"));
        assertThat(database.texts(
                        "SELECT id::text FROM endpoint_secret WHERE endpoint_id = ? AND expires_at IS NULL",
                        UUID.fromString(id)))
                .hasSize(1);
        on.read(id).header("ETag", equalTo("\"5\""));
    }

    @Test
    void what_goes_to_an_endpoint_that_is_not_the_tenants_own_fails_by_name() {
        String others = as("somebody-else", "operator")
                .body("{\"url\":\"%s\"}".formatted(receiver.url(path)))
                .post("/v1/endpoints")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String deleted = on.registered().getString("id");
        as(tenant, "operator").delete("/v1/endpoints/" + deleted).then().statusCode(204);
        on.read(deleted).statusCode(404);
        for (var id : List.of(others, deleted, UUID.randomUUID().toString())) {
            var message = on.stage(id);
            on.awaitLast(message, "dead-lettered");
            var told = database.told(message.id()).getLast().payload();
            assertThat(told.getString("error")).contains("the tenant has no endpoint " + id);
        }
        assertThat(receiver.calls(path)).isEmpty();
        assertThat(database.toldOfEndpoint(deleted)).containsExactly("created", "deleted");
    }

    @Test
    void a_tenant_has_so_many_endpoints_and_of_several_at_once_not_one_more() {
        for (int number = 1; number < 4; number++) {
            on.registered();
        }
        var body = "{\"url\":\"%s\"}".formatted(receiver.url(path));
        var statuses = IntStream.range(0, 3)
                .mapToObj(racer -> CompletableFuture.supplyAsync(
                        () -> on.register(body).extract().statusCode()))
                .toList();
        assertThat(statuses.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(201, 409, 409);
        on.register(body).statusCode(409).body("type", equalTo("urn:carillon:problem:too-many-endpoints"));
        String one = as(tenant, "viewer").get("/v1/endpoints").path("items[0].id");
        as(tenant, "operator").delete("/v1/endpoints/" + one).then().statusCode(204);
        on.register(body).statusCode(201);
    }

    @Test
    void a_change_is_a_merge_patch_of_the_version_that_its_client_knows() {
        String id = on.registered().getString("id");
        var elsewhere = "/" + UUID.randomUUID();
        var patch = "{\"url\":\"%s\",\"description\":null}".formatted(receiver.url(elsewhere));
        as(tenant, "operator")
                .header("If-Match", "\"7\"")
                .body(patch)
                .patch("/v1/endpoints/" + id)
                .then()
                .statusCode(412)
                .body("type", equalTo("urn:carillon:problem:version-mismatch"));
        as(tenant, "operator")
                .header("If-Match", "\"1\"")
                .body(patch)
                .contentType("application/merge-patch+json")
                .patch("/v1/endpoints/" + id)
                .then()
                .statusCode(200)
                .header("ETag", equalTo("\"2\""))
                .body("description", nullValue());
        on.awaitLast(on.stage(id), "delivered");
        assertThat(receiver.calls(elsewhere)).hasSize(1);
        assertThat(receiver.calls(path)).isEmpty();
        for (var action : List.of("disable", "enable", "rotate-secret")) {
            as(tenant, "operator")
                    .header("If-Match", "\"1\"")
                    .post("/v1/endpoints/" + id + "/" + action)
                    .then()
                    .statusCode(412);
        }
        as(tenant, "operator")
                .header("If-Match", "\"1\"")
                .delete("/v1/endpoints/" + id)
                .then()
                .statusCode(412);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|422|invalid-request|/url",
                "{\"url\":\"ftp://example.org\"}|422|invalid-request|/url",
                "{\"url\":\"https://u:p@example.org\"}|422|invalid-request|/url",
                "{\"url\":\"not a url\"}|422|invalid-request|/url",
                "{\"url\":\"http://10.0.0.1/\"}|422|destination-refused|/url",
                "{\"url\":\"http://3232235777/\"}|422|destination-refused|/url",
                "{\"url\":\"https://example.org\",\"secret\":\"sesame\"}|422|invalid-request|/secret",
                "{\"url\":\"https://example.org\",\"secret\":\"whsec_c2hvcnQ=\"}|422|invalid-request|/secret",
                "{\"url\":\"https://example.org\",\"receives\":\"all\"}|422|invalid-request|/receives",
                "{\"url\":\"https://example.org\",\"description\":\"a\\nb\"}|422|invalid-request|/description",
                "{\"url\":\"https://example.org\",\"colour\":\"red\"}|400|unknown-field|/colour",
                "{\"url\":7}|400|invalid-field|/url",
            })
    void a_bad_endpoint_is_refused_by_its_name(String body, int status, String slug, String pointer) {
        on.register(body)
                .statusCode(status)
                .body("type", equalTo("urn:carillon:problem:" + slug))
                .body("errors[0].pointer", equalTo(pointer));
    }

    /** Where Java finds no host in it, it is no URL with a host; otherwise its host is refused. */
    @ParameterizedTest
    @MethodSource("dev.carillon.kit.testing.http.InnerUrls#all")
    void an_endpoint_at_an_inner_address_is_refused_in_whatever_form_it_is_written(String url) {
        on.register("{\"url\":\"%s\"}".formatted(url))
                .statusCode(422)
                .body("type", oneOf("urn:carillon:problem:destination-refused", "urn:carillon:problem:invalid-request"))
                .body("errors[0].pointer", equalTo("/url"));
    }

    @Test
    void a_patch_is_refused_by_the_names_of_its_faults() {
        String id = on.registered().getString("id");
        for (var bad : Map.of(
                        "{\"secret\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}", 422,
                        "{\"url\":null}", 422,
                        "{\"status\":\"disabled\"}", 400,
                        "[]", 400)
                .entrySet()) {
            as(tenant, "operator")
                    .body(bad.getKey())
                    .patch("/v1/endpoints/" + id)
                    .then()
                    .statusCode(bad.getValue())
                    .contentType("application/problem+json");
        }
        on.read(id).header("ETag", equalTo("\"1\""));
    }

    @Test
    void an_endpoint_is_its_tenants_and_a_viewer_changes_none() {
        String id = on.registered().getString("id");
        as("somebody-else", "admin").get("/v1/endpoints/" + id).then().statusCode(404);
        as("somebody-else", "admin").delete("/v1/endpoints/" + id).then().statusCode(404);
        as("somebody-else", "admin")
                .body("{}")
                .patch("/v1/endpoints/" + id)
                .then()
                .statusCode(404);
        for (var action : List.of("rotate-secret", "disable", "enable", "ping")) {
            as("somebody-else", "admin")
                    .post("/v1/endpoints/" + id + "/" + action)
                    .then()
                    .statusCode(404);
            as(tenant, "viewer")
                    .post("/v1/endpoints/" + id + "/" + action)
                    .then()
                    .statusCode(403);
        }
        as(tenant, "viewer").body("{}").post("/v1/endpoints").then().statusCode(403);
        as("somebody-else", "viewer")
                .get("/v1/endpoints")
                .then()
                .body("items.id.contains('" + id + "')", equalTo(false));
        given().get("/v1/endpoints").then().statusCode(401);
    }
}
