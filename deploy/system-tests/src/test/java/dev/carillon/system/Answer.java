package dev.carillon.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;

/** What a server said. */
record Answer(int status, HttpHeaders headers, String body) {

    JsonObject json() {
        return new JsonObject(body);
    }

    JsonObject jsonOf(int expected) {
        assertThat(status).as(body).isEqualTo(expected);
        return json();
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The slug of a problem. */
    String slug() {
        assertThat(header("Content-Type")).as(body).startsWith("application/problem+json");
        return json().getString("type").replace("urn:carillon:problem:", "");
    }
}
