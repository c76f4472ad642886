package dev.carillon.relay.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.carillon.kit.testing.identity.Issuer;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.log.LogLines;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The kit's {@code /v1/log-levels}, in the service that starts soonest. */
@QuarkusTest
@QuarkusTestResource(Issuer.class)
@QuarkusTestResource(RelayUnderTest.class)
class LogLevelsQuarkusTest {
    private static final String CATEGORY = "org.apache.kafka";

    @Test
    void a_level_is_changed_shown_and_given_back() {
        as("admin").get("/v1/log-levels/" + CATEGORY).then().statusCode(200).body("level", equalTo("WARN"));

        put(CATEGORY, "{\"level\":\"ERROR\"}")
                .then()
                .statusCode(200)
                .body("level", equalTo("ERROR"))
                .body("changedBy", notNullValue())
                .body("configured", equalTo("WARN"))
                .body("until", nullValue());
        as("admin")
                .get("/v1/log-levels")
                .then()
                .statusCode(200)
                .body("items.find { it.category == '%s' }.level".formatted(CATEGORY), equalTo("ERROR"));

        as("admin").delete("/v1/log-levels/" + CATEGORY).then().statusCode(204);
        as("admin")
                .get("/v1/log-levels/" + CATEGORY)
                .then()
                .body("level", equalTo("WARN"))
                .body("changedBy", nullValue());
        as("admin").delete("/v1/log-levels/" + CATEGORY).then().statusCode(404);
    }

    @Test
    void the_categories_of_requests_messages_and_events_are_there_before_anything_is_said_in_them() {
        for (String category : List.of("requests", "messages", "bookings", "deliveries", "events")) {
            as("admin")
                    .get("/v1/log-levels/carillon." + category)
                    .then()
                    .statusCode(200)
                    .body("level", equalTo("INFO"));
        }
    }

    @Test
    void a_level_with_a_time_goes_back_by_itself() {
        put("io.smallrye", "{\"level\":\"ERROR\",\"for\":\"PT1S\"}")
                .then()
                .statusCode(200)
                .body("until", notNullValue());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        as("admin").get("/v1/log-levels/io.smallrye").then().body("changedBy", nullValue()));
    }

    @Test
    void what_is_none_is_refused_by_name() {
        refused(put(CATEGORY, "{\"level\":\"LOUD\"}"), 422, "invalid-request")
                .body("errors.pointer", hasItem("/level"));
        refused(put(CATEGORY, "{\"level\":\"TRACE\"}"), 422, "invalid-request");
        refused(put(CATEGORY, "{}"), 422, "invalid-request");
        for (String time : List.of("soon", "PT0S", "-PT1M", "P8D", "")) {
            refused(put(CATEGORY, "{\"level\":\"DEBUG\",\"for\":\"%s\"}".formatted(time)), 422, "invalid-request")
                    .body("errors.pointer", hasItem("/for"));
        }
        refused(put(CATEGORY, "{\"level\":\"DEBUG\",\"loud\":true}"), 400, "unknown-field");
        refused(put(CATEGORY, "{\"level\":7}"), 400, "invalid-field");
        refused(put(CATEGORY, ""), 400, "malformed-json");
        refused(put("no.such.category", "{\"level\":\"DEBUG\"}"), 404, "not-found");
        refused(put("carillon.audit", "{\"level\":\"OFF\"}"), 409, "log-level-refused");
        refused(as("admin").get("/v1/log-levels/no.such.category"), 404, "not-found");
        as("admin").get("/v1/log-levels/" + CATEGORY).then().body("level", equalTo("WARN"));
    }

    @Test
    void only_admins_of_the_platform_are_let_in() {
        for (String group : List.of("viewer", "operator")) {
            refused(as(group).get("/v1/log-levels"), 403, "forbidden");
            refused(
                    as(group)
                            .contentType(ContentType.JSON)
                            .body("{\"level\":\"DEBUG\"}")
                            .put("/v1/log-levels/root"),
                    403,
                    "forbidden");
            refused(as(group).delete("/v1/log-levels/root"), 403, "forbidden");
        }
        refused(
                given().auth().oauth2(Token.of("acme", "admin").signed()).get("/v1/log-levels"),
                403,
                "platform-operators-only");
        refused(given().get("/v1/log-levels"), 401, "unauthenticated");
    }

    @Test
    void who_changes_what_is_audited_even_while_the_root_says_nothing() {
        try (var audit = LogLines.of("carillon.audit")) {
            put("root", "{\"level\":\"OFF\",\"for\":\"PT1H\"}").then().statusCode(200);
            as("admin").delete("/v1/log-levels/root").then().statusCode(204);
            assertThat(audit.said())
                    .anyMatch(line -> line.endsWith("log-levels.change root: OFF for PT1H"))
                    .anyMatch(line -> line.endsWith("log-levels.restore root: done"));
        }
    }

    private static io.restassured.response.ValidatableResponse refused(Response answer, int status, String slug) {
        return answer.then()
                .statusCode(status)
                .contentType(containsString("application/problem+json"))
                .body("type", equalTo("urn:carillon:problem:" + slug));
    }

    private static Response put(String category, String body) {
        return as("admin").contentType(ContentType.JSON).body(body).put("/v1/log-levels/" + category);
    }

    private static RequestSpecification as(String group) {
        return given().auth().oauth2(Token.of("platform", group).signed());
    }
}
