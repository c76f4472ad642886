package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A body that is no message at all, in JSON or in its types, is answered by 400. */
@QuarkusTest
@TestProfile(Surroundings.class)
class MalformedMessageQuarkusTest {
    private static final String NUL = "\\u0000";
    private static final String LONE = "\\ud800";

    private final Api api = Api.of("acme-" + UUID.randomUUID());

    static Stream<Arguments> wrongShapes() {
        return Stream.of(
                // what, body, slug, pointer
                Arguments.of("{", "malformed-json", ""),
                Arguments.of("{\"to\":{\"channel\":\"email\"}", "malformed-json", ""),
                Arguments.of("", "malformed-json", ""),
                Arguments.of("null", "malformed-json", ""),
                Arguments.of("[]", "malformed-json", ""),
                Arguments.of("5", "malformed-json", ""),
                Arguments.of("\"text\"", "malformed-json", ""),
                Arguments.of("{}{}", "malformed-json", ""),
                Arguments.of("{'to':1}", "malformed-json", ""),
                Arguments.of("{\"to\":null,\"to\":null}", "malformed-json", ""),
                Arguments.of("{\"schedule\":{\"at\":NaN}}", "malformed-json", ""),
                Arguments.of("[".repeat(2_000), "malformed-json", ""),
                Arguments.of(
                        "{\"content\":{\"json\":" + "[".repeat(1_500) + "]".repeat(1_500) + "}}", "malformed-json", ""),
                Arguments.of("{\"content\":{\"json\":" + "9".repeat(5_000) + "}}", "malformed-json", ""),
                Arguments.of(Bodies.email("{\"in\":\"P1D\"}", ",\"unknown\":1"), "unknown-field", "/unknown"),
                Arguments.of("{\"to\":{\"chanel\":\"email\"}}", "unknown-field", "/to/chanel"),
                Arguments.of(
                        "{\"content\":{\"attachments\":[{\"nam\":1}]}}", "unknown-field", "/content/attachments/0/nam"),
                Arguments.of("{\"to\":5}", "invalid-field", "/to"),
                Arguments.of("{\"to\":[]}", "invalid-field", "/to"),
                Arguments.of("{\"to\":\"email\"}", "invalid-field", "/to"),
                Arguments.of("{\"to\":{\"channel\":5}}", "invalid-field", "/to/channel"),
                Arguments.of("{\"to\":{\"channel\":{}}}", "invalid-field", "/to/channel"),
                Arguments.of("{\"to\":{\"endpointId\":\"x\"}}", "invalid-field", "/to/endpointId"),
                Arguments.of("{\"to\":{\"endpointId\":\"\"}}", "invalid-field", "/to/endpointId"),
                Arguments.of("{\"content\":{\"text\":5}}", "invalid-field", "/content/text"),
                Arguments.of("{\"content\":{\"text\":true}}", "invalid-field", "/content/text"),
                Arguments.of("{\"content\":{\"markdown\":5}}", "invalid-field", "/content/markdown"),
                Arguments.of("{\"content\":{\"attachments\":{}}}", "invalid-field", "/content/attachments"),
                Arguments.of("{\"content\":{\"attachments\":[5]}}", "invalid-field", "/content/attachments/0"),
                Arguments.of("{\"schedule\":{\"at\":5}}", "invalid-field", "/schedule/at"),
                Arguments.of("{\"schedule\":{\"now\":\"true\"}}", "invalid-field", "/schedule/now"),
                Arguments.of("{\"schedule\":{\"now\":1}}", "invalid-field", "/schedule/now"),
                Arguments.of("{\"schedule\":{\"now\":1e999999999}}", "invalid-field", "/schedule/now"),
                Arguments.of("{\"expiresAt\":5}", "invalid-field", "/expiresAt"),
                Arguments.of("{\"orderingKey\":[]}", "invalid-field", "/orderingKey"),
                Arguments.of("{\"metadata\":[]}", "invalid-field", "/metadata"),
                Arguments.of("{\"metadata\":{\"a\":1}}", "invalid-field", "/metadata/a"),
                Arguments.of("{\"metadata\":{\"a\":{}}}", "invalid-field", "/metadata/a"),
                Arguments.of("{\"onFailure\":\"x\"}", "invalid-field", "/onFailure"));
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
}
