package dev.carillon.delivery.attempt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.support.BusyResolver;
import dev.carillon.delivery.support.ChannelsInHand;
import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.Staged;
import dev.carillon.kit.testing.identity.Token;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a message whose receiver's name is not looked up, since too many others are. */
@QuarkusTest
@TestProfile(BusyResolver.class)
class BusyResolverQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int PAUSES = 3;
    private static final int ATTEMPTS = 3;
    private static final ProviderAnswer BUSY =
            ProviderAnswer.Transient.unanswered(Reason.RESOLVER_BUSY, "too many other names", false);
    private static final ProviderAnswer OK = new ProviderAnswer.Delivered(200, null, null);

    private final DeliveryDatabase database = new DeliveryDatabase();
    private final SchedulerTopic scheduler = new SchedulerTopic();
    private final String tenant = "tenant-" + UUID.randomUUID();

    @AfterEach
    void disconnect() {
        scheduler.close();
    }

    private static ChannelsInHand channels() {
        return Arc.container().instance(ChannelsInHand.class).get();
    }

    private Staged staged() {
        return staged(webhook(Instant.now()));
    }

    private Staged staged(Staged message) {
        scheduler.stage(message);
        return message;
    }

    private Staged webhook(Instant dueAt) {
        return Staged.webhook(URI.create("http://hooks.example/" + tenant), dueAt)
                .of(tenant);
    }

    private void awaitTold(Staged message, String... types) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(database.types(message.id())).containsExactly(types));
    }

    private JsonPath view(Staged message) {
        return given().auth()
                .oauth2(Token.of(tenant, "viewer").signed())
                .queryParam("messageId", message.id().toString())
                .get("/v1/deliveries")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .setRootPath("items[0]");
    }

    /** Attempts that have ended, and messages whose lateness was counted. */
    private record Counted(double attempts, double lateness) {
        static Counted now() {
            var exported = given().get("/q/metrics").asString();
            return new Counted(
                    sum(exported, "carillon_delivery_attempts_total"),
                    sum(exported, "carillon_delivery_lateness_seconds_count"));
        }

        private static double sum(String exported, String series) {
            return exported.lines()
                    .filter(line -> line.startsWith(series + "{") || line.startsWith(series + " "))
                    .map(line -> line.replaceFirst(" # .*$", ""))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }
    }

    @Test
    void whoever_was_not_called_is_no_attempt_and_its_message_is_late_once_when_it_is_called() {
        channels().answering(tenant, call -> call <= PAUSES ? BUSY : OK);
        var before = Counted.now();

        var message = staged();

        awaitTold(message, "accepted", "delivered");
        assertThat(channels().calls(tenant)).isEqualTo(PAUSES + 1);
        assertThat(view(message).getList("attempts.outcome")).containsExactly("delivered");
        // What tests before this one left in the topic may be attempted here, too: once, and no more.
        await().atMost(PATIENCE).untilAsserted(() -> {
            var after = Counted.now();
            assertThat(after.attempts - before.attempts).isPositive();
            assertThat(after.lateness - before.lateness).isEqualTo(after.attempts - before.attempts);
        });
    }

    @Test
    void names_that_are_never_looked_up_are_failed_attempts_in_the_end_and_the_message_is_dead() {
        channels().answering(tenant, call -> BUSY);

        var message = staged();

        awaitTold(message, "accepted", "retry-scheduled", "retry-scheduled", "dead-lettered");
        assertThat(channels().calls(tenant))
                .as("once it has waited for the longest time it pauses no more")
                .isEqualTo(PAUSES + ATTEMPTS);
        assertThat(view(message).getList("attempts.reason"))
                .containsExactly("resolver-busy", "resolver-busy", "resolver-busy");
        assertThat(view(message).getBoolean("possiblyDelivered")).isFalse();
    }

    @Test
    void one_that_was_not_called_gives_way_to_an_earlier_one_of_its_ordering_key_at_once() {
        var key = "key-" + UUID.randomUUID();
        channels().hang(tenant);
        var later = staged(webhook(Instant.now()).withKey(key));
        await().atMost(PATIENCE).until(() -> channels().calls(tenant) == 1);
        var earlier = staged(webhook(Instant.now().minusSeconds(60)).withKey(key));
        awaitTold(earlier, "accepted");
        // Whatever was due before it has had its chance.
        var another = staged(webhook(Instant.now()).of("another-" + tenant));
        awaitTold(another, "accepted", "delivered");
        assertThat(channels().calls(tenant)).isEqualTo(1);

        channels().answer(tenant, BUSY);

        // It would be looked at again in any case, but not before a quarter of a minute is over.
        await().atMost(Duration.ofSeconds(8))
                .untilAsserted(() -> assertThat(database.types(earlier.id())).containsExactly("accepted", "delivered"));
        awaitTold(later, "accepted", "delivered");
        assertThat(channels().calls(tenant)).isEqualTo(3);
    }
}
