package dev.carillon.delivery.attempt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.support.BusyResolver;
import dev.carillon.delivery.support.ChannelsInHand;
import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.Staged;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What still works while calls that hang hold all the memory for content. */
@QuarkusTest
@TestProfile(BusyResolver.class)
class FullContentMemoryQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String DENIED =
            "carillon_delivery_permits_denied_total{channel=\"webhook\",reason=\"memory-full\"} ";
    // Webhooks may hold three quarters of the megabyte: three of these, and not a fourth.
    private static final int LARGE = 200_000;
    private static final int ROOM = 3;

    private final DeliveryDatabase database = new DeliveryDatabase();
    private final SchedulerTopic scheduler = new SchedulerTopic();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final List<String> holders =
            IntStream.range(0, ROOM).mapToObj(i -> tenant + "-" + i).toList();

    @AfterEach
    void disconnect() {
        holders.forEach(channels()::letGo);
        scheduler.close();
    }

    private static ChannelsInHand channels() {
        return Arc.container().instance(ChannelsInHand.class).get();
    }

    private Staged stagedLarge(String owner) {
        var to = new JsonObject().put("channel", "webhook").put("url", "http://hooks.example/" + owner);
        var content = new JsonObject().put("json", new JsonObject().put("large", "x".repeat(LARGE)));
        var message = Staged.of(to, content, Instant.now()).of(owner);
        scheduler.stage(message);
        return message;
    }

    private static double denials() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(DENIED))
                .map(line -> line.substring(DENIED.length()).replaceFirst(" .*$", ""))
                .mapToDouble(Double::parseDouble)
                .sum();
    }

    @Test
    void a_message_that_waits_for_memory_is_taken_over_and_recalled_as_any_other() {
        holders.forEach(channels()::hang);
        var holding = holders.stream().map(this::stagedLarge).toList();
        await().atMost(PATIENCE)
                .until(() -> holders.stream().allMatch(holder -> channels().calls(holder) == 1));
        double before = denials();

        var waiting = stagedLarge(tenant);
        await().atMost(PATIENCE).until(() -> denials() > before);
        scheduler.recall(waiting);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(database.types(waiting.id())).containsExactly("accepted", "recalled"));
        assertThat(channels().calls(tenant)).isZero();
        assertThat(holding)
                .allSatisfy(one -> assertThat(database.types(one.id())).containsExactly("accepted"));

        holders.forEach(channels()::letGo);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(holding)
                .allSatisfy(one -> assertThat(database.types(one.id())).contains("delivered")));
    }
}
