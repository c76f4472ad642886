package dev.carillon.kit.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** What events carry: JSON, UTF-8. */
public final class Payloads {
    private Payloads() {}

    /**
     * The payload of an {@link OutgoingEvent}, as {@code json} writes it: which fields are left out, and how instants look, is that mapper's word. So it is the
     * service's own, by which its consumers know it.
     *
     * @param payload a record of the service's own, which is always writable
     * @throws IllegalStateException when it is not: a mistake in the record, which no repeat mends
     */
    public static byte[] bytes(ObjectMapper json, Object payload) {
        try {
            return json.writeValueAsBytes(payload);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
