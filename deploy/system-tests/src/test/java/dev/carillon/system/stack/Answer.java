package dev.carillon.system.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;

/** What a server said. */
public record Answer(int status, HttpHeaders headers, String body) {

    public JsonObject json() {
        return new JsonObject(body);
    }

    public JsonObject jsonOf(int expected) {
        assertThat(status).as(body).isEqualTo(expected);
        return json();
    }

    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** The slug of a problem. */
    public String slug() {
        assertThat(header("Content-Type")).as(body).startsWith("application/problem+json");
        return json().getString("type").replace("urn:carillon:problem:", "");
    }
}
