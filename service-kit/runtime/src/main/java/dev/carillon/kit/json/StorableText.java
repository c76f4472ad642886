package dev.carillon.kit.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.deser.std.JsonNodeDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.deser.std.StringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Text that can be kept and sent on: no U+0000, which PostgreSQL has no place for, and no half of a surrogate pair, which is no character and
 * would silently become a question mark.
 */
public final class StorableText {
    private StorableText() {}

    public static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Refuses, with the pointer to it, a JSON string or name that is not storable. */
    static SimpleModule asModule() {
        return new SimpleModule("storable-text")
                .addDeserializer(String.class, new Text())
                .addDeserializer(JsonNode.class, new Tree())
                .addKeyDeserializer(String.class, new Name());
    }

    /** A text that is not storable; where it is, is in {@link #getPath()}. */
    public static final class UnstorableText extends JsonMappingException {
        UnstorableText(JsonParser parser) {
            super(parser, "has a character that cannot be stored: U+0000, or half of a surrogate pair");
        }
    }

    private static void check(String text, JsonParser parser) throws UnstorableText {
        if (!isStorable(text)) {
            throw new UnstorableText(parser);
        }
    }

    private static final class Text extends StdDeserializer<String> {
        Text() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            var text = StringDeserializer.instance.deserialize(parser, context);
            check(text, parser);
            return text;
        }
    }

    private static final class Name extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            check(key, context.getParser());
            return key;
        }
    }

    private static final class Tree extends StdDeserializer<JsonNode> {
        Tree() {
            super(JsonNode.class);
        }

        @Override
        public JsonNode deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            var tree = (JsonNode)
                    JsonNodeDeserializer.getDeserializer(JsonNode.class).deserialize(parser, context);
            checkAll(tree, parser);
            return tree;
        }

        @Override
        public @Nullable JsonNode getNullValue(DeserializationContext context) {
            return null;
        }

        private static void checkAll(JsonNode node, JsonParser parser) throws UnstorableText {
            if (node.isTextual()) {
                check(node.textValue(), parser);
            }
            for (var field : node.properties()) {
                check(field.getKey(), parser);
                checkAll(field.getValue(), parser);
            }
            if (node.isArray()) {
                for (var element : node) {
                    checkAll(element, parser);
                }
            }
        }
    }
}
