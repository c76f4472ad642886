package dev.carillon.kit.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.UUID;
import java.util.regex.Pattern;

/** A UUID is a text of 36 characters. Jackson's own reading takes an empty text for none, which makes "this one" mean "all", and Base64 for an id. */
final class StrictIds {
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private StrictIds() {}

    static SimpleModule asModule() {
        return new SimpleModule("strict-ids").addDeserializer(UUID.class, new Id());
    }

    private static final class Id extends StdDeserializer<UUID> {
        Id() {
            super(UUID.class);
        }

        @Override
        public UUID deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                return (UUID) context.handleUnexpectedToken(UUID.class, parser);
            }
            var text = parser.getText();
            if (!UUID_TEXT.matcher(text).matches()) {
                return (UUID) context.handleWeirdStringValue(UUID.class, text, "is not a UUID");
            }
            return UUID.fromString(text);
        }
    }
}
