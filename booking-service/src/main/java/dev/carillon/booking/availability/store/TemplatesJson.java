package dev.carillon.booking.availability.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.booking.availability.MessagePurpose;
import dev.carillon.booking.availability.MessageTemplate;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** A resource's templates as JSON: one shape for rows, views and events, the one of the HTTP contract. */
@ApplicationScoped
@RegisterForReflection(targets = MessageTemplate.class)
public class TemplatesJson {
    private static final TypeReference<LinkedHashMap<String, MessageTemplate>> NAMED = new TypeReference<>() {};

    private final ObjectMapper json;

    public TemplatesJson(ObjectMapper json) {
        this.json = json;
    }

    /** By the names of their purposes. */
    public static Map<String, MessageTemplate> named(Map<MessagePurpose, MessageTemplate> templates) {
        var named = new LinkedHashMap<String, MessageTemplate>();
        for (var purpose : MessagePurpose.values()) {
            var template = templates.get(purpose);
            if (template != null) {
                named.put(purpose.wireName(), template);
            }
        }
        return named;
    }

    String text(Map<MessagePurpose, MessageTemplate> templates) {
        try {
            return json.writeValueAsString(named(templates));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public Map<MessagePurpose, MessageTemplate> read(String text) {
        try {
            var read = new EnumMap<MessagePurpose, MessageTemplate>(MessagePurpose.class);
            json.readValue(text, NAMED).forEach((name, template) -> MessagePurpose.of(name)
                    .ifPresent(purpose -> read.put(purpose, template)));
            return Map.copyOf(read);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A row has unreadable JSON", impossible);
        }
    }
}
