package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.DeadLetterFixture.as;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.carillon.delivery.support.DeadLetterFixture;
import dev.carillon.delivery.support.ShortWaits;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask for a redrive, or its end, and how. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class RedriveWishesQuarkusTest {
    private final DeadLetterFixture on = new DeadLetterFixture();
    private final String tenant = on.tenant;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void a_repeat_with_the_same_key_is_the_same_job() {
        on.dead(1);
        for (var replayed : new String[] {null, "true"}) {
            as(tenant, "operator")
                    .header("Idempotency-Key", "once")
                    .body("{\"ratePerSecond\":1}")
                    .post("/v1/dead-letters/redrive")
                    .then()
                    .statusCode(202)
                    .header("Idempotency-Replayed", equalTo(replayed));
        }
        as(tenant, "operator")
                .header("Idempotency-Key", "once")
                .body("{\"ratePerSecond\":2}")
                .post("/v1/dead-letters/redrive")
                .then()
                .statusCode(422)
                .body("type", equalTo("urn:carillon:problem:idempotency-key-reused"));
    }

    @Test
    void a_repeat_whose_job_has_been_forgotten_is_told_that_there_is_no_such_redrive() {
        String id = begunWith("forgotten").then().statusCode(202).extract().path("id");
        on.ended(id);
        on.database.execute("DELETE FROM redrive WHERE id = ?::uuid", id);

        begunWith("forgotten")
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:carillon:problem:not-found"))
                .body("detail", equalTo("No redrive has the id " + id));
    }

    private Response begunWith(String key) {
        return as(tenant, "operator").header("Idempotency-Key", key).body("{}").post("/v1/dead-letters/redrive");
    }

    @Test
    void a_stop_that_is_repeated_with_its_key_is_the_same_stop() {
        on.dead(2);
        String id =
                on.redrive("{\"ratePerSecond\":1}").statusCode(202).extract().path("id");
        for (var replayed : new String[] {null, "true"}) {
            as(tenant, "operator")
                    .header("Idempotency-Key", "halt")
                    .post("/v1/redrives/" + id + "/stop")
                    .then()
                    .statusCode(200)
                    .header("Idempotency-Replayed", equalTo(replayed))
                    .body("id", equalTo(id))
                    .body("state", not(equalTo("running")));
        }
        as(tenant, "operator")
                .header("Idempotency-Key", "a b")
                .post("/v1/redrives/" + id + "/stop")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:carillon:problem:idempotency-key-malformed"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ratePerSecond\":0}|422|invalid-request|/ratePerSecond",
                "{\"ratePerSecond\":1001}|422|invalid-request|/ratePerSecond",
                "{\"filter\":{\"channel\":\"pigeon\"}}|422|invalid-request|/filter/channel",
                "{\"filter\":{\"from\":\"yesterday\"}}|422|invalid-request|/filter/from",
                "{\"filter\":{\"colour\":\"red\"}}|400|unknown-field|/filter/colour",
                "{\"filter\":{\"messageId\":\"x\"}}|400|invalid-field|/filter/messageId",
                // Taken for no filter, it would be all of the tenant's.
                "{\"filter\":{\"messageId\":\"\"}}|400|invalid-field|/filter/messageId",
                "{\"dryRun\":\"yes\"}|400|invalid-field|/dryRun",
            })
    void a_bad_wish_is_refused_by_its_name(String body, int status, String slug, String pointer) {
        on.redrive(body)
                .statusCode(status)
                .body("type", equalTo("urn:carillon:problem:" + slug))
                .body("errors[0].pointer", equalTo(pointer));
    }

    @Test
    void a_redrive_is_its_tenants_and_a_viewer_begins_and_stops_none() {
        on.dead(1);
        String id = on.redrive("{}").statusCode(202).extract().path("id");
        for (var path : List.of("/v1/redrives/" + id, "/v1/redrives/" + UUID.randomUUID())) {
            as("somebody-else", "admin").get(path).then().statusCode(404);
            as("somebody-else", "admin").post(path + "/stop").then().statusCode(404);
        }
        as(tenant, "viewer").post("/v1/redrives/" + id + "/stop").then().statusCode(403);
        as(tenant, "viewer").body("{}").post("/v1/dead-letters/redrive").then().statusCode(403);
        as(tenant, "operator").post("/v1/dead-letters/redrive").then().statusCode(400);
    }
}
