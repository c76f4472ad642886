package dev.carillon.booking.availability.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.booking.support.Desk;
import dev.carillon.booking.support.Surroundings;
import dev.carillon.kit.tx.Transactions;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class SlotGenerationQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    Transactions transactions;

    private final Desk desk = Desk.of("acme-" + UUID.randomUUID());

    @Test
    void a_day_that_begins_brings_its_slots_and_those_of_days_that_were_missed() {
        var resource = desk.api()
                .post("/v1/resources", """
                {"name":"MRI","zone":"UTC","slotLength":"PT24H","horizon":"P10D","weekly":[%s]}""".formatted(
                                every("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")))
                .expect(201)
                .at("/id");
        var all = slots(resource);
        assertThat(all).isEqualTo(10);

        // As if the service had been away for the last four days' midnights; one of their slots was opened by hand.
        run(
                "DELETE FROM slot WHERE resource_id = $1 AND start_at > (SELECT max(start_at) - interval '4 days' FROM slot WHERE resource_id = $1)"
                        + " AND start_at < (SELECT max(start_at) FROM slot WHERE resource_id = $1)",
                resource);
        assertThat(slots(resource)).isEqualTo(7);
        run("UPDATE resource SET generated_until = generated_until - 4 WHERE id = $1", resource);
        // Within the horizon or beyond it, by the hour of the day.
        run("DELETE FROM timer_far WHERE kind = 'slots' AND id = $1", resource);
        run(
                "INSERT INTO timer (kind, id, due_at) VALUES ('slots', $1, clock_timestamp()) ON CONFLICT (kind, id)"
                        + " DO UPDATE SET due_at = excluded.due_at, version = excluded.version, claimed_by = NULL",
                resource);

        await().atMost(PATIENCE).until(() -> slots(resource) == all);
        await().atMost(PATIENCE)
                .until(() -> count(
                                "SELECT count(*) FROM (SELECT kind, id, due_at FROM timer UNION ALL SELECT kind, id, due_at FROM timer_far) t"
                                        + " WHERE kind = 'slots' AND id = $1 AND due_at > clock_timestamp()",
                                resource)
                        == 1);
    }

    private long slots(String resource) {
        return count("SELECT count(*) FROM slot WHERE resource_id = $1", resource);
    }

    private long count(String sql, String resource) {
        return transactions
                .list(sql, Tuple.of(UUID.fromString(resource)), row -> row.getLong(0))
                .await()
                .atMost(PATIENCE)
                .getFirst();
    }

    private void run(String sql, String resource) {
        transactions
                .inTransaction(tx -> tx.run(sql, Tuple.of(UUID.fromString(resource))))
                .await()
                .atMost(PATIENCE);
    }

    private static String every(String... days) {
        return String.join(
                ",",
                Arrays.stream(days)
                        .map("{\"day\":\"%s\",\"from\":\"00:00\",\"to\":\"24:00\"}"::formatted)
                        .toList());
    }
}
