package dev.carillon.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.metrics.MetricsReference;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class OperationsQuarkusTest {
    @Test
    void readiness_asks_the_database_kafka_and_the_api_keys_and_names_each() {
        await().untilAsserted(() -> Api.anonymous().get("/q/health/ready").expect(200));
        assertThat(Api.anonymous().get("/q/health/ready").json().get("checks").findValuesAsText("name"))
                .contains("outbox", "Kafka connection health check", "consumers-assigned", "api-keys");
        Api.anonymous().get("/q/health/live").expect(200);
    }

    @Test
    void metrics_count_requests_and_show_timers_and_the_skew_of_clocks() {
        Api.of("acme").post("/v1/messages", Bodies.farEmail()).expect(201);
        assertThat(Api.anonymous().get("/q/metrics").expect(200).text())
                .contains("http_server_requests_seconds", "carillon_timer_held", "carillon_clock_skew_seconds");
    }

    @Test
    void metrics_are_those_that_are_written_down() {
        Api.of("acme").post("/v1/messages", Bodies.farEmail()).expect(201);
        assertThat(MetricsReference.read()
                        .differences(
                                "scheduler", Api.anonymous().get("/q/metrics").text()))
                .isEmpty();
    }

    @Test
    void every_type_of_event_is_counted_before_there_is_one() {
        String exported = Api.anonymous().get("/q/metrics").expect(200).text();
        assertThat(EventTypes.ALL).allSatisfy(type -> assertThat(exported)
                .contains("carillon_outbox_appended_total{type=\"" + type + "\"}"));
    }

    @Test
    void metrics_count_the_statements_of_a_request_also_those_that_it_shares_with_others() {
        double before = statementsOfCreates();
        Api.of("acme").post("/v1/messages", Bodies.farEmail()).expect(201);
        await().until(() -> statementsOfCreates() > before);
    }

    private static double statementsOfCreates() {
        var series = "carillon_request_statements_sum{method=\"POST\",uri=\"/v1/messages\"} ";
        return metricLines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    private static Stream<String> metricLines() {
        return Api.anonymous().get("/q/metrics").expect(200).text().lines();
    }

    @Test
    void requests_have_the_same_series_whatever_clients_make_up() {
        // The second time, for the first ones to be counted.
        askForWhatIsNotThere();
        askForWhatIsNotThere();
        var known = seriesOfRequests();
        assertThat(known).anyMatch(series -> series.contains("uri=\"/v1/messages/{id}/cancel\""));

        for (int i = 0; i < 10; i++) {
            askForWhatIsNotThere();
        }

        assertThat(seriesOfRequests()).isEqualTo(known);
    }

    /** With a tenant, ids, paths, a key and a method that nobody had before. */
    private static void askForWhatIsNotThere() {
        var made = UUID.randomUUID().toString();
        var api = Api.of("tenant-" + made);
        api.get("/v1/messages/" + made).expect(404);
        api.get("/v1/nothing-" + made).expect(404);
        api.get("/nothing-" + made).expect(404);
        api.post("/v1/nothing-" + made, "x".repeat(300_000)).expect(413);
        api.with("Idempotency-Key", made)
                .post("/v1/messages/" + made + "/cancel")
                .expect(404);
        api.send("/v1/messages/" + made, request -> request.method("MADE-UP-" + made, BodyPublishers.noBody()));
    }

    /** Names and labels, without values. */
    private static Set<String> seriesOfRequests() {
        return metricLines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count{")
                        || line.startsWith("carillon_request_statements_count{"))
                .filter(line -> !line.contains("uri=\"/q/") && !line.contains("status=\"RESET\""))
                .map(line -> line.substring(0, line.indexOf("} ")))
                .collect(Collectors.toSet());
    }

    @Test
    void metrics_show_how_far_each_consumer_is_behind() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        Api.anonymous().get("/q/metrics").expect(200).text())
                .containsPattern(
                        "kafka_consumergroup_lag\\{consumergroup=\"scheduler\",partition=\"0\",topic=\"carillon.delivery.events.v1\"\\} \\d")
                .contains("topic=\"carillon.booking.events.v1\""));
        assertThat(Api.anonymous().get("/q/health/ready").json().get("checks").findValuesAsText("name"))
                .contains("consumers");
    }

    @Test
    void the_api_is_described_with_its_real_requests_and_answers() {
        var document = Api.anonymous().get("/q/openapi?format=json").expect(200).json();
        var create = document.at("/paths/~1v1~1messages/post");
        assertThat(create.at("/requestBody/content/application~1json/schema/$ref")
                        .asText())
                .endsWith("/ScheduleMessageRequest");
        assertThat(create.at("/responses/201/content/application~1json/schema/$ref")
                        .asText())
                .endsWith("/MessageView");
        assertThat(create.at("/responses/422/content/application~1problem+json/schema/$ref")
                        .asText())
                .endsWith("/Problem");
        assertThat(document.at("/components/schemas/ScheduleMessageRequest/properties/schedule")
                        .isMissingNode())
                .isFalse();
        assertThat(document.at("/components/securitySchemes")).hasSize(2);
    }

    @Test
    void the_api_is_described_as_what_is_sent_and_not_as_what_java_makes_of_it() {
        var answer = Api.anonymous().get("/q/openapi?format=json").expect(200);
        assertThat(answer.text()).doesNotContain("valueNode", "wildcardSubtype", "JsonNodeFactory");
        var document = answer.json();
        assertThat(document.at("/components/schemas/ObjectNode/type").asText()).isEqualTo("object");
        assertThat(document.at("/components/schemas/LocalDateTime").has("format"))
                .as("one without an offset is no date-time of RFC 3339")
                .isFalse();
        assertThat(document.at("/components/schemas/TimePreviewRequest/properties")
                        .has("rule"))
                .isFalse();
    }

    @Test
    void every_call_is_described_with_its_success_and_its_own_words_for_a_refusal() {
        var paths =
                Api.anonymous().get("/q/openapi?format=json").expect(200).json().at("/paths");
        paths.properties().forEach(path -> path.getValue().properties().forEach(operation -> assertThat(
                        operation.getValue().at("/responses").properties())
                .as(operation.getKey() + " " + path.getKey())
                .anyMatch(response -> response.getKey().startsWith("2"))));
        assertThat(paths.at("/~1v1~1api-keys/post/responses/201/content/application~1json/schema/$ref")
                        .asText())
                .endsWith("/ApiKeyView");
        assertThat(paths.at("/~1v1~1schedules~1{id}/delete/responses").has("204"))
                .isTrue();
        var change = paths.at("/~1v1~1messages~1{id}/patch/responses");
        assertThat(change.at("/409/description").asText()).contains("An attempt has begun");
        assertThat(change.at("/412/content").has("application/problem+json")).isTrue();
        assertThat(change.at("/415/content").has("application/problem+json")).isTrue();
    }
}
