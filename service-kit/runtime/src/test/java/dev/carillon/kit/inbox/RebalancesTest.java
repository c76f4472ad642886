package dev.carillon.kit.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Members of one group on a real Kafka, each with the inbox between itself and the same database. */
class RebalancesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int PARTITIONS = 4;

    private final String topic = "test." + UUID.randomUUID();
    private final List<Member> members = new ArrayList<>();
    private InboxFixture on;

    @BeforeEach
    void start() {
        on = new InboxFixture();
        KafkaServer.shared().createTopics(new Topic(topic, PARTITIONS, Map.of()));
    }

    @AfterEach
    void stop() {
        members.forEach(Member::leave);
        on.close();
    }

    @Test
    void members_that_come_and_go_have_one_effect_for_each_event() {
        var said = say(100);
        var first = join(Duration.ofMinutes(5));
        await().atMost(PATIENCE).until(() -> on.effects().size() > 5);
        var second = join(Duration.ofMinutes(5));
        await().atMost(PATIENCE).until(() -> !second.assigned.isEmpty());
        said.addAll(say(100));
        await().atMost(PATIENCE).until(() -> on.effects().size() > 110);
        first.leave();
        said.addAll(say(50));
        join(Duration.ofMinutes(5));
        await().atMost(PATIENCE).until(() -> on.effects().size() >= said.size());
        assertThat(on.effects()).containsExactlyInAnyOrderElementsOf(said);
        assertThat(on.deadLetters).isEmpty();
    }

    @Test
    void a_member_that_was_put_out_while_its_effect_was_under_way_leaves_no_second_one() {
        var slow = new CountDownLatch(1);
        var begun = new AtomicBoolean();
        var said = say(40);
        // It polls no more while its effect is under way, and is put out of the group for that.
        var first = join(Duration.ofSeconds(6), tx -> {
            begun.set(true);
            return Uni.createFrom().completionStage(() -> CompletableFuture.runAsync(() -> awaitLatch(slow)));
        });
        await().atMost(PATIENCE).until(begun::get);
        var second = join(Duration.ofMinutes(5));
        await().atMost(PATIENCE).until(() -> second.assigned.size() == PARTITIONS);
        // The second one has read the same records; it can only wait for what the first one's transaction comes to.
        await().atMost(PATIENCE).until(() -> second.polled.size() > 0);
        slow.countDown();
        await().atMost(PATIENCE).until(() -> on.effects().size() >= said.size());
        await().atMost(PATIENCE).until(() -> second.polled.containsAll(first.polled));
        said.addAll(say(10));
        await().atMost(PATIENCE).until(() -> on.effects().size() >= said.size());
        assertThat(on.effects()).containsExactlyInAnyOrderElementsOf(said);
        assertThat(on.counted("carillon.inbox.duplicates")).isPositive();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> say(int events) {
        var payloads = new ArrayList<String>();
        // One after another: a new topic's first batch may be refused, and those behind it then are out of order for
        // ever.
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                KafkaServer.shared().bootstrapServers(),
                "max.in.flight.requests.per.connection",
                1);
        var acknowledged = new ArrayList<Future<RecordMetadata>>();
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < events; i++) {
                var event = on.message(new EventIds().next().toString());
                payloads.add(new String(event.value(), UTF_8));
                var sent = new ProducerRecord<>(topic, null, event.key(), event.value(), event.headers());
                acknowledged.add(producer.send(sent));
            }
        }
        assertThat(acknowledged).allSatisfy(one -> assertThat(one.get()).isNotNull());
        return payloads;
    }

    private Member join(Duration mostBetweenPolls) {
        return join(mostBetweenPolls, tx -> Uni.createFrom().voidItem());
    }

    private Member join(Duration mostBetweenPolls, java.util.function.Function<Tx, Uni<Void>> slowly) {
        var member = new Member(mostBetweenPolls, slowly);
        members.add(member);
        new Thread(member, "member-" + members.size()).start();
        return member;
    }

    /** Reads, applies, acknowledges: as a channel does, with the settings that the services give theirs. */
    private final class Member implements Runnable, ConsumerRebalanceListener {
        private final Set<TopicPartition> assigned = ConcurrentHashMap.newKeySet();
        private final Set<String> polled = ConcurrentHashMap.newKeySet();
        private final AtomicBoolean leaving = new AtomicBoolean();
        private final CountDownLatch left = new CountDownLatch(1);
        private final Duration mostBetweenPolls;
        private final java.util.function.Function<Tx, Uni<Void>> slowly;

        Member(Duration mostBetweenPolls, java.util.function.Function<Tx, Uni<Void>> slowly) {
            this.mostBetweenPolls = mostBetweenPolls;
            this.slowly = slowly;
        }

        @Override
        public void run() {
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers", KafkaServer.shared().bootstrapServers(),
                    "group.id", topic + ".group",
                    "enable.auto.commit", "false",
                    "auto.offset.reset", "earliest",
                    "max.poll.records", "25",
                    "session.timeout.ms", "6000",
                    "heartbeat.interval.ms", "1500",
                    "max.poll.interval.ms", Long.toString(mostBetweenPolls.toMillis()),
                    "partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
            try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
                consumer.subscribe(List.of(topic), this);
                while (!leaving.get()) {
                    var batch = consumer.poll(Duration.ofMillis(200));
                    batch.forEach(record -> polled.add(new String(record.value(), UTF_8)));
                    on.inbox.consume("tester", batch, this::apply).await().atMost(PATIENCE);
                    commit(consumer);
                }
            } finally {
                left.countDown();
            }
        }

        private Uni<Void> apply(Tx tx, List<Event> events) {
            return slowly.apply(tx).chain(() -> on.apply(tx, events));
        }

        private void commit(KafkaConsumer<String, byte[]> consumer) {
            try {
                consumer.commitSync();
            } catch (CommitFailedException | RebalanceInProgressException | TimeoutException notKept) {
                // What it applied is read again, by another one or by itself.
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned.addAll(partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            assigned.removeAll(partitions);
        }

        void leave() {
            leaving.set(true);
            awaitLatch(left);
        }
    }
}
