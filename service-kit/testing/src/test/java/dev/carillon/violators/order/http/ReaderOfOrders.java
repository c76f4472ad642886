package dev.carillon.violators.order.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.annotations.RegisterForReflection;

@RegisterForReflection(targets = ReaderOfOrders.Known.class)
final class ReaderOfOrders {
    record Unknown(String id) {}

    record Known(String id) {}

    Object unknown(ObjectMapper json, String text) throws JsonProcessingException {
        return json.readValue(text, Unknown.class);
    }

    Object known(ObjectMapper json, String text) throws JsonProcessingException {
        return json.readValue(text, Known.class);
    }
}
