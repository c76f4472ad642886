package dev.carillon.scheduler.message.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.problem.ProblemMappers;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.http.RawHttp;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.log.LogLines;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends, the answer is a problem of the 4xx that names the fault. */
@QuarkusTest
@TestProfile(Surroundings.class)
class BadRequestQuarkusTest {
    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);

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
        "POST, /v1/messages/019f0000-0000-7000-8000-000000000000/nothing, 404, not-found",
        "POST, /nothing, 404, not-found",
    })
    void what_is_not_there_is_a_problem_too(String method, String path, int status, String slug) {
        api.send(path, request -> request.method(method, BodyPublishers.noBody()))
                .expectProblem(status, slug);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /v1/messages | GET, HEAD, POST",
                "PUT | /v1/messages/019f0000-0000-7000-8000-000000000000 | GET, HEAD, PATCH",
                "GET | /v1/messages/019f0000-0000-7000-8000-000000000000/cancel | POST",
                // Two resources begin so: that of the stream takes no POST, and that of messages, which does, has
                // nothing there.
                "POST | /v1/messages/019f0000-0000-7000-8000-000000000000/events | GET, HEAD",
                "PATCH | /v1/time/preview | POST",
                "PUT | /v1/schedules/x | DELETE, GET, HEAD, PATCH",
            })
    void who_uses_a_method_that_a_path_does_not_take_is_told_which_it_takes(
            String method, String path, String allowed) {
        var refused = api.send(path, request -> request.method(method, BodyPublishers.noBody()))
                .expectProblem(405, "method-not-allowed");
        assertThat(refused.header("Allow")).hasValue(allowed);
    }

    @Test
    void a_body_of_another_type_is_refused_with_the_types_that_are_taken() {
        var posted = api.with("Content-Type", "text/plain")
                .send("/v1/messages", request -> request.POST(BodyPublishers.ofString("{}")))
                .expectProblem(415, "unsupported-media-type");
        assertThat(posted.header("Accept")).hasValue("application/json");
        var patched = api.with("Content-Type", "text/plain")
                .send(
                        "/v1/messages/" + UUID.randomUUID(),
                        request -> request.method("PATCH", BodyPublishers.ofString("{}")))
                .expectProblem(415, "unsupported-media-type");
        assertThat(patched.header("Accept").orElseThrow().split(", "))
                .containsExactlyInAnyOrder("application/merge-patch+json", "application/json");
    }

    @Test
    void an_answer_of_another_type_is_refused_with_the_type_that_there_is() {
        var refused = api.with("Accept", "image/png").get("/v1/messages").expectProblem(406, "not-acceptable");
        assertThat(refused.at("/detail")).contains("application/json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "/", "application/"})
    void a_body_whose_type_is_none_is_refused_as_one_of_another_type(String type) {
        api.with("Content-Type", type)
                .send("/v1/messages", request -> request.POST(BodyPublishers.ofString(Bodies.farEmail())))
                .expectProblem(415, "unsupported-media-type");
    }

    /** Whose own code cannot read what somebody has stored. */
    @Path("/v1/stored")
    public static class Stored {
        @GET
        @Operation(hidden = true)
        public String read(@QueryParam("text") String text) throws JsonProcessingException {
            return new ObjectMapper().readValue(text, UUID.class).toString();
        }

        @POST
        @Consumes("application/json")
        @Operation(hidden = true)
        public String replace(@QueryParam("text") String text, JsonNode body) throws JsonProcessingException {
            return read(text) + body;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%22x%22", "x"})
    void what_is_stored_and_cannot_be_read_is_logged_and_no_fault_of_a_client(String text) {
        try (var log = LogLines.of(ProblemMappers.class)) {
            api.get("/v1/stored?text=" + text).expectProblem(500, "internal-error");
            api.post("/v1/stored?text=" + text, "{}").expectProblem(500, "internal-error");
            assertThat(log.thrown()).hasSize(2).allSatisfy(failure -> assertThat(failure)
                    .isInstanceOf(JacksonException.class));
            api.post("/v1/stored?text=" + text, "{").expectProblem(400, "malformed-json");
            assertThat(log.thrown()).hasSize(2);
        }
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
}
