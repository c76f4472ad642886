package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A message that cannot be what it says is answered by 422. */
@QuarkusTest
@TestProfile(Surroundings.class)
class InvalidMessageQuarkusTest {
    private static final String TO = "\"to\":{\"channel\":\"email\",\"address\":\"ana@example.org\"}";
    private static final String CONTENT = "\"content\":{\"text\":\"hi\"}";
    private static final String SCHEDULE = "\"schedule\":{\"in\":\"P1D\"}";

    private final Api api = Api.of("acme-" + UUID.randomUUID());

    static Stream<Arguments> wrongMeanings() {
        return Stream.of(
                shape("{}", "invalid-request", "/to"),
                shape(message("\"orderingKey\":\" \""), "invalid-request", "/orderingKey"),
                shape(message("\"orderingKey\":\"" + "k".repeat(300) + "\""), "invalid-request", "/orderingKey"),
                shape(message("\"expiresAt\":\"soon\""), "invalid-request", "/expiresAt"),
                shape(message("\"expiresAt\":\"2001-01-01T00:00:00Z\""), "invalid-request", "/expiresAt"),
                shape(message("\"expiresAt\":\"9999-12-31T23:59:59Z\""), "invalid-request", "/expiresAt"),
                shape(message("\"expiresAt\":\"+999999999-01-01T00:00:00Z\""), "invalid-request", "/expiresAt"),
                shape(message("\"metadata\":{\"a\":null}"), "invalid-request", "/metadata"),
                shape(message("\"onFailure\":{\"channel\":\"email\"}"), "invalid-request", "/onFailure/address"),
                to("{}", "invalid-request", "/to/channel"),
                to("{\"channel\":\"pigeon\"}", "invalid-request", "/to/channel"),
                to("{\"channel\":\"email\"}", "invalid-request", "/to/address"),
                to("{\"channel\":\"email\",\"address\":\"nobody\"}", "invalid-request", "/to/address"),
                to("{\"channel\":\"email\",\"address\":\"a@b\\r\\nBcc: x@y\"}", "invalid-request", "/to/address"),
                to("{\"channel\":\"email\",\"address\":\"a@b.c\",\"url\":\"http://x\"}", "invalid-request", "/to/url"),
                to("{\"channel\":\"telegram\",\"chatId\":1.5}", "invalid-request", "/to/chatId"),
                to("{\"channel\":\"telegram\",\"chatId\":{}}", "invalid-request", "/to/chatId"),
                to("{\"channel\":\"telegram\",\"chatId\":" + "9".repeat(500) + "}", "invalid-request", "/to/chatId"),
                to("{\"channel\":\"webhook\",\"url\":\"ftp://e.org\"}", "invalid-request", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://\"}", "invalid-request", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://u:p@e.org\"}", "invalid-request", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://e.org/a b\"}", "invalid-request", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://10.0.0.1/\"}", "destination-refused", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://169.254.169.254/\"}", "destination-refused", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://[fd00::1]/\"}", "destination-refused", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://3232235777/\"}", "destination-refused", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://198.18.0.1/\"}", "destination-refused", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://168.63.129.16/\"}", "destination-refused", "/to/url"),
                to("{\"channel\":\"webhook\",\"url\":\"http://[64:ff9b::a00:1]/\"}", "destination-refused", "/to/url"),
                to(
                        "{\"channel\":\"webhook\",\"url\":\"https://example.org:99999/\"}",
                        "destination-refused",
                        "/to/url"),
                to(
                        "{\"channel\":\"webhook\",\"endpointId\":\"00000000-0000-7000-8000-000000000000\",\"url\":\"https://e.org\"}",
                        "invalid-request",
                        "/to/url"),
                content("{}", "invalid-request", "/content"),
                content("{\"subject\":\"a\\nBcc: x@y\",\"text\":\"a\"}", "invalid-request", "/content/subject"),
                content("{\"text\":\"a\",\"json\":{}}", "invalid-request", "/content/json"),
                content("{\"text\":\"a\",\"markdown\":\"a\"}", "invalid-request", "/content/markdown"),
                content("{\"markdown\":\"a\"}", "invalid-request", "/content"),
                markdown("{\"channel\":\"telegram\",\"chatId\":1}", "{\"html\":\"a\",\"markdown\":\"a\"}"),
                markdown("{\"channel\":\"webhook\",\"url\":\"https://e.org\"}", "{\"json\":{},\"markdown\":\"a\"}"),
                content("{\"text\":\"a\",\"from\":\"x\"}", "invalid-request", "/content/from"),
                content("{\"text\":\"a\",\"data\":{}}", "invalid-request", "/content/data"),
                content("{\"template\":\"t\"}", "unknown-template", "/content/template"),
                content("{\"text\":\"a\",\"attachments\":[null]}", "invalid-request", "/content/attachments/0"),
                content(
                        "{\"text\":\"a\",\"attachments\":[{\"name\":\"a\",\"contentType\":\"text/plain\",\"base64\":\"%\"}]}",
                        "invalid-request", "/content/attachments/0/base64"),
                schedule("{}", "invalid-request", "/schedule"),
                schedule("{\"in\":\"PT1H\",\"now\":true}", "invalid-request", "/schedule"),
                schedule("{\"now\":false}", "invalid-request", "/schedule/now"),
                schedule("{\"at\":\"tomorrow\"}", "invalid-request", "/schedule/at"),
                schedule("{\"at\":\"2030-02-30T00:00:00Z\"}", "invalid-request", "/schedule/at"),
                schedule("{\"at\":\"2030-01-01T09:00\"}", "invalid-request", "/schedule/zone"),
                schedule("{\"at\":\"+999999999-12-31T23:59:59Z\"}", "invalid-request", "/schedule/at"),
                schedule("{\"at\":\"2001-01-01T00:00:00Z\"}", "due-in-the-past", "/schedule/at"),
                schedule("{\"at\":\"2001-01-01T00:00:00\",\"zone\":\"UTC\"}", "due-in-the-past", "/schedule/at"),
                schedule("{\"at\":\"9999-01-01T00:00:00Z\"}", "due-too-far", "/schedule"),
                schedule("{\"in\":\"P999999999Y\"}", "due-too-far", "/schedule"),
                schedule("{\"in\":\"PT9223372036854775807S\"}", "due-too-far", "/schedule"),
                schedule("{\"in\":\"PT99999999999999999999S\"}", "invalid-request", "/schedule/in"),
                schedule("{\"in\":\"-PT1H\"}", "invalid-request", "/schedule/in"),
                schedule("{\"in\":\"PT-1H\"}", "invalid-request", "/schedule/in"),
                schedule("{\"in\":\"P\"}", "invalid-request", "/schedule/in"),
                schedule("{\"in\":\"2 hours\"}", "invalid-request", "/schedule/in"),
                schedule("{\"in\":\"PT1H\",\"zone\":\"Mars/Olympus\"}", "unknown-zone", "/schedule/zone"),
                schedule("{\"in\":\"PT1H\",\"zone\":\"+05:30\"}", "unknown-zone", "/schedule/zone"),
                schedule("{\"phrase\":\"in 2 hours\"}", "invalid-request", "/schedule/zone"),
                schedule("{\"phrase\":\"in 2 hours\",\"now\":true}", "invalid-request", "/schedule"),
                schedule("{\"phrase\":\"\",\"zone\":\"UTC\"}", "phrase-not-understood", "/schedule/phrase"),
                schedule("{\"phrase\":\"soon\",\"zone\":\"UTC\"}", "phrase-not-understood", "/schedule/phrase"),
                schedule("{\"phrase\":\"tomorrow at 5\",\"zone\":\"UTC\"}", "phrase-ambiguous", "/schedule/phrase"),
                schedule("{\"phrase\":\"every day\",\"zone\":\"UTC\"}", "phrase-recurring", "/schedule/phrase"),
                schedule("{\"phrase\":\"yesterday\",\"zone\":\"UTC\"}", "due-in-the-past", "/schedule/phrase"),
                schedule("{\"phrase\":\"2150-01-01\",\"zone\":\"UTC\"}", "due-too-far", "/schedule"),
                schedule("{\"phrase\":\"in 2 hours\",\"zone\":\"Mars/Olympus\"}", "unknown-zone", "/schedule/zone"));
    }

    @ParameterizedTest(name = "{1} at {2}: {0}")
    @MethodSource("wrongMeanings")
    void a_wrong_meaning_is_answered_by_422_with_the_pointer_to_it(String body, String slug, String pointer) {
        var refused = api.post("/v1/messages", body).expectProblem(422, slug);
        assertThat(refused.json().at("/errors").findValuesAsText("pointer")).contains(pointer);
    }

    /** Where Java finds no host in it, it is no URL with a host; otherwise its host is refused. */
    @ParameterizedTest
    @MethodSource("dev.carillon.kit.testing.http.InnerUrls#all")
    void a_webhook_to_an_inner_address_is_refused_in_whatever_form_it_is_written(String url) {
        var body =
                "{\"to\":{\"channel\":\"webhook\",\"url\":\"" + url + "\"},\"content\":{\"json\":{}}," + SCHEDULE + "}";
        var refused = api.post("/v1/messages", body).expect(422);
        assertThat(refused.at("/type"))
                .isIn("urn:carillon:problem:destination-refused", "urn:carillon:problem:invalid-request");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("/to/url");
    }

    @Test
    void a_webhooks_body_may_be_64_levels_deep_and_no_deeper() {
        api.post("/v1/messages", webhook(64)).expect(201);
        var refused = api.post("/v1/messages", webhook(65)).expectProblem(422, "invalid-request");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("/content/json");
        api.get("/v1/messages").expect(200);
    }

    @Test
    void a_client_learns_all_that_is_wrong_at_once() {
        var refused = api.post(
                        "/v1/messages",
                        "{\"to\":{\"channel\":\"email\"},\"content\":{\"text\":\"a\"},\"schedule\":{},\"orderingKey\":\"\"}")
                .expectProblem(422, "invalid-request");
        assertThat(refused.json().at("/errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/to/address", "/schedule", "/orderingKey");
    }

    private static String webhook(int levels) {
        return "{\"to\":{\"channel\":\"webhook\",\"url\":\"https://example.org\"}," + SCHEDULE
                + ",\"content\":{\"json\":" + "{\"a\":".repeat(levels) + "1" + "}".repeat(levels) + "}}";
    }

    private static Arguments shape(String body, String slug, String pointer) {
        return Arguments.of(body, slug, pointer);
    }

    private static Arguments to(String to, String slug, String pointer) {
        var content = to.contains("webhook") ? "\"content\":{\"json\":{}}" : CONTENT;
        return shape("{\"to\":" + to + "," + content + "," + SCHEDULE + "}", slug, pointer);
    }

    private static Arguments content(String content, String slug, String pointer) {
        return shape("{" + TO + ",\"content\":" + content + "," + SCHEDULE + "}", slug, pointer);
    }

    private static Arguments markdown(String to, String content) {
        var body = "{\"to\":" + to + ",\"content\":" + content + "," + SCHEDULE + "}";
        return shape(body, "invalid-request", "/content/markdown");
    }

    private static Arguments schedule(String schedule, String slug, String pointer) {
        return shape("{" + TO + "," + CONTENT + ",\"schedule\":" + schedule + "}", slug, pointer);
    }

    private static String message(String more) {
        return "{" + TO + "," + CONTENT + "," + SCHEDULE + "," + more + "}";
    }
}
