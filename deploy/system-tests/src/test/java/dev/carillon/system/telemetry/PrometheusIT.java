package dev.carillon.system.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.docs.OperatingDocs;
import dev.carillon.kit.testing.metrics.MetricsReference;
import dev.carillon.local.ServiceName;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.Nonsense;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A real Prometheus reads the running services, with the rules that are delivered, and for the dashboards and the pages for operators. It leaves a
 * record that is no event in a topic, so it comes after those who read every topic as one of events.
 */
@Order(Integer.MAX_VALUE - 3)
@ExtendWith(RunningStack.class)
class PrometheusIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path DASHBOARDS = TestStack.root().resolve("deploy/observability/grafana/dashboards");
    private static final Set<String> SERVICES =
            Arrays.stream(ServiceName.values()).map(ServiceName::label).collect(Collectors.toSet());

    private final MetricsReference metrics = MetricsReference.read();
    private final TestStack stack;
    private final Carillon carillon;

    PrometheusIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @Test
    void it_finds_every_service_and_everything_that_rules_dashboards_and_operators_ask_for_and_evaluates_them()
            throws Exception {
        useEverything();
        try (var prometheus = Prometheus.scraping(addresses())) {
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(targets(prometheus))
                    .containsExactlyInAnyOrderElementsOf(
                            SERVICES.stream().map(service -> service + " up").toList()));
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(rules(prometheus))
                    .isNotEmpty()
                    .allSatisfy(rule -> {
                        assertThat(rule.getString("health")).as(rule.encode()).isEqualTo("ok");
                        assertThat(rule.getString("lastError")).isNull();
                    }));
            List<String> queries = Stream.of(ofRules(prometheus), panels(), OperatingDocs.queries())
                    .flatMap(List::stream)
                    .toList();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(scraped(prometheus)).containsAll(ofServices(queries)));
            assertThat(queries).allSatisfy(query -> {
                Answer answer = prometheus.query(query.replace("$__rate_interval", "1m"));
                assertThat(answer.status()).as(query + answer.body()).isEqualTo(200);
            });
            assertThat(prometheus
                            .query("count by (job) (carillon:messages_late:ratio_rate5m) or up{job=\"delivery\"}")
                            .jsonOf(200)
                            .getJsonObject("data")
                            .getJsonArray("result"))
                    .isNotEmpty();
        }
    }

    /** Makes happen what a service tells of only then, failures among it. */
    private void useEverything() {
        for (Way way : Way.values()) {
            Accepted message = carillon.schedule(way, "PT0S");
            carillon.awaitStatus(message, "delivered");
            // The stream of a message that has ended is short.
            Answer stream = carillon.scheduler("GET", "/v1/messages/" + message.id() + "/events", null);
            assertThat(stream.status()).as(stream.body()).isEqualTo(200);
        }
        var bookings = new Bookings(carillon);
        bookings.post(
                        Bookings.wish(
                                bookings.openSlot(bookings.openResource(), Duration.ofHours(1)),
                                1,
                                Bookings.newAddress()),
                        null)
                .jsonOf(201);
        crowdOneChat();
        registerAPrivateAddress();
        Nonsense.send(stack, "carillon.booking.events.v1");
    }

    /** One chat takes one message a second, so that permits are denied. */
    private void crowdOneChat() {
        for (int i = 0; i < 4; i++) {
            var message = new JsonObject()
                    .put("to", new JsonObject().put("channel", "telegram").put("chatId", "4711"))
                    .put("content", new JsonObject().put("text", Carillon.marker()))
                    .put("schedule", new JsonObject().put("now", true));
            carillon.scheduler("POST", "/v1/messages", message.encode()).jsonOf(201);
        }
    }

    /** Refused, and counted as such. */
    private void registerAPrivateAddress() {
        Answer refused = stack.asAdmin(
                "POST",
                stack.delivery() + "/v1/endpoints",
                new JsonObject().put("url", "https://10.0.0.1/hooks").encode());
        assertThat(refused.status()).as(refused.body()).isEqualTo(422);
    }

    private Map<String, String> addresses() {
        return Arrays.stream(ServiceName.values())
                .collect(Collectors.toMap(
                        service -> service.label() + ":" + service.port(),
                        service -> "127.0.0.1:" + stack.ports().service(service, 1)));
    }

    private static List<String> targets(Prometheus prometheus) {
        return Carillon.objects(data(prometheus.api("targets?state=active")).getJsonArray("activeTargets")).stream()
                .map(target -> target.getJsonObject("labels").getString("job") + " " + target.getString("health"))
                .toList();
    }

    private static List<JsonObject> rules(Prometheus prometheus) {
        return Carillon.objects(data(prometheus.api("rules")).getJsonArray("groups")).stream()
                .flatMap(group -> Carillon.objects(group.getJsonArray("rules")).stream())
                .toList();
    }

    private static List<String> ofRules(Prometheus prometheus) {
        return rules(prometheus).stream().map(rule -> rule.getString("query")).toList();
    }

    private static JsonObject data(JsonObject answer) {
        return answer.getJsonObject("data");
    }

    private static Set<String> scraped(Prometheus prometheus) {
        return prometheus.api("label/__name__/values").getJsonArray("data").stream()
                .map(String.class::cast)
                .collect(Collectors.toSet());
    }

    /** Which series of services the queries name; that they name nothing else is tested beside the rules, by {@code ObservabilityTest}. */
    private Set<String> ofServices(List<String> queries) {
        Set<String> words = queries.stream()
                .flatMap(query -> Arrays.stream(query.split("[^a-zA-Z0-9_:]+", -1)))
                .collect(Collectors.toSet());
        var named = new TreeSet<>(metrics.seriesNames());
        named.retainAll(words);
        named.removeIf(series -> metrics.exportersOf(series).stream().noneMatch(SERVICES::contains));
        assertThat(named).hasSizeGreaterThan(25);
        return named;
    }

    private static List<String> panels() throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.list(DASHBOARDS)) {
            for (Path file : files.toList()) {
                collect(new JsonObject(Files.readString(file)), found);
            }
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    private static void collect(Object json, List<String> queries) {
        switch (json) {
            case JsonObject object ->
                object.forEach(field -> {
                    if (field.getKey().equals("expr")) {
                        queries.add((String) field.getValue());
                    } else {
                        collect(field.getValue(), queries);
                    }
                });
            case JsonArray array -> array.forEach(element -> collect(element, queries));
            case null, default -> {}
        }
    }
}
