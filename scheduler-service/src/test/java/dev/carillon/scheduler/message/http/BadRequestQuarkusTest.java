package dev.carillon.scheduler.message.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.http.RawHttp;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends, the answer is a problem of the 4xx that names the fault. */
@QuarkusTest
@TestProfile(Surroundings.class)
class BadRequestQuarkusTest {
    private static final String TO = "\"to\":{\"channel\":\"email\",\"address\":\"ana@example.org\"}";
    private static final String CONTENT = "\"content\":{\"text\":\"hi\"}";
    private static final String SCHEDULE = "\"schedule\":{\"in\":\"P1D\"}";
    private static final String NUL = "\\u0000";
    private static final String LONE = "\\ud800";

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);

    static Stream<Arguments> wrongShapes() {
        return Stream.of(
                // what, body, slug, pointer
                shape("{", "malformed-json", ""),
                shape("{" + TO, "malformed-json", ""),
                shape("", "malformed-json", ""),
                shape("null", "malformed-json", ""),
                shape("[]", "malformed-json", ""),
                shape("5", "malformed-json", ""),
                shape("\"text\"", "malformed-json", ""),
                shape("{}{}", "malformed-json", ""),
                shape("{'to':1}", "malformed-json", ""),
                shape("{\"to\":null,\"to\":null}", "malformed-json", ""),
                shape("{\"schedule\":{\"at\":NaN}}", "malformed-json", ""),
                shape("[".repeat(2_000), "malformed-json", ""),
                shape("{\"content\":{\"json\":" + "[".repeat(1_500) + "]".repeat(1_500) + "}}", "malformed-json", ""),
                shape("{\"content\":{\"json\":" + "9".repeat(5_000) + "}}", "malformed-json", ""),
                shape(message("\"unknown\":1"), "unknown-field", "/unknown"),
                shape("{\"to\":{\"chanel\":\"email\"}}", "unknown-field", "/to/chanel"),
                shape("{\"content\":{\"attachments\":[{\"nam\":1}]}}", "unknown-field", "/content/attachments/0/nam"),
                shape("{\"to\":5}", "invalid-field", "/to"),
                shape("{\"to\":[]}", "invalid-field", "/to"),
                shape("{\"to\":\"email\"}", "invalid-field", "/to"),
                shape("{\"to\":{\"channel\":5}}", "invalid-field", "/to/channel"),
                shape("{\"to\":{\"channel\":{}}}", "invalid-field", "/to/channel"),
                shape("{\"to\":{\"endpointId\":\"x\"}}", "invalid-field", "/to/endpointId"),
                shape("{\"to\":{\"endpointId\":\"\"}}", "invalid-field", "/to/endpointId"),
                shape("{\"content\":{\"text\":5}}", "invalid-field", "/content/text"),
                shape("{\"content\":{\"text\":true}}", "invalid-field", "/content/text"),
                shape("{\"content\":{\"markdown\":5}}", "invalid-field", "/content/markdown"),
                shape("{\"content\":{\"attachments\":{}}}", "invalid-field", "/content/attachments"),
                shape("{\"content\":{\"attachments\":[5]}}", "invalid-field", "/content/attachments/0"),
                shape("{\"schedule\":{\"at\":5}}", "invalid-field", "/schedule/at"),
                shape("{\"schedule\":{\"now\":\"true\"}}", "invalid-field", "/schedule/now"),
                shape("{\"schedule\":{\"now\":1}}", "invalid-field", "/schedule/now"),
                shape("{\"schedule\":{\"now\":1e999999999}}", "invalid-field", "/schedule/now"),
                shape("{\"expiresAt\":5}", "invalid-field", "/expiresAt"),
                shape("{\"orderingKey\":[]}", "invalid-field", "/orderingKey"),
                shape("{\"metadata\":[]}", "invalid-field", "/metadata"),
                shape("{\"metadata\":{\"a\":1}}", "invalid-field", "/metadata/a"),
                shape("{\"metadata\":{\"a\":{}}}", "invalid-field", "/metadata/a"),
                shape("{\"onFailure\":\"x\"}", "invalid-field", "/onFailure"));
    }

    @ParameterizedTest(name = "{1} at {2}: {0}")
    @MethodSource("wrongShapes")
    void a_wrong_shape_is_answered_by_400_with_the_pointer_to_it(String body, String slug, String pointer) {
        var refused = api.post("/v1/messages", body).expectProblem(400, slug);
        if (!pointer.isEmpty()) {
            assertThat(refused.at("/errors/0/pointer")).isEqualTo(pointer);
            assertThat(refused.at("/errors/0/detail")).isNotBlank();
        }
        assertThat(refused.text()).hasSizeLessThan(2_000).doesNotContain("dev.carillon", "Exception");
    }

    static Stream<Arguments> unstorableTexts() {
        return Stream.of(
                        "{\"to\":{\"channel\":\"%s\"}}; /to/channel",
                        "{\"to\":{\"address\":\"a%s@b.c\"}}; /to/address",
                        "{\"to\":{\"chatId\":\"%s\"}}; /to/chatId",
                        "{\"to\":{\"url\":\"https://e.org/%s\"}}; /to/url",
                        "{\"content\":{\"subject\":\"%s\"}}; /content/subject",
                        "{\"content\":{\"text\":\"a%s\"}}; /content/text",
                        "{\"content\":{\"html\":\"%s\"}}; /content/html",
                        "{\"content\":{\"markdown\":\"%s\"}}; /content/markdown",
                        "{\"content\":{\"from\":\"%s\"}}; /content/from",
                        "{\"content\":{\"replyTo\":\"%s\"}}; /content/replyTo",
                        "{\"content\":{\"template\":\"%s\"}}; /content/template",
                        "{\"content\":{\"data\":{\"%s\":1}}}; /content/data",
                        "{\"content\":{\"data\":{\"a\":\"%s\"}}}; /content/data/a",
                        "{\"content\":{\"json\":{\"a\":[\"%s\"]}}}; /content/json",
                        "{\"content\":{\"json\":{\"%s\":1}}}; /content/json",
                        "{\"content\":{\"attachments\":[{\"name\":\"%s\"}]}}; /content/attachments/0/name",
                        "{\"content\":{\"attachments\":[{\"contentType\":\"%s\"}]}}; /content/attachments/0/contentType",
                        "{\"content\":{\"attachments\":[{\"base64\":\"%s\"}]}}; /content/attachments/0/base64",
                        "{\"schedule\":{\"at\":\"%s\"}}; /schedule/at",
                        "{\"schedule\":{\"in\":\"%s\"}}; /schedule/in",
                        "{\"schedule\":{\"zone\":\"%s\"}}; /schedule/zone",
                        "{\"schedule\":{\"phrase\":\"%s\"}}; /schedule/phrase",
                        "{\"expiresAt\":\"%s\"}; /expiresAt",
                        "{\"orderingKey\":\"%s\"}; /orderingKey",
                        "{\"metadata\":{\"a\":\"%s\"}}; /metadata/a",
                        "{\"metadata\":{\"%s\":\"a\"}}; /metadata",
                        "{\"onFailure\":{\"url\":\"%s\"}}; /onFailure/url")
                .flatMap(line -> Stream.of(NUL, LONE, "\\udfff", LONE + "x").map(text -> {
                    var parts = line.split("; ");
                    return Arguments.of(parts[0].formatted(text), parts[1]);
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unstorableTexts")
    void a_text_that_cannot_be_stored_is_refused_in_every_field(String body, String pointer) {
        var refused = api.post("/v1/messages", body).expect(400);
        if (refused.at("/type").endsWith("malformed-json")) {
            assertThat(refused.at("/detail"))
                    .as("half a surrogate pair in a name is no JSON")
                    .contains("surrogate");
        } else {
            refused.expectProblem(400, "invalid-text");
            assertThat(refused.at("/errors/0/pointer")).startsWith(pointer);
        }
    }

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

    @Test
    void bytes_that_are_no_utf_8_are_malformed_and_utf_16_is_json_too() {
        var latin = "{\"orderingKey\":\"é\"}".getBytes(ISO_8859_1);
        send(latin).expectProblem(400, "malformed-json");
        send(new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"'}).expectProblem(400, "malformed-json");
        send("{\"orderingKey\":\"x\"}".getBytes(UTF_16)).expectProblem(422, "invalid-request");
        send(new byte[] {0, '{', 0, 0}).expectProblem(400, "malformed-json");
        send(new byte[] {(byte) 0xfe, (byte) 0xff, 0, 0}).expectProblem(400, "malformed-json");
        send(new byte[] {0, 0, 0, '{', 0x7f, -1, -1, -1}).expectProblem(400, "malformed-json");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=501",
                "limit=-1",
                "limit=x",
                "limit=99999999999",
                "limit=%00",
                "cursor=x",
                "cursor=%00",
                "cursor=%ED%A0%80",
                "cursor=AAAA",
                "status=gone",
                "status=%00",
                "status=SCHEDULED%20",
                "channel=pigeon",
                "channel=%00",
                "dueFrom=x",
                "dueFrom=%00",
                "dueFrom=%2B999999999-01-01T00:00:00Z",
                "dueTo=-999999999-01-01T00:00:00Z",
                "dueTo=2030-13-01T00:00:00Z",
                "orderingKey=%00",
                "orderingKey=a%00b",
                "source=%00",
                "source=api:%00",
                "scheduleId=x",
                "scheduleId=%00",
            })
    void a_parameter_that_is_not_valid_is_named(String query) {
        var refused = api.get("/v1/messages?" + query).expectProblem(400, "invalid-parameter");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo(query.split("=")[0]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/messages?orderingKey=%zz", "/v1/messages/%zz", "/v1/messages/%", "/%c3%28%z?a=b"})
    void a_url_whose_escapes_are_malformed_is_refused(String path) throws Exception {
        var answer = RawHttp.exchange("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer)
                .startsWith("HTTP/1.1 400")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("\"type\":\"urn:carillon:problem:malformed-url\"", "\"status\":400")
                .containsPattern("(?i)\r\nx-trace-id: [0-9a-f]{32}\r\n")
                .containsPattern("\"traceId\":\"[0-9a-f]{32}\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "%00", "%ED%A0%80", "00000000-0000-0000-0000-00000000000g", "..%2f..%2fq"})
    void a_path_that_cannot_be_an_id_is_not_found(String id) {
        api.get("/v1/messages/" + id).expectProblem(404, "not-found");
        api.post("/v1/messages/" + id + "/cancel").expectProblem(404, "not-found");
    }

    @Test
    void an_idempotency_key_that_is_not_visible_ascii_is_refused() throws Exception {
        for (var key : List.of("a b", "é", "a\u0001b", "k".repeat(256))) {
            var body = Bodies.farEmail().getBytes(UTF_8);
            var answer = RawHttp.exchange("POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + Token.of(tenant, "admin").signed() + "\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length + "\r\n"
                    + "Idempotency-Key: " + key + "\r\n\r\n" + Bodies.farEmail());
            assertThat(answer).as(key).startsWith("HTTP/1.1 400");
        }
        api.with("Idempotency-Key", "k".repeat(256))
                .post("/v1/messages", Bodies.farEmail())
                .expectProblem(400, "idempotency-key-malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\"x\"", "1", "\"99999999999\"", "\"-1\""})
    void a_precondition_that_is_no_etag_is_named(String ifMatch) {
        var refused = api.with("If-Match", ifMatch)
                .post("/v1/messages/" + UUID.randomUUID() + "/cancel")
                .expectProblem(400, "invalid-parameter");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo("If-Match");
    }

    @Test
    void a_body_over_the_limit_is_refused_as_a_problem_whether_its_length_is_announced_or_not() {
        var large = ("{\"orderingKey\":\"" + "x".repeat(300_000) + "\"}").getBytes(UTF_8);
        send(large).expectProblem(413, "body-too-large");
        stream(large).expectProblem(413, "body-too-large");
    }

    @Test
    void a_body_just_below_the_limit_is_read_whether_its_length_is_announced_or_not() {
        var large = ("{\"orderingKey\":\"" + "x".repeat(250_000) + "\"}").getBytes(UTF_8);
        send(large).expectProblem(422, "invalid-request");
        stream(large).expectProblem(422, "invalid-request");
        stream(Bodies.farEmail().getBytes(UTF_8)).expect(201);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /v1/messages, 405, method-not-allowed",
        "DELETE, /v1/messages, 405, method-not-allowed",
        "PATCH, /v1/api-keys, 405, method-not-allowed",
        "GET, /v1/nothing, 404, not-found",
        "POST, /nothing, 404, not-found",
    })
    void what_is_not_there_is_a_problem_too(String method, String path, int status, String slug) {
        api.send(path, request -> request.method(method, BodyPublishers.noBody()))
                .expectProblem(status, slug);
    }

    @Test
    void a_body_of_another_type_is_refused() {
        api.with("Content-Type", "text/plain")
                .send("/v1/messages", request -> request.POST(BodyPublishers.ofString("{}")))
                .expectProblem(415, "unsupported-media-type");
        api.with("Accept", "image/png").get("/v1/messages").expectProblem(406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "/", "application/"})
    void a_body_whose_type_is_none_is_refused_as_one_of_another_type(String type) {
        api.with("Content-Type", type)
                .send("/v1/messages", request -> request.POST(BodyPublishers.ofString(Bodies.farEmail())))
                .expectProblem(415, "unsupported-media-type");
    }

    private Answer send(byte[] body) {
        return api.with("Content-Type", "application/json")
                .send("/v1/messages", request -> request.POST(BodyPublishers.ofByteArray(body)));
    }

    private Answer stream(byte[] body) {
        return api.with("Content-Type", "application/json")
                .send(
                        "/v1/messages",
                        request -> request.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
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
