package dev.carillon.delivery.attempt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import dev.carillon.kit.testing.identity.Token;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a failing or hanging receiver does to its own deliveries and to everybody else's, from the scheduler's topic to the provider. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class ContainmentQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int LEAST_CALLS = 10;
    private static final int PROBES = 3;
    private static final int LATER = 100;
    private static final int CONNECTIONS = 32;

    private final DeliveryDatabase database = new DeliveryDatabase();
    private final Receiver receiver = Receiver.start();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final String path = "/" + UUID.randomUUID();
    private final SchedulerTopic scheduler = new SchedulerTopic();

    @AfterEach
    void disconnect() {
        scheduler.close();
        receiver.close();
    }

    private Staged staged(Instant due) {
        var message = Staged.webhook(receiver.url(path), due).of(tenant);
        scheduler.stage(message);
        return message;
    }

    private static ValidatableResponse channels(String tenant, String query) {
        return given().auth()
                .oauth2(Token.of(tenant, "viewer").signed())
                .get("/v1/channels" + query)
                .then();
    }

    /** A field of this test's address, as the tenant sees it; "null" for none. */
    private String endpoint(String field) {
        var found =
                channels(tenant, "?channel=webhook").statusCode(200).extract().jsonPath();
        var here = "items.find { it.scope == 'endpoint' && it.provider == '" + receiver.url(path) + "' }";
        return String.valueOf(found.getString(here + "?." + field));
    }

    /** Of the tenant's only host. */
    private String host(String field) {
        var found =
                channels(tenant, "?channel=webhook").statusCode(200).extract().jsonPath();
        return String.valueOf(found.getString("items.find { it.scope == 'host' }?." + field));
    }

    private int waiting() {
        var number = endpoint("waiting");
        return number.equals("null") ? 0 : Integer.parseInt(number);
    }

    private JsonPath deliveries(String status) {
        return given().auth()
                .oauth2(Token.of(tenant, "viewer").signed())
                .get("/v1/deliveries?limit=500&status=" + status)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private boolean isToldOfItsRecall(UUID message) {
        var types = database.types(message);
        return types.contains("recalled") || types.contains("recall-refused");
    }

    private int number(String status) {
        return deliveries(status).getList("items").size();
    }

    @Test
    void what_waited_in_vain_for_a_connection_was_not_attempted() {
        receiver.answering(
                path, call -> call <= CONNECTIONS ? new CompletableFuture<>() : CompletableFuture.completedFuture(200));
        var due = Instant.now().plusSeconds(2);
        var all = IntStream.range(0, CONNECTIONS + LEAST_CALLS)
                .mapToObj(i -> staged(due).id().toString())
                .collect(Collectors.toSet());
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() >= CONNECTIONS);
        receiver.calls(path).forEach(call -> all.remove(call.webhookId()));
        assertThat(all).hasSize(LEAST_CALLS);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(deliveries("delivered").<String>getList("items.messageId"))
                        .containsAll(all));
        var delivered = deliveries("delivered");
        all.forEach(message -> assertThat(
                        delivered.getList("items.find { it.messageId == '" + message + "' }.attempts.outcome"))
                .as("outcomes of the attempts of %s", message)
                .isEqualTo(List.of("delivered")));
    }

    @Test
    void what_waits_for_a_connection_until_it_expires_ends_then_unsent_and_unattempted_and_others_have_their_turn() {
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> answer);
        var due = Instant.now().plusSeconds(2);
        var hanging = IntStream.range(0, CONNECTIONS)
                .mapToObj(i -> staged(due).id().toString())
                .toList();
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() >= CONNECTIONS);
        // Those that hang give up in six seconds, and leave their connections.
        var soon = Instant.now().plusSeconds(3);
        var expiring =
                Staged.webhook(receiver.url(path), Instant.now()).of(tenant).expiringAt(soon);
        scheduler.stage(expiring);
        var lasting = staged(Instant.now());

        await().atMost(PATIENCE).until(() -> database.types(expiring.id()).contains("expired"));

        assertThat(deliveries("in-flight").<String>getList("items.messageId"))
                .as("none of those that hang has left its place")
                .containsAll(hanging);
        assertThat(database.told(expiring.id()).getLast().version())
                .as("accepted, in flight, withdrawn and expired: it had its permit, and waited in the line")
                .isEqualTo(4);
        answer.complete(200);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(database.types(lasting.id())).containsExactly("accepted", "delivered"));
        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .contains(lasting.id().toString())
                .doesNotContain(expiring.id().toString());
        assertThat(deliveries("expired").getList("items[0].attempts")).isEmpty();
    }

    @Test
    void a_path_that_hangs_costs_another_tenant_s_path_on_its_host_no_attempt() {
        receiver.answering(path, call -> new CompletableFuture<>());
        var due = Instant.now().plusSeconds(2);
        IntStream.range(0, 40).forEach(i -> staged(due));
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() >= CONNECTIONS);
        var neighbour = "neighbour-" + UUID.randomUUID();
        var neighbours = IntStream.range(0, 20)
                .mapToObj(i ->
                        Staged.webhook(receiver.url(path + "/b"), Instant.now()).of(neighbour))
                .toList();

        neighbours.forEach(scheduler::stage);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(neighbours)
                .allSatisfy(one -> assertThat(database.types(one.id())).contains("delivered")));
        assertThat(neighbours)
                .allSatisfy(one -> assertThat(database.types(one.id())).containsExactly("accepted", "delivered"));
        assertThat(receiver.calls(path + "/b")).hasSize(neighbours.size());
    }

    @Test
    void deliveries_to_a_dead_address_wait_unattempted_and_go_out_once_it_answers() {
        var status = new AtomicInteger(503);
        receiver.answering(path, call -> CompletableFuture.completedFuture(status.get()));
        var due = Instant.now().plusSeconds(2);
        IntStream.range(0, LEAST_CALLS).forEach(i -> staged(due));
        await().atMost(PATIENCE).until(() -> endpoint("breaker.state").equals("open"));
        int before = receiver.calls(path).size();
        long openedAt = System.nanoTime();

        IntStream.range(0, LATER).forEach(i -> staged(Instant.now()));
        await().atMost(PATIENCE).until(() -> waiting() >= LATER * 9 / 10);

        // Each opening lasts 1.6 s at least, and each has its probes.
        long openings = 1 + (System.nanoTime() - openedAt) / 1_600_000_000;
        assertThat(receiver.calls(path).size() - before).isLessThanOrEqualTo((int) openings * PROBES);
        assertThat(deliveries("pending").getList("items.findAll { it.attempts.size() > 0 }"))
                .isEmpty();
        assertThat(number("pending")).isGreaterThan(LATER / 2);
        var recalled = IntStream.range(0, 2 * PROBES)
                .mapToObj(i -> staged(Instant.now()))
                .toList();
        var expiring = Staged.webhook(receiver.url(path), Instant.now())
                .of(tenant)
                .expiringAt(Instant.now().plusSeconds(2));
        scheduler.stage(expiring);
        recalled.forEach(scheduler::recall);
        await().atMost(PATIENCE).until(() -> database.types(expiring.id()).contains("expired"));
        // One that is probing when its recall comes is not recalled any more, and ends as the others do.
        await().atMost(PATIENCE).until(() -> recalled.stream().allMatch(one -> isToldOfItsRecall(one.id())));
        var refused = recalled.stream()
                .filter(one -> !database.types(one.id()).contains("recalled"))
                .count();
        assertThat(refused).isLessThanOrEqualTo(PROBES);

        status.set(200);

        // A probe is an attempt: whatever probed three times in vain is dead by then.
        await().atMost(PATIENCE).until(() -> number("delivered") + number("dead") == LEAST_CALLS + LATER + refused);
        assertThat(number("delivered")).isGreaterThan(LATER / 2);
        assertThat(deliveries("dead").getList("items.findAll { it.attempts.size() != 3 }"))
                .isEmpty();
        assertThat(endpoint("breaker.state")).isEqualTo("closed");
    }

    @Test
    void many_addresses_of_a_host_that_fails_are_left_alone_together_and_go_out_once_it_answers() {
        var status = new AtomicInteger(503);
        int addresses = 40;
        for (int i = 0; i < addresses; i++) {
            var address = path + "/" + i;
            receiver.answering(address, call -> CompletableFuture.completedFuture(status.get()));
            scheduler.stage(Staged.webhook(receiver.url(address), Instant.now()).of(tenant));
        }
        await().atMost(PATIENCE).until(() -> host("breaker.state").equals("open"));

        status.set(200);

        await().atMost(PATIENCE).until(() -> number("delivered") + number("dead") == addresses);
        assertThat(number("delivered")).isGreaterThan(addresses / 2);
        assertThat(host("breaker.state")).isEqualTo("closed");
    }

    @Test
    void a_receiver_that_hangs_changes_nothing_for_many_others_nor_for_their_order() {
        try (var hanging = Receiver.start()) {
            hanging.answering("/", call -> new CompletableFuture<>());
            var due = Instant.now().plusSeconds(3);
            for (int i = 0; i < 60; i++) {
                scheduler.stage(Staged.webhook(hanging.url("/"), due).of(tenant));
            }
            var pairs = new ArrayList<List<Staged>>();
            for (int i = 0; i < 40; i++) {
                var url = receiver.url(path + "/" + i);
                var key = path + i;
                var first = Staged.webhook(url, due).of(tenant).withKey(key);
                var second = Staged.webhook(url, due.plusMillis(5)).of(tenant).withKey(key);
                pairs.add(List.of(first, second));
                scheduler.stage(first);
                scheduler.stage(second);
            }

            await().atMost(PATIENCE).until(() -> number("delivered") == 80);

            // Whoever had to wait for a connection behind those that hang would have timed out with them, and be here
            // by a second attempt.
            assertThat(deliveries("delivered").getList("items.attempts.outcome"))
                    .allSatisfy(outcomes -> assertThat((List<?>) outcomes).isEqualTo(List.of("delivered")));
            for (int i = 0; i < pairs.size(); i++) {
                assertThat(receiver.calls(path + "/" + i))
                        .extracting(Receiver.Call::webhookId)
                        .containsExactly(
                                pairs.get(i).get(0).id().toString(),
                                pairs.get(i).get(1).id().toString());
            }
        }
    }

    @Test
    void channels_show_what_all_share_and_of_receivers_the_tenants_own() {
        var message = staged(Instant.now());
        await().atMost(PATIENCE).until(() -> database.types(message.id()).contains("delivered"));

        channels(tenant, "")
                .statusCode(200)
                .body("items.findAll { it.scope == 'provider' }.channel", containsInAnyOrder("email", "telegram"))
                .body("items.find { it.channel == 'telegram' }.rateLimit.calls", equalTo(30))
                .body("items.find { it.channel == 'email' }.breaker.state", equalTo("closed"))
                .body("items.find { it.channel == 'email' }.breaker.since", notNullValue())
                .body("items.find { it.channel == 'email' }.retryBudget.left", greaterThan(0))
                .body("items.inFlightLimit.findAll { it != null }", everyItem(greaterThan(0)))
                .body("items.find { it.scope == 'host' }.retryBudget.left", greaterThan(0))
                .body("items.find { it.scope == 'endpoint' }.share.inFlightLimit", greaterThan(0))
                .body("items.find { it.scope == 'channel' }.share.inFlight", equalTo(0))
                .body("items.find { it.scope == 'channel' }.share.contentBytes", equalTo(0))
                .body("items.find { it.scope == 'channel' }.share.contentBytesLimit", greaterThan(0));
        assertThat(endpoint("inFlight")).isEqualTo("0");
        assertThat(waiting()).isZero();
        channels("somebody-else", "")
                .statusCode(200)
                .body("items.findAll { it.scope == 'endpoint' || it.scope == 'host' }", hasSize(0));
        channels("somebody-else", "?channel=webhook").statusCode(200).body("items", hasSize(1));
        channels(ShortWaits.WITH_A_BOT, "")
                .statusCode(200)
                .body("items.findAll { it.scope == 'provider' }.channel", containsInAnyOrder("email", "telegram"))
                .body("items", hasSize(3));
        String next = channels(tenant, "?channel=webhook&limit=1")
                .statusCode(200)
                .body("items", hasSize(1))
                .extract()
                .path("nextCursor");
        channels(tenant, "?channel=webhook&cursor=" + next).statusCode(200).body("items", hasSize(2));
        channels(tenant, "?channel=pigeon").statusCode(400);
        given().get("/v1/channels").then().statusCode(401);
    }
}
