package dev.carillon.system.telemetry;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.stack.Carillon;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The spans of one trace that are known by now, and how they lead to each other. */
record Trace(List<JsonObject> spans) {

    static JsonObject attributes(JsonObject span) {
        return span.getJsonObject("attributes");
    }

    /** What a span links to, each as {@code <trace> <span>}. */
    static List<String> links(JsonObject span) {
        return Carillon.objects(span.getJsonArray("links")).stream()
                .map(link -> link.getString("traceId") + " " + link.getString("spanId"))
                .toList();
    }

    /** The one span of this service and kind, whose name begins with {@code name} if there is one. */
    JsonObject only(String service, String kind, String... name) {
        List<JsonObject> found = all(service, kind, name);
        assertThat(found)
                .as("%s %s %s of %s", service, kind, List.of(name), spans)
                .hasSize(1);
        return found.getFirst();
    }

    List<JsonObject> all(String service, String kind, String... name) {
        return spans.stream().filter(is(service, kind, name)).toList();
    }

    private static Predicate<JsonObject> is(String service, String kind, String... name) {
        return span -> span.getString("service").equals(service)
                && span.getString("kind").equals(kind)
                && Stream.of(name).allMatch(span.getString("name")::startsWith);
    }

    /** Itself, its parent, and so on as far as the spans are known. */
    List<JsonObject> ancestors(JsonObject span) {
        Map<String, JsonObject> byId =
                spans.stream().collect(toMap(each -> each.getString("spanId"), Function.identity(), (a, b) -> a));
        return Stream.iterate(span, Objects::nonNull, each -> byId.get(each.getString("parentSpanId")))
                .limit(spans.size() + 1L)
                .toList();
    }

    void assertThatEachLeadsTo(JsonObject root) {
        assertThat(spans)
                .filteredOn(span -> span.getString("parentSpanId").isEmpty())
                .containsExactly(root);
        assertThat(spans).allSatisfy(span -> assertThat(ancestors(span)).contains(root));
    }

    void assertThatStatementsAreBelow(JsonObject served) {
        List<JsonObject> statements = spans.stream()
                .filter(span -> span.getString("parentSpanId").equals(served.getString("spanId")))
                .filter(span -> isStatement(attributes(span)))
                .toList();
        assertThat(statements).as("below %s in %s", served, spans).isNotEmpty().allSatisfy(statement -> {
            assertThat(statement.getString("kind")).isEqualTo("client");
            assertThat(attributes(statement).getString("db.system.name")).isEqualTo("postgresql");
            assertThat(attributes(statement).getString("db.namespace")).isEqualTo(served.getString("service"));
            assertThat(attributes(statement).getString("db.query.text")).isNotEmpty();
        });
    }

    private static boolean isStatement(JsonObject attributes) {
        return attributes.containsKey("db.system.name") || attributes.containsKey("db.system");
    }
}
