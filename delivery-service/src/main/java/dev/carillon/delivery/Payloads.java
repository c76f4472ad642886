package dev.carillon.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What events carry, as JSON. */
public final class Payloads {
    private Payloads() {}

    /** @param payload a record of the service's own, which is always writable */
    public static byte[] bytes(ObjectMapper json, Object payload) {
        try {
            return json.writeValueAsBytes(payload);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
