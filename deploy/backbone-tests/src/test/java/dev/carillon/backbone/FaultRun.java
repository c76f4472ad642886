package dev.carillon.backbone;

import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.history.Excuses;
import dev.carillon.kit.testing.history.Fault;
import dev.carillon.kit.testing.history.History;
import dev.carillon.kit.testing.history.Recorder;
import dev.carillon.kit.testing.history.TopicFollower;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.local.Ports;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Everything that is there in one run, from an empty folder to the history of it. */
final class FaultRun implements AutoCloseable {
    /** An acknowledged event is settled within milliseconds; a machine that is busy starting processes may take longer. */
    private static final Excuses EXCUSES = new Excuses(Duration.ofSeconds(5), Duration.ofSeconds(3));

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CALM_EVENTS = 200;

    private final Recorder recorder = new Recorder();
    private final Servers servers;
    private final Database consumerDatabase;
    private final Source source;
    private final Fleet fleet;
    private final Workload workload;
    private final Strays strays;
    private final Operator operator;
    private final LeaseWatch leases;
    private final List<TopicFollower> followers = new ArrayList<>();
    private TopicFollower ofDeletedTopic;

    FaultRun(Path folder, long seed) {
        Ports ports = Ports.free();
        servers = new Servers(folder, ports);
        Database sourceDatabase = servers.migrated("source");
        consumerDatabase = servers.migrated("consumer");
        consumerDatabase.execute("CREATE TABLE effect (event_id uuid NOT NULL)");
        source = new Source(sourceDatabase, recorder);
        fleet = new Fleet(folder, ports, servers, servers.asRelay(sourceDatabase), consumerDatabase);
        workload = new Workload(source, seed);
        strays = new Strays(servers.bootstrapServers());
        operator = new Operator(fleet.apis(), servers.bootstrapServers());
        leases = new LeaseWatch(fleet.apis(), recorder);
        Servers.CONSUMED.forEach(topic -> followers.add(follow(topic)));
        ofDeletedTopic = follow(Servers.DELETED);
    }

    private TopicFollower follow(String topic) {
        return new TopicFollower(servers.bootstrapServers(), topic, recorder);
    }

    /** Answers when events flow. */
    void start() {
        fleet.start();
        workload.start();
        leases.start();
        awaitReady();
        awaitFlow();
    }

    Recorder recorder() {
        return recorder;
    }

    Servers servers() {
        return servers;
    }

    Fleet fleet() {
        return fleet;
    }

    Workload workload() {
        return workload;
    }

    Strays strays() {
        return strays;
    }

    /** An event that commits now comes out. */
    void awaitFlow() {
        List<UUID> probe = await("a commit").atMost(PATIENCE).until(workload::probe, events -> !events.isEmpty());
        await("event " + probe + " on its topic").atMost(PATIENCE).until(() -> recorder.unseen(probe)
                .isEmpty());
    }

    private void awaitReady() {
        for (RelayApi relay : fleet.apis()) {
            await(relay.url() + " to be ready").atMost(PATIENCE).until(relay::readiness, RelayApi.Readiness::ready);
        }
    }

    /** Deletes a topic of which every event has been seen, and makes it again once a relay says that it is missing. */
    void deleteTopic() throws Exception {
        await("nothing under way to " + Servers.DELETED).atMost(PATIENCE).until(workload::deletedTopicRests);
        await("all of " + Servers.DELETED + " to be seen").atMost(PATIENCE).until(() -> recorder.unseen(
                        source.committedTo(Servers.DELETED))
                .isEmpty());
        ofDeletedTopic.close();
        servers.deleteTopic(Servers.DELETED);
        workload.deletedTopicGoesOn();
        await("a relay to name the topic").atMost(PATIENCE).until(() -> fleet.apis().stream()
                .map(RelayApi::readiness)
                .anyMatch(said -> !said.ready() && said.said().contains("topic " + Servers.DELETED + " is missing")));
        servers.createTopic(Servers.DELETED);
        ofDeletedTopic = follow(Servers.DELETED);
    }

