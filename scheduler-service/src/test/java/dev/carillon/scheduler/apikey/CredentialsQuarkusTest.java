package dev.carillon.scheduler.apikey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.identity.ApiKey;
import dev.carillon.kit.identity.ApiKeyDirectory;
import dev.carillon.kit.identity.ApiKeyListener;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.identity.SigningKey;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class CredentialsQuarkusTest {
    private final String tenant = "acme-" + UUID.randomUUID();
    private final Token admin = Token.of(tenant, "admin");

    @Inject
    KafkaClientService clients;

    @Inject
    ApiKeyDirectory directory;

    @Inject
    Transactions sql;

    @Test
    void without_credentials_nothing_is_read_or_written() {
        var refused = Api.anonymous().get("/v1/messages").expectProblem(401, "unauthenticated");
        assertThat(refused.header("WWW-Authenticate")).hasValue("Bearer");
        Api.anonymous().post("/v1/messages", Bodies.farEmail()).expectProblem(401, "unauthenticated");
        Api.anonymous().get("/v1/api-keys").expectProblem(401, "unauthenticated");
        Api.anonymous().post("/v1/messages/" + UUID.randomUUID() + "/cancel").expectProblem(401, "unauthenticated");
    }

    @Test
    void a_forged_expired_or_foreign_token_is_refused() {
        refused(admin.unsigned());
        refused(admin.signedBy(SigningKey.fresh()));
        refused(admin.withIssuer("https://elsewhere.example").signed());
        refused(admin.expiredAt(Instant.now().minusSeconds(120)).signed());
        refused(admin.withTenant(null).signed());
        refused(admin.withTenant(" ").signed());
        refused(admin.signed() + "x");
        refused("not.a.token");
        refused("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic dXNlcjpwYXNz", "Bearer", "Negotiate x", ""})
    void another_kind_of_authorization_is_refused(String authorization) {
        Api.anonymous().with("Authorization", authorization).get("/v1/messages").expectProblem(401, "unauthenticated");
    }

    @Test
    void a_viewer_reads_an_operator_writes_and_only_an_admin_issues_keys() {
        var viewer = Api.as(Token.of(tenant, "viewer"));
        viewer.get("/v1/messages").expect(200);
        viewer.post("/v1/messages", Bodies.farEmail()).expectProblem(403, "forbidden");
        var operator = Api.as(Token.of(tenant, "operator"));
        operator.post("/v1/messages", Bodies.farEmail()).expect(201);
        operator.post("/v1/api-keys", "{\"name\":\"k\",\"scopes\":[\"*\"]}").expectProblem(403, "forbidden");
        Api.as(Token.of(tenant, "stranger")).get("/v1/messages").expectProblem(403, "forbidden");
    }

    @Test
    void a_key_that_an_instance_has_not_read_yet_is_asked_to_come_again() {
        QuarkusMock.installMockForType(new JustStarted(clients), ApiKeyListener.class);
        var answer = Api.anonymous()
                .with("X-API-Key", "ck_perhaps-a-good-one")
                .get("/v1/messages")
                .expectProblem(503, "not-ready");
        assertThat(answer.header("Retry-After")).hasValue("1");
    }

    @Test
    void what_the_scheduler_knows_of_its_keys_does_not_wait_for_the_topic_and_is_not_undone_by_it() {
        QuarkusMock.installMockForType(new JustStarted(clients), ApiKeyListener.class);
        var issued = issue("[\"messages:read\"]");
        var holder = Api.anonymous().with("X-API-Key", issued.at("/key"));
        holder.get("/v1/messages").expect(200);

        Api.as(admin).delete("/v1/api-keys/" + issued.at("/id")).expect(204);
        directory.learn(asIssued(issued), 1);
        holder.get("/v1/messages").expectProblem(401, "unauthenticated");
    }

    @Test
    void a_key_that_was_revoked_before_the_start_stays_so_when_the_topic_tells_of_its_issue() {
        var revoked = issue("[\"messages:read\"]");
        Api.as(admin).delete("/v1/api-keys/" + revoked.at("/id")).expect(204);
        var good = issue("[\"messages:read\"]");

        var fresh = new ApiKeyDirectory();
        ApiKeys.learnAll(sql, fresh);
        fresh.learn(asIssued(revoked), 1);
        assertThat(fresh.find(revoked.at("/key"))).isEmpty();
        assertThat(fresh.find(good.at("/key"))).isPresent();
    }

    private ApiKey asIssued(Answer issued) {
        return new ApiKey(
                UUID.fromString(issued.at("/id")),
                tenant,
                "bot",
                ApiKeyDirectory.hash(issued.at("/key")),
                Set.of("messages:read"),
                null,
                null);
    }

    @Test
    void a_key_is_shown_once_known_by_its_hash_and_good_at_once() {
        var issued = issue("[\"messages:read\",\"messages:write\"]");
        var key = issued.at("/key");
        assertThat(key).startsWith("ck_").hasSizeGreaterThan(40);
        assertThat(issued.header("Cache-Control")).hasValue("no-store");

        Api.anonymous()
                .with("X-API-Key", key)
                .post("/v1/messages", Bodies.farEmail())
                .expect(201);
        var shown = Api.as(admin).get("/v1/api-keys/" + issued.at("/id")).expect(200);
        assertThat(shown.text()).doesNotContain(key).doesNotContain(ApiKeyDirectory.hash(key));
        assertThat(Api.as(admin).get("/v1/api-keys").text()).doesNotContain(key);
        var event = Outbox.about(issued.at("/id")).getFirst();
        assertThat(event.topic()).isEqualTo("carillon.api-keys.v1");
        assertThat(event.payload().toString())
                .contains(ApiKeyDirectory.hash(key))
                .doesNotContain(key);
    }

    @Test
    void a_key_asked_for_twice_by_one_idempotency_key_is_issued_once_and_shown_once() {
        var api = Api.as(admin).with("Idempotency-Key", "first-" + tenant);
        var body = "{\"name\":\"ci\",\"scopes\":[\"messages:read\"]}";

        var first = api.post("/v1/api-keys", body).expect(201);
        var again = api.post("/v1/api-keys", body).expect(201);

        assertThat(first.at("/key")).startsWith("ck_");
        assertThat(again.at("/id")).isEqualTo(first.at("/id"));
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.json().has("key")).isFalse();
        assertThat(Api.as(admin).get("/v1/api-keys").expect(200).json().at("/items"))
                .hasSize(1);
        api.post("/v1/api-keys", "{\"name\":\"other\",\"scopes\":[\"messages:read\"]}")
                .expectProblem(422, "idempotency-key-reused");
        Api.as(admin)
                .with("Idempotency-Key", "a b")
                .post("/v1/api-keys", body)
                .expectProblem(400, "idempotency-key-malformed");
    }

    @Test
    void a_key_that_has_expired_since_is_still_the_answer_to_its_idempotency_key() {
        var api = Api.as(admin).with("Idempotency-Key", "brief-" + tenant);
        var expiresAt = Instant.now().plusSeconds(3);
        var body = "{\"name\":\"ci\",\"scopes\":[\"messages:read\"],\"expiresAt\":\"" + expiresAt + "\"}";
        var first = api.post("/v1/api-keys", body).expect(201);
        await().until(() -> Instant.now().isAfter(expiresAt));

        var again = api.post("/v1/api-keys", body).expect(201);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(again.at("/id")).isEqualTo(first.at("/id"));
        assertThat(again.at("/expiresAt")).isEqualTo(first.at("/expiresAt"));
        assertThat(again.json().has("key")).isFalse();
        Api.as(admin).post("/v1/api-keys", body).expectProblem(422, "invalid-request");
    }

    @Test
    void a_key_may_do_what_its_scopes_name_and_nothing_else() {
        var reader =
                Api.anonymous().with("X-API-Key", issue("[\"messages:read\"]").at("/key"));
        reader.get("/v1/messages").expect(200);
        reader.post("/v1/messages", Bodies.farEmail()).expectProblem(403, "forbidden");
        reader.get("/v1/api-keys").expectProblem(403, "forbidden");
    }

    @Test
    void a_revoked_key_is_refused_and_revoking_it_again_is_no_error() {
        var issued = issue("[\"*\"]");
        var path = "/v1/api-keys/" + issued.at("/id");
        Api.as(admin).delete(path).expect(204);
        await().untilAsserted(() -> Api.anonymous()
                .with("X-API-Key", issued.at("/key"))
                .get("/v1/messages")
                .expectProblem(401, "unauthenticated"));
        Api.as(admin).delete(path).expect(204);
        assertThat(Outbox.typesAbout(issued.at("/id")))
                .containsExactly("carillon.api-key.issued.v1", "carillon.api-key.revoked.v1");
    }

    @Test
    void a_key_is_revoked_only_in_the_state_that_if_match_names() {
        var issued = issue("[\"messages:read\"]");
        var path = "/v1/api-keys/" + issued.at("/id");
        assertThat(issued.headers()).containsEntry("etag", "\"1\"");
        assertThat(Api.as(admin).get(path).expect(200).headers()).containsEntry("etag", "\"1\"");

        Api.as(admin).with("If-Match", "\"2\"").delete(path).expectProblem(412, "version-mismatch");
        Api.as(admin).with("If-Match", "1").delete(path).expectProblem(400, "invalid-parameter");
        Api.anonymous().with("X-API-Key", issued.at("/key")).get("/v1/messages").expect(200);

        Api.as(admin).with("If-Match", "\"1\"").delete(path).expect(204);
        assertThat(Api.as(admin).get(path).expect(200).headers()).containsEntry("etag", "\"2\"");
        Api.as(admin).with("If-Match", "\"1\"").delete(path).expectProblem(412, "version-mismatch");
        Api.as(admin).with("If-Match", "*").delete(path).expect(204);
    }

    @Test
    void a_key_can_be_revoked_by_two_at_once_and_is_revoked_once() {
        var issued = issue("[\"*\"]");
        var revoking = Stream.generate(() -> CompletableFuture.runAsync(() ->
                        Api.as(admin).delete("/v1/api-keys/" + issued.at("/id")).expect(204)))
                .limit(8)
                .toList();
        revoking.forEach(CompletableFuture::join);
        assertThat(Outbox.typesAbout(issued.at("/id")))
                .containsExactly("carillon.api-key.issued.v1", "carillon.api-key.revoked.v1");
    }

    @Test
    void a_scope_that_is_named_twice_is_one() {
        var issued = issue("[\"messages:read\",\"messages:read\"]");
        assertThat(issued.json().get("scopes")).hasSize(1);
        Api.anonymous().with("X-API-Key", issued.at("/key")).get("/v1/messages").expect(200);
    }

    @Test
    void a_key_gives_no_scope_that_it_does_not_have() {
        var issuer = Api.anonymous()
                .with("X-API-Key", issue("[\"api-keys:admin\",\"messages:*\"]").at("/key"));
        issuer.post("/v1/api-keys", "{\"name\":\"k\",\"scopes\":[\"messages:read\",\"messages:*\"]}")
                .expect(201);
        for (var scope : List.of("*", "deliveries:read", "api-keys:*")) {
            var refused = issuer.post(
                            "/v1/api-keys", "{\"name\":\"k\",\"scopes\":[\"messages:read\",\"" + scope + "\"]}")
                    .expectProblem(403, "scope-not-held");
            assertThat(refused.at("/detail")).isEqualTo("You do not have " + scope);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ck_unknown", "x", "%00", "' OR 1=1"})
    void an_unknown_key_is_refused_even_beside_a_good_token(String key) {
        Api.as(admin).with("X-API-Key", key).get("/v1/messages").expectProblem(401, "unauthenticated");
    }

    @Test
    void another_tenants_message_and_key_are_not_found() {
        var message = Api.as(admin).post("/v1/messages", Bodies.farEmail()).at("/id");
        var key = issue("[\"*\"]").at("/id");
        var other = Api.of("other-" + tenant);
        other.get("/v1/messages/" + message).expectProblem(404, "not-found");
        other.get("/v1/api-keys/" + key).expectProblem(404, "not-found");
        other.delete("/v1/api-keys/" + key).expectProblem(404, "not-found");
        assertThat(other.get("/v1/messages").json().get("items")).isEmpty();
        assertThat(other.get("/v1/api-keys").json().get("items")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"scopes\":[\"*\"]};/name",
                "{\"name\":\"a\\nb\",\"scopes\":[\"*\"]};/name",
                "{\"name\":\"a\"};/scopes",
                "{\"name\":\"a\",\"scopes\":[]};/scopes",
                "{\"name\":\"a\",\"scopes\":[null]};/scopes",
                "{\"name\":\"a\",\"scopes\":[\"everything\"]};/scopes",
                "{\"name\":\"a\",\"scopes\":[\"*\"],\"expiresAt\":\"2001-01-01T00:00:00Z\"};/expiresAt",
                "{\"name\":\"a\",\"scopes\":[\"*\"],\"expiresAt\":\"+999999999-01-01T00:00:00Z\"};/expiresAt",
                "{};/name"
            })
    void a_key_is_not_issued_for_a_request_that_is_not_valid(String bodyAndPointer) {
        var parts = bodyAndPointer.split(";");
        var refused = Api.as(admin).post("/v1/api-keys", parts[0]).expectProblem(422, "invalid-request");
        assertThat(refused.at("/errors/0/pointer")).isEqualTo(parts[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{"})
    void a_key_is_not_issued_without_a_body_that_asks_for_one(String body) {
        Api.as(admin).post("/v1/api-keys", body).expectProblem(400, "malformed-json");
    }

    private Answer issue(String scopes) {
        return Api.as(admin)
                .post("/v1/api-keys", "{\"name\":\"bot\",\"scopes\":" + scopes + "}")
                .expect(201);
    }

    private static void refused(String token) {
        Api.anonymous()
                .with("Authorization", "Bearer " + token)
                .get("/v1/messages")
                .expectProblem(401, "unauthenticated");
    }

    private static final class JustStarted extends ApiKeyListener {
        JustStarted(KafkaClientService clients) {
            super(new ApiKeyDirectory(), new ObjectMapper(), clients);
        }

        @Override
        public Uni<Boolean> hasReadAll() {
            return Uni.createFrom().item(false);
        }
    }
}
