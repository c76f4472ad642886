package dev.carillon.kit.testing.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What of a released schema a newer one breaks. Records that were written by the released one stay on their topics, and consumers that were written
 * for it go on reading: so nothing may be taken away, demanded anew or given another meaning, not even a value of an enumeration added. Only fields that
 * may be absent, and words of explanation, may come.
 */
public final class SchemaComparison {
    /** Explains, and says nothing about an instance. */
    private static final Set<String> WORDS = Set.of("$schema", "$id", "$comment", "title", "description", "examples");

    /** Compared one by one, and by their own rules. */
    private static final Set<String> PARTS = Set.of("properties", "required", "enum", "items", "additionalProperties");

    private static final Pattern PLACE = Pattern.compile("Topic (\\S+?)(?: \\(compacted\\))?; key: ([^.]*)\\.");

    private final List<String> breaches = new ArrayList<>();

    private SchemaComparison() {}

    /** One line for each breach; none for a newer schema that every reader of the released one understands. */
    public static List<String> breaches(JsonNode released, JsonNode newer) {
        var comparison = new SchemaComparison();
        comparison.place(released, newer);
        comparison.schema("", released, newer);
        return List.copyOf(comparison.breaches);
    }

    /** The topic and the key, which the description tells. */
    private void place(JsonNode released, JsonNode newer) {
        String before = placeIn(released);
        String now = placeIn(newer);
        if (!before.equals(now)) {
            breaches.add("goes to another place: " + before + " became " + now);
        }
    }

    private static String placeIn(JsonNode schema) {
        Matcher place = PLACE.matcher(schema.path("description").asText());
        return place.find() ? "topic " + place.group(1) + ", key " + place.group(2) : "nowhere";
    }

    private void schema(String path, JsonNode released, JsonNode newer) {
        properties(path, released, newer);
        required(path, released, newer);
        values(path, released, newer);
        part(path + "/items", released.path("items"), newer.path("items"));
        part(path + "/*", released.path("additionalProperties"), newer.path("additionalProperties"));
        rest(path, released, newer);
    }

    private void properties(String path, JsonNode released, JsonNode newer) {
        released.path("properties").properties().forEach(property -> {
            String at = path + "/" + property.getKey();
            JsonNode now = newer.path("properties").path(property.getKey());
            if (now.isMissingNode()) {
                breaches.add(at + " is gone");
            } else {
                schema(at, property.getValue(), now);
            }
        });
    }

    private void required(String path, JsonNode released, JsonNode newer) {
        Set<String> before = texts(released.path("required"));
        Set<String> now = texts(newer.path("required"));
        before.stream()
                .filter(name -> !now.contains(name))
                .forEach(name -> breaches.add(path + "/" + name + " may be absent now"));
        now.stream()
                .filter(name -> !before.contains(name))
                .forEach(name -> breaches.add(path + "/" + name + " is required now"));
    }

    private void values(String path, JsonNode released, JsonNode newer) {
        Set<String> before = texts(released.path("enum"));
        Set<String> now = texts(newer.path("enum"));
        if (!before.equals(now)) {
            breaches.add(named(path) + " has other values: " + before + " became " + now);
        }
    }

    private void part(String path, JsonNode released, JsonNode newer) {
        if (released.isObject() && newer.isObject()) {
            schema(path, released, newer);
        } else if (!released.equals(newer)) {
            breaches.add(path + " is another: " + shown(released) + " became " + shown(newer));
        }
    }

    /** Types, formats, patterns, limits, and whatever else a schema can say. */
    private void rest(String path, JsonNode released, JsonNode newer) {
        var keywords = new TreeSet<String>();
        Stream.of(released, newer).forEach(schema -> schema.fieldNames().forEachRemaining(keywords::add));
        keywords.removeAll(WORDS);
        keywords.removeAll(PARTS);
        for (String keyword : keywords) {
            if (!released.path(keyword).equals(newer.path(keyword))) {
                breaches.add("%s has another %s: %s became %s"
                        .formatted(named(path), keyword, shown(released.path(keyword)), shown(newer.path(keyword))));
            }
        }
    }

    private static Set<String> texts(JsonNode values) {
        var texts = new TreeSet<String>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }

    private static String named(String path) {
        return path.isEmpty() ? "the payload" : path;
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
    }
}
