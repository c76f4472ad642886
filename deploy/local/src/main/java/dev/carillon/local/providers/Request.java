package dev.carillon.local.providers;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** An HTTP request that has been read whole. */
record Request(HttpMethod method, String path, MultiMap query, MultiMap headers, Buffer body, Instant receivedAt) {

    boolean is(HttpMethod wanted) {
        return method.equals(wanted);
    }

    String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** The body as a JSON object. */
    JsonObject json() {
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException e) {
            throw new BadRequest("the body must be a JSON object", e);
        }
    }

    /** Names in lower case; the values of a repeated one joined by a comma, as HTTP allows. */
    JsonObject headersAsJson() {
        var json = new JsonObject();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            json.put(
                    name, json.containsKey(name) ? json.getString(name) + ", " + header.getValue() : header.getValue());
        }
        return json;
    }
}
