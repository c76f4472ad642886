package dev.carillon.kit.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The schema of one type of event, as documented. */
public final class EventContract {
    private static final String SUFFIX = ".schema.json";
    private static final String RELEASED = "released";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, EventContract> READ = new ConcurrentHashMap<>();

    private final String type;
    private final JsonNode document;
    private final JsonSchema schema;

    private EventContract(String type, JsonNode document) {
        this.type = type;
        this.document = document;
        var formatsCount =
                SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
        this.schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(document, formatsCount);
    }

    /** @throws AssertionError when the type is not documented */
    public static EventContract of(String type) {
        return READ.computeIfAbsent(type, EventContract::read);
    }

    /** Every documented type. */
    public static List<String> types() {
        return types(folder());
    }

    /** Every documented type whose name begins so. */
    public static List<String> typesOf(String prefix) {
        return types().stream().filter(type -> type.startsWith(prefix)).toList();
    }

    /** Every type that was released, in the form in which consumers may have come to know it. */
    public static List<String> releasedTypes() {
        return types(folder().resolve(RELEASED));
    }

    /** The schema as it was released. */
    public static JsonNode released(String type) {
        return document(folder().resolve(RELEASED), type);
    }

    private static List<String> types(Path folder) {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The schema itself. */
    public JsonNode document() {
        return document;
    }

    /**
     * The payload, which keeps the contract.
     *
     * @throws AssertionError when it does not, with every fault
     */
    public JsonNode check(JsonNode payload) {
        assertThat(schema.validate(payload))
                .as("what %s breaks of its contract", type)
                .extracting(ValidationMessage::getMessage)
                .isEmpty();
        // What is not documented is not said: no field that a consumer could come to rely on by chance.
        assertThat(document.at("/properties").properties())
                .as("the documented fields of %s", type)
                .extracting(Map.Entry::getKey)
                .containsAll(
                        payload.properties().stream().map(Map.Entry::getKey).toList());
        return payload;
    }

    /** As {@link #check(JsonNode)}; the payload as it is written. */
    public String check(String payload) {
        try {
            check(JSON.readTree(payload));
            return payload;
        } catch (IOException noJson) {
            throw new AssertionError("The payload of " + type + " is no JSON: " + payload, noJson);
        }
    }

    /**
     * The least that a producer may say, and what every consumer must therefore understand: the fields that are always there, each as small as its
     * schema allows; and one that no consumer knows.
     *
     * @param values what some fields are to be, by JSON pointer
     */
    public String smallest(Map<String, String> values) {
        var payload = SmallestInstance.of(document);
        values.forEach((pointer, value) -> {
            var at = JsonPointer.compile(pointer);
            if (payload.at(at.head()) instanceof ObjectNode parent) {
                parent.put(at.last().getMatchingProperty(), value);
            } else {
                throw new AssertionError(type + " has nothing at " + at.head());
            }
        });
        check(payload);
        return payload.put("fieldOfALaterVersion", true).toString();
    }

    private static EventContract read(String type) {
        return new EventContract(type, document(folder(), type));
    }

    private static JsonNode document(Path folder, String type) {
        var file = folder.resolve(type + SUFFIX);
        assertThat(file).as("the documented schema of " + type).exists();
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From a module's folder, where tests run, up to the repository's. */
    private static Path folder() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            var folder = at.resolve("docs/contracts/events");
            if (Files.isDirectory(folder)) {
                return folder;
            }
        }
        throw new AssertionError(
                "docs/contracts/events is not above " + Path.of("").toAbsolutePath());
    }
}
