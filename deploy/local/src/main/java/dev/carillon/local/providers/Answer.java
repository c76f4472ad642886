package dev.carillon.local.providers;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** An HTTP answer as a value. */
record Answer(int status, String contentType, Buffer body, Map<String, String> headers) {

    static final String JSON = "application/json";

    static Answer json(int status, JsonObject body) {
        return new Answer(status, JSON, body.toBuffer(), Map.of());
    }

    static Answer items(JsonArray items) {
        return json(200, new JsonObject().put("items", items));
    }

    static Answer empty(int status) {
        return new Answer(status, "", Buffer.buffer(), Map.of());
    }

    /** In the shape of RFC 9457, as Carillon's own refusals are. */
    static Answer problem(int status, String detail) {
        var problem = new JsonObject()
                .put("title", "refused by the local providers")
                .put("status", status)
                .put("detail", detail);
        return new Answer(status, "application/problem+json", problem.toBuffer(), Map.of());
    }

    Answer with(String header, String value) {
        return new Answer(status, contentType, body, Map.of(header, value));
    }
}
