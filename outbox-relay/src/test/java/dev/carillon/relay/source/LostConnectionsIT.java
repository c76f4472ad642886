package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.network.BreakableProxy;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.kit.testing.process.FreePort;
import dev.carillon.kit.testing.process.Signals;
import dev.carillon.relay.store.SourceDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostConnectionsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String topic = RelayFixture.newTopic();

    @Test
    void nothing_is_lost_when_connections_are_cut_between_read_and_save() {
        var saving = new AtomicBoolean();
        try (var relays = new RelayFixture();
                var reader = RelayFixture.read(topic)) {
            relays.startFaulty(real -> new UnsavedOutbox(real, saving));
            for (int cut = 1; cut <= 3; cut++) {
                for (int event = 0; event < 40; event++) {
                    int version = (cut - 1) * 40 + event;
                    relays.outbox.append(topic, "key-" + version % 7, version, "{}");
                }
                reader.until(PATIENCE, read -> read.distinct() == relays.outbox.count("outbox_event"));
                relays.outbox.cutRelays();
            }
            saving.set(true);

            await().atMost(PATIENCE).until(relays::unpublished, left -> left == 0);

            reader.assertWhole(relays.outbox);
            assertThat(reader.records()).as("what was not saved is repeated").isGreaterThan(120);
        }
    }

    @Test
    void nothing_is_lost_when_connections_are_cut_again_and_again_under_load() {
        try (var relays = new RelayFixture();
                var reader = RelayFixture.read(topic)) {
            relays.startRelay();
            relays.startRelay();
            var writers = new Writers(relays.outbox, topic, 20).start(4, 80, 11);
            while (!writers.stream().allMatch(CompletableFuture::isDone)) {
                long before = relays.counts.published.get();
                await().atMost(PATIENCE)
                        .until(() -> relays.counts.published.get() > before + 30
                                || writers.stream().allMatch(CompletableFuture::isDone));
                relays.outbox.cutRelays();
            }

            await().atMost(PATIENCE).until(relays::unpublished, left -> left == 0);

            reader.assertWhole(relays.outbox);
        }
    }

    @Test
    void a_relay_whose_connections_are_half_open_soon_publishes_no_more_of_what_it_cannot_note() {
        int events = 3_000;
        try (var relays = new RelayFixture();
                var proxy = proxyOf(relays.outbox.forRelay());
                var reader = RelayFixture.read(topic)) {
            relays.startRelay(through(proxy, relays.outbox.forRelay()));
            relays.outbox.appendTogether(topic, "hot", events);
            await().atMost(PATIENCE).until(() -> relays.counts.published.get() > 200);

            proxy.stall();

            await().atMost(PATIENCE).until(relays::unpublished, left -> left == 0);
            reader.assertWhole(relays.outbox);
            // One key goes at less than a thousand a second. Until it gave up its positions after ten seconds, a relay
            // published, and then repeated, all that it had read.
            assertThat(reader.records() - events).as("repeats").isLessThan(events * 3 / 5);
            assertThat(relays.counts.leasesLost).hasValue(0);
        }
    }

    private static BreakableProxy proxyOf(SourceDatabase database) {
        return new BreakableProxy(database.host(), database.port());
    }

    private static SourceDatabase through(BreakableProxy proxy, SourceDatabase direct) {
        return new SourceDatabase("127.0.0.1", proxy.port(), direct.name(), direct.user(), direct.password());
    }

    @Test
    void nothing_is_lost_when_the_database_is_killed_between_read_and_save(@TempDir Path folder) throws Exception {
        int port = FreePort.any();
        var server = start(folder, port);
        var saving = new AtomicBoolean();
        try (var relays = new RelayFixture(new OutboxFixture(server));
                var reader = RelayFixture.read(topic)) {
            relays.startFaulty(real -> new UnsavedOutbox(real, saving));
            var writers = new Writers(relays.outbox, topic, 20).start(4, 150, 13);
            for (int kill = 0; kill < 3; kill++) {
                long before = relays.counts.published.get();
                await().atMost(PATIENCE).until(() -> relays.counts.published.get() > before + 60);
                server = killAndStart(server, folder, port);
                saving.set(kill == 1);
            }
            saving.set(true);
            CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).join();
            relays.outbox.connectAgain();

            await().atMost(PATIENCE).until(relays::unpublished, left -> left == 0);

            reader.assertWhole(relays.outbox);
        } finally {
            server.stop();
        }
    }

    private static PostgresServer killAndStart(PostgresServer server, Path folder, int port) {
        ProcessHandle.of(server.pid()).ifPresent(process -> Signals.send("KILL", process));
        await().atMost(PATIENCE).until(() -> !server.isAlive());
        return start(folder, port);
    }

    private static PostgresServer start(Path folder, int port) {
        var server = PostgresServer.start(folder.resolve("data"), port, "secret", folder.resolve("postgres.log"));
        server.ensureRole(PostgresServer.RELAY, "secret");
        return server;
    }
}
