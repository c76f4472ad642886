package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.network.BreakableProxy;
import dev.carillon.relay.store.SourceDatabase;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the lanes of a relay that is killed, frozen or cut off. The time that it took is printed, for it says something on a quiet machine only. */
class TakeoverIT {
    private static final Logger LOG = Logger.getLogger(TakeoverIT.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEYS = 40;

    private final RelayFixture relays = new RelayFixture();
    private final String topic = RelayFixture.newTopic();
    private final AtomicBoolean appending = new AtomicBoolean(true);

    @AfterEach
    void end() {
        relays.close();
    }

    @Test
    void a_relay_killed_between_publishing_and_saving_its_positions_repeats_but_never_loses() {
        try (var killed = packagedRelay();
                var reader = RelayFixture.read(topic)) {
            CompletableFuture<Void> writer = append();
            reader.until(PATIENCE, read -> read.distinct() > 20 * KEYS);
            killed.signal("KILL");

            takenOver("A killed relay", System.nanoTime(), relays.startRelay());

            finish(writer, reader);
            LOG.infof("%d records of %d events", reader.records(), reader.distinct());
        }
    }

    @Test
    void a_frozen_relay_is_replaced_and_saves_nothing_under_its_old_epochs_when_it_goes_on() {
        try (var frozen = packagedRelay();
                var reader = RelayFixture.read(topic)) {
            var survivor = relays.startRelay();
            await().atMost(PATIENCE).until(() -> lanesOf(survivor) == 32);
            CompletableFuture<Void> writer = append();
            reader.until(PATIENCE, read -> read.distinct() > 10 * KEYS);

            frozen.signal("STOP");
            takenOver("A frozen relay", System.nanoTime(), survivor);
            await().atMost(PATIENCE)
                    .until(() ->
                            relays.outbox.count("outbox_cursor c JOIN outbox_lane l USING (lane, epoch)") >= KEYS / 2);
            noteStaleSaves();
            frozen.signal("CONT");

            // Its share again, under new epochs.
            await().atMost(PATIENCE).until(() -> lanesOf(survivor) == 32);
            int before = reader.toTheEnd().distinct();
            reader.until(PATIENCE, read -> read.distinct() > before + 5 * KEYS);
            finish(writer, reader);
            assertThat(relays.outbox.count("stale_save")).as(frozen.said()).isZero();
        }
    }

    @Test
    void a_relay_whose_connections_have_fallen_silent_is_replaced_and_comes_back() {
        SourceDatabase direct = relays.outbox.forRelay();
        try (var proxy = new BreakableProxy(direct.host(), direct.port());
                var reader = RelayFixture.read(topic)) {
            var cutOff = relays.startRelay(
                    new SourceDatabase("127.0.0.1", proxy.port(), direct.name(), direct.user(), direct.password()));
            var survivor = relays.startRelay();
            await().atMost(PATIENCE).until(() -> lanesOf(survivor) == 32 && lanesOf(cutOff) == 32);
            CompletableFuture<Void> writer = append();
            reader.until(PATIENCE, read -> read.distinct() > 10 * KEYS);

            proxy.isolate();

            takenOver("A cut off relay", System.nanoTime(), survivor);
            proxy.heal();
            await().atMost(PATIENCE).until(() -> lanesOf(survivor) == 32 && lanesOf(cutOff) == 32);
            finish(writer, reader);
        }
    }

    private RelayProcess packagedRelay() {
        var relay = new RelayProcess(
                relays.outbox.forRelay(), String.valueOf(RelayFixture.kafka().get("bootstrap.servers")));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(relays.lanesOwned()).as(relay::said).isEqualTo(64));
        return relay;
    }

    private CompletableFuture<Void> append() {
        return CompletableFuture.runAsync(() -> {
            for (long version = 1; appending.get(); version++) {
                for (int key = 0; key < KEYS; key++) {
                    relays.outbox.append(topic, "key-" + key, version, "{}");
                }
            }
        });
    }

    private void finish(CompletableFuture<Void> writer, TopicReader reader) {
        appending.set(false);
        writer.join();
        await().atMost(PATIENCE).until(relays::unpublished, left -> left == 0);
        reader.assertWhole(relays.outbox);
    }

    private static void takenOver(String what, long sinceNanos, RelayedSource by) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> lanesOf(by) == 64);
        LOG.infof("%s was replaced after %d ms", what, (System.nanoTime() - sinceNanos) / 1_000_000);
    }

    /** From now on: positions saved under an epoch that is over. What takes the place of the whole table keeps its ids. */
    private void noteStaleSaves() {
        relays.outbox.execute(
                """
                CREATE TABLE stale_save (lane smallint, epoch bigint);
                CREATE FUNCTION note_stale_save() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                BEGIN
                    IF NEW.id > %d AND NEW.epoch < (SELECT epoch FROM outbox_lane WHERE lane = NEW.lane)
                       AND NEW.epoch <= (TG_ARGV[0]::jsonb ->> NEW.lane::text)::bigint THEN
                        INSERT INTO stale_save VALUES (NEW.lane, NEW.epoch);
                    END IF;
                    RETURN NEW;
                END $$;
                DO $$ BEGIN
                    EXECUTE format('CREATE TRIGGER note BEFORE INSERT ON outbox_cursor FOR EACH ROW EXECUTE FUNCTION note_stale_save(%%L)',
                                   (SELECT jsonb_object_agg(lane, epoch - 1) FROM outbox_lane));
                END $$
                """.formatted(Long.parseLong(relays.outbox.text("SELECT coalesce(max(id), 0) FROM outbox_cursor"))));
    }

    private static int lanesOf(RelayedSource relay) {
        return relay.relay().health().lanes();
    }
}
