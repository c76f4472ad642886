package dev.carillon.system.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.local.state.AdminToken;
import dev.carillon.local.state.Credentials;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import dev.carillon.system.stack.Web;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be done is refused with a problem that the documents list, and is never a failure of ours. */
@ExtendWith(RunningStack.class)
class BadRequestIT {

    private static final String GOOD = """
            {"to":{"channel":"email","address":"ana@example.org"},"content":{"text":"See you."},"schedule":{"in":"PT1H"}}""";

    private final TestStack stack;
    private final Carillon carillon;

    BadRequestIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"to":                                                                                     | 400 | malformed-json
            []                                                                                         | 400 | malformed-json
            `null`                                                                                     | 400 | malformed-json
            not json at all                                                                            | 400 | malformed-json
            {"to":{"channel":"email","address":"a@b.c","colour":"red"}}                                | 400 | unknown-field
            {"urgent":true}                                                                            | 400 | unknown-field
            {"to":"ana@example.org"}                                                                   | 400 | invalid-field
            {"to":{"channel":"email","address":{"a":1}}}                                               | 400 | invalid-field
            {"metadata":{"visit":[1]}}                                                                 | 400 | invalid-field
            {}                                                                                         | 422 | invalid-request
            {"to":{"channel":"pigeon"},"content":{"text":"x"},"schedule":{"now":true}}                 | 422 | invalid-request
            {"to":{"channel":"email","address":"no address"},"content":{"text":"x"},"schedule":{"now":true}}| 422 | invalid-request
            {"to":{"channel":"email","address":"a@example.org"},"content":{"text":"x","markdown":"x"},"schedule":{"now":true}} | 422 | invalid-request
            {"to":{"channel":"telegram","chatId":"1"},"content":{"html":"x","markdown":"x"},"schedule":{"now":true}} | 422 | invalid-request
            {"to":{"channel":"telegram","chatId":"1"},"content":{"text":"x"},"schedule":{"in":"2 hours"}}   | 422 | invalid-request
            {"to":{"channel":"telegram","chatId":"1"},"content":{"text":"x"},"schedule":{"in":"PT1S","now":true}} | 422 | invalid-request
            {"to":{"channel":"telegram","chatId":"1"},"content":{"text":"x"},"schedule":{"at":"2001-01-01T00:00:00Z"}} | 422 | due-in-the-past
            {"to":{"channel":"telegram","chatId":"1"},"content":{"text":"x"},"schedule":{"at":"2040-01-01T00:00","zone":"Mars/Olympus"}} | 422 | unknown-zone
            {"to":{"channel":"telegram","chatId":"1"},"content":{"text":"x"},"schedule":{"in":"P999Y"}} | 422 | due-too-far
            {"to":{"channel":"webhook","url":"http://169.254.169.254/latest"},"content":{"json":{}},"schedule":{"now":true}} | 422 | destination-refused
            {"to":{"channel":"webhook","url":"file:///etc/passwd"},"content":{"json":{}},"schedule":{"now":true}} | 422 | invalid-request
            """)
    void a_message_that_cannot_be_is_refused_by_name(String body, int status, String slug) throws Exception {
        assertThatItIsRefused(carillon.scheduler("POST", "/v1/messages", body), status, slug);
    }

    @Test
    void a_message_without_a_body_is_refused_by_name() throws Exception {
        assertThatItIsRefused(carillon.scheduler("POST", "/v1/messages", ""), 400, "malformed-json");
    }

    @Test
    void an_oversized_body_is_refused_by_name() throws Exception {
        String body = GOOD.replace("See you.", "x".repeat(300 * 1024));

        assertThatItIsRefused(carillon.scheduler("POST", "/v1/messages", body), 413, "body-too-large");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/messages?cursor=nonsense           | 400 | invalid-parameter
            /v1/messages?cursor=%00                | 400 | invalid-parameter
            /v1/messages?limit=0                   | 400 | invalid-parameter
            /v1/messages?limit=many                | 400 | invalid-parameter
            /v1/messages?status=lost               | 400 | invalid-parameter
            /v1/messages?dueFrom=yesterday         | 400 | invalid-parameter
            /v1/messages/none                      | 404 | not-found
            /v1/messages/0197a0b0-0000-7000-8000-000000000000 | 404 | not-found
            /v1/nothing                            | 404 | not-found
            """)
    void a_question_that_cannot_be_is_refused_by_name(String path, int status, String slug) throws Exception {
        assertThatItIsRefused(carillon.scheduler("GET", path, null), status, slug);
    }

    @ParameterizedTest
    @ValueSource(strings = {"with a blank", "ümlaut", "tab\there"})
    void a_malformed_idempotency_key_is_refused_by_name(String key) throws Exception {
        // Written as bytes: a client library would not send some of these.
        assertThatItIsRefused(RawHttp.post(stack, GOOD, key), 400, "idempotency-key-malformed");
    }

    @Test
    void an_idempotency_key_that_stood_for_another_request_is_refused_by_name() throws Exception {
        String key = UUID.randomUUID().toString();
        String[] header = {"Idempotency-Key", key};
        String first = carillon.scheduler("POST", "/v1/messages", GOOD, header)
                .jsonOf(201)
                .getString("id");

        Answer repeated = carillon.scheduler("POST", "/v1/messages", GOOD, header);
        assertThat(repeated.jsonOf(201).getString("id")).isEqualTo(first);
        assertThat(repeated.header("Idempotency-Replayed")).isEqualTo("true");
        assertThatItIsRefused(
                carillon.scheduler("POST", "/v1/messages", GOOD.replace("See", "Saw"), header),
                422,
                "idempotency-key-reused");
    }

    @Test
    void without_credentials_or_with_wrong_ones_nothing_is_told() throws Exception {
        for (String url : new String[] {
            stack.scheduler() + "/v1/messages",
            stack.delivery() + "/v1/deliveries",
            stack.booking() + "/v1/bookings",
            stack.relay() + "/v1/outbox"
        }) {
            assertThatItIsRefused(Web.send("GET", url, null), 401, "unauthenticated");
            assertThatItIsRefused(Web.send("GET", url, null, "X-API-Key", "ck_forged"), 401, "unauthenticated");
            assertThatItIsRefused(
                    Web.send("GET", url, null, "Authorization", "Bearer ey.forged.token"), 401, "unauthenticated");
            assertThatItIsRefused(
                    Web.send("GET", url, null, "Authorization", "Bearer " + withAnotherTenant()),
                    401,
                    "unauthenticated");
        }
    }

    /** Somebody's token, in which somebody else's tenant was written. */
    private String withAnotherTenant() {
        String[] own = stack.secret(Credentials.ADMIN_TOKEN).split("\\.", -1);
        String[] others = tokenOfAnotherTenant().split("\\.", -1);
        return own[0] + "." + others[1] + "." + own[2];
    }

    @Test
    void a_key_without_the_scope_is_refused_by_name() throws Exception {
        String key = Web.send(
                        "POST",
                        stack.scheduler() + "/v1/api-keys",
                        "{\"name\":\"reader\",\"scopes\":[\"messages:read\"]}",
                        "Authorization",
                        "Bearer " + stack.secret(Credentials.ADMIN_TOKEN),
                        "Content-Type",
                        "application/json")
                .jsonOf(201)
                .getString("key");

        Answer read = Web.send("GET", stack.scheduler() + "/v1/messages", null, "X-API-Key", key);
        assertThat(read.status()).isEqualTo(200);
        Answer write = Web.send(
                "POST", stack.scheduler() + "/v1/messages", GOOD, "X-API-Key", key, "Content-Type", "application/json");
        assertThatItIsRefused(write, 403, "forbidden");
    }

    @Test
    void another_tenants_message_and_delivery_are_not_there() throws Exception {
        Accepted message = carillon.schedule(Way.EMAIL, "PT0S");
        carillon.awaitStatus(message, "delivered");
        String delivery = carillon.deliveries(message).getFirst().getString("id");
        String[] other = {"Authorization", "Bearer " + tokenOfAnotherTenant()};
        String path = stack.scheduler() + "/v1/messages/" + message.id();

        assertThatItIsRefused(Web.send("GET", path, null, other), 404, "not-found");
        assertThatItIsRefused(Web.send("POST", path + "/cancel", null, other), 404, "not-found");
        assertThatItIsRefused(
                Web.send("GET", stack.delivery() + "/v1/deliveries/" + delivery, null, other), 404, "not-found");
        assertThatItIsRefused(
                Web.send("POST", stack.delivery() + "/v1/deliveries/" + delivery + "/retry", null, other),
                404,
                "not-found");
        assertThat(Web.send("GET", stack.scheduler() + "/v1/messages", null, other)
                        .jsonOf(200)
                        .getJsonArray("items"))
                .isEmpty();
        assertThat(Web.send("GET", stack.delivery() + "/v1/deliveries?messageId=" + message.id(), null, other)
                        .jsonOf(200)
                        .getJsonArray("items"))
                .isEmpty();
    }

    private String tokenOfAnotherTenant() {
        return AdminToken.keptOrNew("", "another-tenant", stack.keys(), Instant.now());
    }

    private static void assertThatItIsRefused(Answer answer, int status, String slug) throws IOException {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.slug()).isEqualTo(slug);
        assertThat(answer.json().getInteger("status")).isEqualTo(status);
        assertThat(answer.json().getString("title")).isNotBlank();
        assertThat(answer.json().getString("traceId")).matches("[0-9a-f]{32}").isEqualTo(answer.header("X-Trace-Id"));
        assertThat(Files.readString(TestStack.root().resolve("docs/contracts/problems.md")))
                .as("documented")
                .contains("| `" + slug + "` | " + status + " |");
    }
}
