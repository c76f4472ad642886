package dev.carillon.kit.inbox;

import static dev.carillon.kit.inbox.InboxFixture.PATIENCE;
import static dev.carillon.kit.inbox.InboxFixture.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.inbox.InboxFixture.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FloodTest {
    private InboxFixture on;

    @BeforeEach
    void start() {
        on = new InboxFixture();
    }

    @AfterEach
    void stop() {
        on.close();
    }

    @Test
    void a_missing_table_pauses_the_partition_and_loses_nothing_and_what_waits_is_applied_in_order_when_it_is_back() {
        on.db.execute("ALTER TABLE effect RENAME TO effect_elsewhere");
        var done = start(IntStream.range(0, 36)
                .mapToObj(n -> on.message(on.id(), "k" + n % 12, "%d of k%d".formatted(n / 12, n % 12)))
                .toArray(ConsumerRecord[]::new));
        await().atMost(PATIENCE).until(() -> !on.floods.paused().isEmpty());
        assertThat(on.floods.paused()).singleElement().satisfies(paused -> {
            assertThat(paused.consumer()).isEqualTo("tester");
            assertThat(paused.error()).contains("42P01").contains("\"effect\" does not exist");
        });
        assertThat(on.meters.get("carillon.inbox.paused").gauge().value()).isEqualTo(1);
        var health = new ConsumersHealth(on.floods, on.keeper).call();
        assertThat(health.getData().orElseThrow()).containsKey("tester " + TOPIC + "-0");

        on.db.execute("ALTER TABLE effect_elsewhere RENAME TO effect");
        await().atMost(PATIENCE).until(done::isDone);

        for (int key = 0; key < 12; key++) {
            var ofKey = " of k" + key;
            assertThat(on.effects())
                    .filteredOn(effect -> effect.endsWith(ofKey))
                    .containsExactly("0" + ofKey, "1" + ofKey, "2" + ofKey);
        }
        assertThat(on.deadLetters).isEmpty();
        assertThat(on.floods.paused()).isEmpty();
        assertThat(on.meters.get("carillon.inbox.paused").gauge().value()).isZero();
    }

    @Test
    void a_few_poison_records_among_good_ones_become_dead_letters_at_once() {
        on.consume(records(40, n -> n % 10 == 3 ? "poison" : "m" + n));
        assertThat(on.effects()).hasSize(36);
        assertThat(on.deadLetters).hasSize(4);
    }

    @Test
    void poison_that_was_in_the_flood_becomes_a_dead_letter_when_it_has_passed() {
        on.db.execute("ALTER TABLE effect RENAME TO effect_elsewhere");
        var done = start(records(20, n -> n == 7 ? "poison" : "m" + n));
        await().atMost(PATIENCE).until(() -> !on.floods.paused().isEmpty());
        on.db.execute("ALTER TABLE effect_elsewhere RENAME TO effect");
        await().atMost(PATIENCE).until(done::isDone);
        assertThat(on.effects()).hasSize(19);
        assertThat(on.deadLetters).hasSize(1);
    }

    @Test
    void poison_whose_key_has_many_more_records_does_not_look_like_a_flood_when_it_has_passed() {
        on.db.execute("ALTER TABLE effect RENAME TO effect_elsewhere");
        var records = new ArrayList<ConsumerRecord<?, ?>>();
        for (int n = 0; n < 10; n++) {
            records.add(on.message(on.id(), "good-" + n, "m" + n));
        }
        records.add(on.message(on.id(), "bad", "poison"));
        for (int n = 0; n < 30; n++) {
            records.add(on.message(on.id(), "bad", "after" + n));
        }
        var done = start(records.toArray(ConsumerRecord[]::new));
        await().atMost(PATIENCE).until(() -> !on.floods.paused().isEmpty());
        on.db.execute("ALTER TABLE effect_elsewhere RENAME TO effect");
        await().atMost(PATIENCE).until(done::isDone);
        assertThat(on.effects()).hasSize(40);
        assertThat(on.deadLetters).hasSize(1);
    }

    @Test
    void a_topic_that_is_read_record_by_record_is_not_emptied_either() {
        on.db.execute("ALTER TABLE effect RENAME TO effect_elsewhere");
        var reader =
                CompletableFuture.runAsync(() -> IntStream.range(0, 100).forEach(n -> on.consume(on.message("m" + n))));
        await().atMost(PATIENCE).until(() -> !on.floods.paused().isEmpty());
        int given = on.deadLetters.size();
        assertThat(given).isLessThan(new Settings().flood().least());

        on.db.execute("ALTER TABLE effect_elsewhere RENAME TO effect");
        await().atMost(PATIENCE).until(reader::isDone);

        assertThat(on.effects()).hasSize(100 - given);
        assertThat(on.deadLetters).hasSize(given);
    }

    @Test
    void a_paused_partition_does_not_keep_another_one_of_its_batch_waiting() {
        var records = new ArrayList<ConsumerRecord<?, ?>>();
        for (int n = 0; n < 20; n++) {
            records.add(ofPartition(1, on.message("poison" + n)));
        }
        records.add(on.message("of another partition"));
        start(records.toArray(ConsumerRecord[]::new));
        await().atMost(PATIENCE).until(() -> on.effects().equals(List.of("of another partition")));
        await().atMost(PATIENCE).until(() -> !on.floods.paused().isEmpty());
        assertThat(on.deadLetters).isEmpty();
        on.db.execute("ALTER TABLE effect DROP CONSTRAINT effect_payload_check");
        await().atMost(PATIENCE).until(() -> on.effects().size() == 21);
    }

    @Test
    void a_record_that_fails_is_not_overtaken_by_a_later_one_of_its_key_before_it_is_given_up() {
        on.consume(
                on.message(on.id(), "k", "a"),
                on.message(on.id(), "k", "poison"),
                on.message(on.id(), "k", "b"),
                on.message(on.id(), "other", "c"));
        assertThat(on.effects()).containsExactly("a", "c", "b");
        assertThat(on.deadLetters).hasSize(1);
    }

    private CompletableFuture<Void> start(ConsumerRecord<?, ?>... records) {
        return on.started(records).subscribeAsCompletionStage();
    }

    private ConsumerRecord<?, ?>[] records(int count, IntFunction<String> payload) {
        return IntStream.range(0, count).mapToObj(payload).map(on::message).toArray(ConsumerRecord[]::new);
    }

    private static ConsumerRecord<String, byte[]> ofPartition(int partition, ConsumerRecord<String, byte[]> record) {
        var other = new ConsumerRecord<>(record.topic(), partition, record.offset(), record.key(), record.value());
        record.headers().forEach(other.headers()::add);
        return other;
    }
}
