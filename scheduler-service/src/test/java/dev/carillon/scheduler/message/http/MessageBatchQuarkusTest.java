package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class MessageBatchQuarkusTest {
    private static final String FAR = "{\"in\":\"P1D\"}";
    private final Api api = Api.of("acme-" + UUID.randomUUID());

    private Answer post(String... items) {
        return post(api, items);
    }

    private static Answer post(Api api, String... items) {
        return api.post("/v1/messages/batch", "{\"items\":[" + String.join(",", items) + "]}");
    }

    private static String keyed(String key, String schedule) {
        return Bodies.email(schedule, ",\"idempotencyKey\":\"" + key + "\"");
    }

    @Test
    void each_item_becomes_a_message_and_what_is_near_is_handed_over() {
        var answer = post(Bodies.farEmail(), Bodies.nearEmail()).expect(200);
        assertThat(answer.at("/results/0/status")).isEqualTo("201");
        assertThat(answer.at("/results/0/message/status")).isEqualTo("scheduled");
        assertThat(answer.at("/results/1/message/status")).isEqualTo("staged");

        var far = answer.at("/results/0/message/id");
        assertThat(api.get("/v1/messages/" + far).expect(200).json())
                .isEqualTo(answer.json().at("/results/0/message"));
        assertThat(Outbox.typesAbout(answer.at("/results/1/message/id"))).containsExactly("carillon.message.staged.v1");
    }

    @Test
    void a_thousand_are_taken_at_once_in_one_commit_and_one_more_is_refused() {
        var thousand = Collections.nCopies(1_000, Bodies.farEmail()).toArray(String[]::new);
        var answer = post(thousand).expect(200);
        assertThat(answer.json().at("/results")).hasSize(1_000).allSatisfy(result -> assertThat(
                        result.get("status").intValue())
                .isEqualTo(201));

        var more = Collections.nCopies(1_001, Bodies.farEmail()).toArray(String[]::new);
        assertThat(post(more).expect(422).at("/errors/0/pointer")).isEqualTo("/items");
    }

    @Test
    void what_is_wrong_with_an_item_is_said_where_it_stands_and_spoils_no_other() {
        var answer = post(
                        Bodies.farEmail(),
                        "{}",
                        Bodies.email("{\"at\":\"2020-01-01T00:00:00Z\"}"),
                        Bodies.email(FAR, ",\"colour\":\"red\""),
                        Bodies.email(FAR, ",\"orderingKey\":7"),
                        Bodies.email(FAR, ",\"orderingKey\":\"\\u0000\""),
                        Bodies.email(FAR, ",\"idempotencyKey\":7"),
                        keyed("two words", FAR),
                        "null",
                        Bodies.farEmail())
                .expect(200);
        assertThat(IntStream.range(0, 10).mapToObj(n -> answer.at("/results/" + n + "/status")))
                .containsExactly("201", "422", "422", "400", "400", "400", "400", "400", "400", "201");
        assertThat(IntStream.range(1, 9).mapToObj(n -> answer.at("/results/" + n + "/problem/type")
                        .replace("urn:carillon:problem:", "")))
                .containsExactly(
                        "invalid-request",
                        "due-in-the-past",
                        "unknown-field",
                        "invalid-field",
                        "invalid-text",
                        "invalid-field",
                        "idempotency-key-malformed",
                        "invalid-field");
        assertThat(answer.at("/results/3/problem/errors/0/pointer")).isEqualTo("/colour");
        assertThat(api.get("/v1/messages").expect(200).json().at("/items")).hasSize(2);
    }

    @Test
    void a_repeated_batch_makes_nothing_twice_and_shows_what_its_items_have_become() {
        var items = new String[] {keyed("a", FAR), keyed("b", FAR), Bodies.farEmail()};
        var withKey = api.with("Idempotency-Key", "all");
        var first = post(withKey, items).expect(200);
        api.post("/v1/messages/" + first.at("/results/0/message/id") + "/cancel", "")
                .expect(200);

        var second = post(withKey, items).expect(200);
        for (int n = 0; n < 3; n++) {
            assertThat(second.at("/results/" + n + "/message/id")).isEqualTo(first.at("/results/" + n + "/message/id"));
            assertThat(second.at("/results/" + n + "/replayed")).isEqualTo("true");
        }
        assertThat(second.at("/results/0/message/status")).isEqualTo("cancelled");
        assertThat(api.get("/v1/messages").expect(200).json().at("/items")).hasSize(3);
    }

    @Test
    void an_items_key_is_the_one_that_it_would_have_alone() {
        var alone = api.with("Idempotency-Key", "k")
                .post("/v1/messages", Bodies.farEmail())
                .expect(201);
        var answer = post(keyed("k", FAR), keyed("k", "{\"in\":\"P2D\"}")).expect(200);
        assertThat(answer.at("/results/0/message/id")).isEqualTo(alone.at("/id"));
        assertThat(answer.at("/results/1/problem/type")).endsWith("idempotency-key-reused");
    }

    @Test
    void a_batch_may_be_larger_than_any_other_request_and_no_larger_than_4_mebibytes() {
        var large = Bodies.email(FAR, ",\"metadata\":{\"a\":\"" + "x".repeat(1000) + "\"}");
        post(Collections.nCopies(900, large).toArray(String[]::new)).expect(200);

        var largeItem = Bodies.email(FAR, ",\"pad\":\"" + "x".repeat(256 << 10) + "\"");
        assertThat(post(Bodies.farEmail(), largeItem).expect(200).at("/results/1/status"))
                .isEqualTo("413");

        var tooLarge = "{\"items\":[],\"pad\":\"" + "x".repeat(4 << 20) + "\"}";
        assertThat(api.post("/v1/messages/batch", tooLarge).expect(413).at("/type"))
                .endsWith("body-too-large");
        var tooLargeAlone = Bodies.email(FAR, ",\"pad\":\"" + "x".repeat(256 << 10) + "\"");
        api.post("/v1/messages", tooLargeAlone).expect(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"items\":[]}",
                "{\"items\":{}}",
                "{\"items\":[1]}",
                "[]",
                "{\"items\":[{}],\"more\":1}",
                "{\"items\":["
            })
    void a_body_that_is_no_batch_is_refused(String body) {
        assertThat(api.post("/v1/messages/batch", body).status()).isIn(List.of(400, 422));
    }
}
