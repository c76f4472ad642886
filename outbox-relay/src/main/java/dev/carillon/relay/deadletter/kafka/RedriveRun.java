package dev.carillon.relay.deadletter.kafka;

import dev.carillon.kit.inbox.DeadLetterHeaders;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.relay.deadletter.Redrive;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts dead letters back, a few at a time: sent, acknowledged, committed. Ends at the offsets of its note, when it is stopped, and when the group is
 * taken from it; a broker that is away is waited for.
 *
 * <p>Of two that begin at once, in two relays, one goes on: whose note the group's offsets carry. Nobody can write another note while the group has
 * members, and each looks when it has become one.
 */
final class RedriveRun implements Runnable, ConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(RedriveRun.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
    private static final int MOST_AT_ONCE = 100;
    private static final int TIMES_A_SECOND = 10;

    private final Redrive redrive;
    private final Map<TopicPartition, Note> notes;
    private final Traces traces;
    private final TraceContext request;
    private final Map<String, Object> consumerSettings;
    private final Map<String, Object> producerSettings;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Map<TopicPartition, Long> done = new HashMap<>();
    private boolean lost;
    private boolean newlyAssigned;

    /**
     * @param notes what each partition's offset is committed with, and where it ends
     * @param request whose trace it continues
     */
    RedriveRun(
            Redrive redrive,
            Map<TopicPartition, Note> notes,
            Map<String, Object> kafka,
            Map<String, Object> producerSettings,
            Traces traces,
            TraceContext request) {
        this.traces = traces;
        this.request = request;
        this.redrive = redrive;
        this.notes = Map.copyOf(notes);
        this.producerSettings = producerSettings;
        this.consumerSettings = new HashMap<>(kafka);
        int atOnce = Math.clamp(redrive.ratePerSecond() / TIMES_A_SECOND, 1, MOST_AT_ONCE);
        consumerSettings.put(ConsumerConfig.GROUP_ID_CONFIG, redrive.topic().redriveGroup());
        consumerSettings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumerSettings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumerSettings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumerSettings.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        consumerSettings.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_500);
        consumerSettings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, atOnce);
    }

    boolean isRunning() {
        return ended.getCount() > 0;
    }

    /** Gives whether it ended in time. */
    boolean stop(Duration within) throws InterruptedException {
        stopping.countDown();
        return ended.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        var bytes = new ByteArrayDeserializer();
        try (var consumer = new KafkaConsumer<>(consumerSettings, bytes, bytes);
                var producer =
                        new KafkaProducer<>(producerSettings, new ByteArraySerializer(), new ByteArraySerializer())) {
            consumer.subscribe(List.of(redrive.topic().name()), this);
            while (!isStopping() && !lost && !isDone()) {
                step(consumer, producer);
            }
        } catch (KafkaException failure) {
            LOG.warnf(
                    failure,
                    "Redrive %s of %s is interrupted",
                    redrive.id(),
                    redrive.topic().name());
        } finally {
            ended.countDown();
        }
    }

    private void step(KafkaConsumer<byte[], byte[]> consumer, KafkaProducer<byte[], byte[]> producer) {
        var letters = consumer.poll(POLL);
        if (newlyAssigned) {
            newlyAssigned = false;
            lost = lost || isAnothers(consumer.committed(consumer.assignment()).values());
        }
        if (letters.isEmpty() || lost) {
            for (var one : consumer.assignment()) {
                done.put(one, consumer.position(one));
            }
            if (!lost && isDone()) {
                commitEnds(consumer);
            }
            return;
        }
        long began = System.nanoTime();
        var wanted = wanted(letters);
        if (!sendInSpan(producer, wanted)) {
            return;
        }
        commit(consumer, letters);
        long due = wanted.size() * TimeUnit.SECONDS.toNanos(1) / redrive.ratePerSecond();
        pausedFor(due - (System.nanoTime() - began));
    }

    /** The span of what is put back together is in the trace of the request for it, and leads to the trace of each. False when it was stopped before. */
    private boolean sendInSpan(KafkaProducer<byte[], byte[]> producer, List<ConsumerRecord<byte[], byte[]>> wanted) {
        if (wanted.isEmpty()) {
            return true;
        }
        var span = traces.startLinked(
                        redrive.topic().name() + " redrive",
                        SpanKind.PRODUCER,
                        request,
                        wanted.stream().map(RedriveRun::trace).toList())
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", redrive.topic().topic())
                .setAttribute("messaging.operation.type", "send")
                .setAttribute("messaging.operation.name", "redrive")
                .setAttribute("messaging.batch.message_count", wanted.size())
                .setAttribute("carillon.redrive.id", redrive.id().toString());
        try {
            while (!send(producer, wanted)) {
                if (pausedFor(AGAIN_AFTER.toNanos())) {
                    span.setStatus(StatusCode.ERROR, "stopped while Kafka did not answer");
                    return false;
                }
            }
            return true;
        } finally {
            span.end();
        }
    }

    private static TraceContext trace(ConsumerRecord<byte[], byte[]> letter) {
        return new TraceContext(header(letter, "traceparent"), header(letter, "tracestate"));
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        var found = letter.headers().lastHeader(name);
        return found == null || found.value() == null ? null : new String(found.value(), StandardCharsets.UTF_8);
    }

    private boolean isAnothers(Collection<OffsetAndMetadata> offsets) {
        return offsets.stream()
                .filter(Objects::nonNull)
                .flatMap(offset -> Note.read(offset.metadata()).stream())
                .anyMatch(note ->
                        !note.id().equals(redrive.id()) || !note.startedAt().equals(redrive.startedAt()));
    }

    private List<ConsumerRecord<byte[], byte[]>> wanted(ConsumerRecords<byte[], byte[]> letters) {
        var wanted = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (var letter : letters) {
            if (letter.offset() >= end(letter)) {
                continue;
            }
            if (letter.headers().lastHeader(DeadLetterHeaders.OMITTED) == null) {
                wanted.add(letter);
            } else {
                LOG.warnf("Redrive %s leaves %s out: it has no value", redrive.id(), place(letter));
            }
        }
        return wanted;
    }

    /** Whether the broker has taken, or refused for good, all of them. */
    private boolean send(KafkaProducer<byte[], byte[]> producer, List<ConsumerRecord<byte[], byte[]>> letters) {
        var answers = new HashMap<ConsumerRecord<byte[], byte[]>, Future<RecordMetadata>>();
        try {
            for (var one : letters) {
                var record = new ProducerRecord<>(redrive.topic().topic(), null, one.key(), one.value(), one.headers());
                answers.put(one, producer.send(record));
            }
            for (var answer : answers.entrySet()) {
                await(answer.getKey(), answer.getValue());
            }
            return true;
        } catch (KafkaException failure) {
            LOG.warnf("Redrive %s waits for Kafka: %s", redrive.id(), failure.getMessage());
            return false;
        }
    }

    private void await(ConsumerRecord<byte[], byte[]> letter, Future<RecordMetadata> answer) {
        try {
            answer.get();
        } catch (ExecutionException failure) {
            if (!(failure.getCause() instanceof RecordTooLargeException)) {
                throw new KafkaException(failure.getCause());
            }
            LOG.warnf("Redrive %s leaves %s out: its topic takes no record as large", redrive.id(), place(letter));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException(interrupted);
        }
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, ConsumerRecords<byte[], byte[]> letters) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var partition : letters.partitions()) {
            @Nullable Note note = notes.get(partition);
            long next = letters.records(partition).getLast().offset() + 1;
            done.put(partition, next);
            if (note != null) {
                offsets.put(partition, new OffsetAndMetadata(Math.min(next, note.end()), note.written()));
            }
        }
        commit(consumer, offsets);
    }

    /** What has expired on its topic meanwhile was never read, and so never committed: it would be left for ever. */
    private void commitEnds(KafkaConsumer<byte[], byte[]> consumer) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        notes.forEach((partition, note) -> offsets.put(partition, new OffsetAndMetadata(note.end(), note.written())));
        commit(consumer, offsets);
    }

    private void commit(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            consumer.commitSync(offsets);
        } catch (RebalanceInProgressException anotherComesOrGoes) {
            // Whoever has the partitions next begins at what was committed before, and so repeats what came after.
            LOG.debugf(anotherComesOrGoes, "Redrive %s repeats what it could not commit", redrive.id());
        }
    }

    private long end(ConsumerRecord<byte[], byte[]> letter) {
        @Nullable Note note = notes.get(new TopicPartition(letter.topic(), letter.partition()));
        return note == null ? 0 : note.end();
    }

    private static String place(ConsumerRecord<byte[], byte[]> letter) {
        return "%s-%d@%d".formatted(letter.topic(), letter.partition(), letter.offset());
    }

    private boolean isDone() {
        return notes.entrySet().stream()
                .allMatch(one ->
                        done.getOrDefault(one.getKey(), -1L) >= one.getValue().end());
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Whether it was stopped meanwhile. */
    private boolean pausedFor(long nanos) {
        try {
            return stopping.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            stopping.countDown();
            return true;
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        newlyAssigned = true;
    }

    /** Another has joined or left; who goes on shows when partitions are assigned again. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.forEach(done::remove);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        lost = true;
    }
}
