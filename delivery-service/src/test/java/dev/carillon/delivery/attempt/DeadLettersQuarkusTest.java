package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.DeadLetterFixture.PATIENCE;
import static dev.carillon.delivery.support.DeadLetterFixture.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.delivery.support.DeadLetterFixture;
import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.ShortWaits;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code /v1/dead-letters} lists and counts. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class DeadLettersQuarkusTest {
    @Inject
    RedriveStore redrives;

    private final DeadLetterFixture on = new DeadLetterFixture();
    private final DeliveryDatabase database = on.database;
    private final String tenant = on.tenant;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void dead_letters_are_counted_and_the_number_is_told() {
        on.dead(2);
        assertThat(redrives.standing().await().atMost(PATIENCE)).isGreaterThanOrEqualTo(2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(given().get("/q/metrics").asString())
                        .containsPattern("(?m)^carillon_delivery_dead [0-9.]+"));
    }

    @Test
    void dead_letters_are_listed_with_their_attempts_and_narrowed_by_filters() {
        var letters = on.dead(2);
        var one = letters.getFirst();
        as(tenant, "viewer")
                .get("/v1/dead-letters")
                .then()
                .statusCode(200)
                .body(
                        "items.messageId",
                        hasItems(letters.stream().map(m -> m.id().toString()).toArray()))
                .body("items", hasSize(2))
                .body("items[0].status", equalTo("dead"))
                .body("items[0].attempts[0].number", equalTo(1))
                .body("items[0].attempts[0].providerStatus", equalTo(400))
                .body("items[0].attempts[0].error", notNullValue())
                .body("items[0].attempts[0].traceId", equalTo("4bf92f3577b34da6a3ce929d0e0e4736"));
        as(tenant, "viewer")
                .get("/v1/dead-letters?destination=" + one.to().getString("url"))
                .then()
                .body("items.messageId", equalTo(List.of(one.id().toString())));
        as(tenant, "viewer").get("/v1/dead-letters?channel=email").then().body("items", hasSize(0));
        as("somebody-else", "viewer").get("/v1/dead-letters").then().body("items", hasSize(0));
        String cursor = as(tenant, "viewer").get("/v1/dead-letters?limit=1").path("nextCursor");
        as(tenant, "viewer")
                .get("/v1/dead-letters?limit=1&cursor=" + cursor)
                .then()
                .body("items", hasSize(1))
                .body("nextCursor", equalTo(null));
    }

    @Test
    void a_dry_run_counts_no_further_than_a_hundred_thousand() {
        database.execute("""
                INSERT INTO delivery (id, tenant, message_id, generation, status, version, channel, destination, content, due_at, attempt_at,
                                      ended_at, created_at)
                SELECT gen_random_uuid(), ?, gen_random_uuid(), 1, 'dead', 1, 'email', '{}', '{}', now(), now(), now(), now()
                FROM generate_series(1, 100001)
                """, tenant);
        try {
            on.redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(100_000));
        } finally {
            database.execute("DELETE FROM delivery WHERE tenant = ?", tenant);
        }
    }

    @Test
    void a_destination_may_be_as_long_as_a_url() {
        var longest = "https://example.org/" + "x".repeat(2_028);
        var wish = "{\"dryRun\":true,\"filter\":{\"destination\":\"%s\"}}";
        on.redrive(wish.formatted(longest)).statusCode(200).body("count", equalTo(0));
        on.redrive(wish.formatted(longest + "x"))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/filter/destination"));
        as(tenant, "viewer")
                .get("/v1/dead-letters?destination=" + longest)
                .then()
                .statusCode(200);
    }

    @Test
    void what_has_expired_is_neither_counted_nor_redriven_nor_retried() {
        var letter = on.dead(1).getFirst();
        var id = on.idOf(letter);
        database.execute(
                "UPDATE delivery SET expires_at = clock_timestamp() - interval '1 second' WHERE id = ?",
                UUID.fromString(id));

        on.redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(0));
        assertThat(on.ended(on.redrive("{}").statusCode(202).extract().path("id"))
                        .getInt("redriven"))
                .isZero();
        as(tenant, "operator")
                .post("/v1/deliveries/" + id + "/retry")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:delivery-expired"))
                .body("expiresAt", notNullValue());
        assertThat(database.types(letter.id())).last().isEqualTo("dead-lettered");
    }
}
