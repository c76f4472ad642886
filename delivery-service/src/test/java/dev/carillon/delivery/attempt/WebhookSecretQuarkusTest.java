package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.EndpointFixture.as;
import static dev.carillon.delivery.support.EndpointFixture.verify;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.carillon.delivery.support.EndpointFixture;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code /v1/webhook-secret}: what verifies a tenant's webhooks to plain addresses, and who is told. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class WebhookSecretQuarkusTest {
    private final EndpointFixture on = new EndpointFixture();

    @AfterEach
    void disconnect() {
        on.close();
    }

    private static List<String> secretsOf(String tenant) {
        return as(tenant, "admin")
                .get("/v1/webhook-secret")
                .then()
                .statusCode(200)
                .header("Cache-Control", equalTo("no-store"))
                .extract()
                .jsonPath()
                .getList("secrets", String.class);
    }

    @Test
    void what_goes_to_a_plain_address_verifies_with_the_tenants_secret_and_with_nobody_elses() throws Exception {
        var message = Staged.webhook(on.receiver.url(on.path), Instant.now()).of(on.tenant);
        on.scheduler.stage(message);
        on.awaitLast(message, "delivered");
        var call = on.receiver.calls(on.path).getFirst();

        assertThat(secretsOf(on.tenant)).hasSize(1);
        verify(secretsOf(on.tenant).getFirst(), call);
        String others = secretsOf("somebody-else").getFirst();
        assertThatThrownBy(() -> verify(others, call)).isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void it_is_told_to_those_who_may_give_an_endpoint_its_secret_alone() {
        as(on.tenant, "operator").get("/v1/webhook-secret").then().statusCode(200);
        as(on.tenant, "viewer")
                .get("/v1/webhook-secret")
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:carillon:problem:forbidden"));
        given().get("/v1/webhook-secret").then().statusCode(401);
    }
}