    /** Nothing is broken any more, and events flow for a while; then nothing is written any more, and all that was has arrived. */
    void comeToRest() throws InterruptedException {
        fleet.start();
        awaitReady();
        awaitCalm();
        workload.close();
        List<UUID> committed = source.committed();
        recorder.committed(committed);
        await("an operator to have decided about everything that was parked")
                .atMost(PATIENCE)
                .until(this::allIsDecided);
        operator.tell(recorder);
        await("the effects").atMost(PATIENCE).untilAsserted(() -> assertNoneMissing(expectedEffects()));
        await("the dead letters").atMost(PATIENCE).until(() -> strays.deadLetters()
                .containsAll(strays.put()));
        leases.close();
        recorder.applied(Servers.GROUP, Set.copyOf(Servers.CONSUMED), effects());
    }

    /** So long after the last fault that nothing is excused any more. */
    private void awaitCalm() {
        Instant calmFrom = Instant.now().plus(EXCUSES.settled());
        await("calm").atMost(PATIENCE).until(() -> Instant.now().isAfter(calmFrom));
        int before = recorder.deliveries();
        await("events in the calm").atMost(PATIENCE).until(() -> recorder.deliveries() > before + CALM_EVENTS);
    }

    /** Whether all is out, but for what was left out. What is refused is parked a moment later than what goes through. */
    private boolean allIsDecided() {
        if (!operator.decide()) {
            return false;
        }
        Set<UUID> unseen = new HashSet<>(recorder.unseen(source.committed()));
        unseen.removeAll(operator.leftOutEvents());
        return unseen.isEmpty();
    }

    private Set<UUID> expectedEffects() {
        Set<UUID> expected = new HashSet<>();
        Servers.CONSUMED.forEach(topic -> expected.addAll(source.committedTo(topic)));
        expected.removeAll(operator.leftOutEvents());
        return expected;
    }

    private void assertNoneMissing(Set<UUID> expected) {
        expected.removeAll(new HashSet<>(effects()));
        if (!expected.isEmpty()) {
            throw new AssertionError(expected.size() + " without an effect, such as "
                    + expected.iterator().next());
        }
    }

    private List<UUID> effects() {
        return Source.ids(consumerDatabase, "SELECT event_id FROM effect");
    }

    /** Whose commit was told to a client and is not in the database any more: this would be PostgreSQL's doing. */
    Set<UUID> forgottenByTheDatabase() {
        Set<UUID> forgotten = source.acknowledged();
        forgotten.removeAll(new HashSet<>(source.committed()));
        return forgotten;
    }

    Set<String> deadLetters() {
        return strays.deadLetters();
    }

    History history() {
        return recorder.history(EXCUSES);
    }

    String figures() {
        History history = history();
        return """
                %,d events committed, %,d rolled back in %,d transactions that were to be and %,d that a fault ended; %,d deliveries of which %,d repeats, \
                %,d events were in flight at faults; %,d left out and %,d published again by the operator; %,d dead letters; %d losses of leases""".formatted(
                        history.committed().size(),
                        history.rolledBack().size(),
                        workload.rolledBack(),
                        workload.cutOff(),
                        history.published().size(),
                        history.repeats(),
                        history.inFlightAtFaults(),
                        operator.leftOutEvents().size(),
                        operator.publishedAgain(),
                        strays.put().size(),
                        leases.seen());
    }

    @Override
    public void close() {
        leases.close();
        fleet.end();
        followers.forEach(TopicFollower::close);
        ofDeletedTopic.close();
        strays.close();
        source.close();
        servers.close();
    }

    /** A fault that began at {@code from} and is over now. */
    void fault(String what, Instant from) {
        recorder.fault(new Fault(what, from, Instant.now()));
    }
}
