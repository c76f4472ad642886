package dev.carillon.relay.deadletter.kafka;

import dev.carillon.kit.telemetry.Traces;
import dev.carillon.relay.deadletter.Backlog;
import dev.carillon.relay.deadletter.DeadLetterPage;
import dev.carillon.relay.deadletter.DeadLetterPage.Place;
import dev.carillon.relay.deadletter.DeadLetterTopic;
import dev.carillon.relay.deadletter.DeadLetters;
import dev.carillon.relay.deadletter.Redrive;
import dev.carillon.relay.deadletter.Redrive.Status;
import dev.carillon.relay.kafka.ProducerSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Dead letters on Kafka. */
@ApplicationScoped
public class KafkaDeadLetters implements DeadLetters {
    private static final Logger LOG = Logger.getLogger(KafkaDeadLetters.class);
    private static final Duration DELIVERED_WITHIN = Duration.ofSeconds(30);
    private static final Duration LINGER = Duration.ofMillis(5);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(20);
    private static final int TRIES = 20;

    private final Map<String, Object> kafka;
    private final Asked asked;
    private final Reader reader;
    private final Traces traces;
    private final Map<DeadLetterTopic, RedriveRun> runs = new ConcurrentHashMap<>();

    public KafkaDeadLetters(@Identifier("default-kafka-broker") Map<String, Object> kafka, Traces traces) {
        this.traces = traces;
        this.kafka = Map.copyOf(kafka);
        this.asked = new Asked(kafka);
        this.reader = new Reader(kafka);
    }

    @Override
    public List<Backlog> backlogs() {
        return asked.topics().stream().flatMap(topic -> backlog(topic).stream()).toList();
    }

    @Override
    public Optional<Backlog> backlog(DeadLetterTopic topic) {
        try {
            return Optional.of(asked.backlog(topic, asked.partitions(topic)));
        } catch (Asked.Refused refused) {
            if (Asked.isMissing(refused)) {
                return Optional.empty();
            }
            throw new Unavailable("Kafka does not answer: " + refused.getCause(), refused);
        }
    }

    @Override
    public DeadLetterPage page(DeadLetterTopic topic, Place from, int limit) {
        return backlog(topic)
                .map(backlog -> reader.page(backlog, from, limit))
                .orElseGet(() -> new DeadLetterPage(List.of(), null));
    }

    @Override
    public Optional<Redrive> redrive(UUID id) {
        return ofAllTopics().filter(one -> one.id().equals(id)).findFirst();
    }

    private Stream<Redrive> ofAllTopics() {
        return asked.topics().stream().flatMap(topic -> latest(topic).stream());
    }

    @Override
    public Optional<Redrive> latest(DeadLetterTopic topic) {
        var offsets = asked.committed(topic);
        long left = 0;
        @Nullable Note known = null;
        for (var offset : offsets.values()) {
            var note = Note.read(offset.metadata()).orElse(null);
            if (note != null) {
                known = note;
                left += Math.max(0, note.end() - offset.offset());
            }
        }
        if (known == null) {
            return Optional.empty();
        }
        return Optional.of(new Redrive(
                known.id(),
                topic,
                status(topic, known, left),
                known.rate(),
                known.operator(),
                known.startedAt(),
                known.total(),
                left,
                known.key()));
    }

    private Status status(DeadLetterTopic topic, Note note, long left) {
        if (left == 0) {
            return Status.FINISHED;
        }
        if (note.stopped()) {
            return Status.STOPPED;
        }
        return isRunning(topic) ? Status.RUNNING : Status.INTERRUPTED;
    }

    private boolean isRunning(DeadLetterTopic topic) {
        var here = runs.get(topic);
        return here != null && here.isRunning() || asked.hasMembers(topic);
    }

    /** One at a time in this relay; and among relays, whoever's member joins while another one's is there takes nothing from it but its time. */
    @Override
    public synchronized Beginning begin(
            DeadLetterTopic topic, int ratePerSecond, String operator, @Nullable String key) {
        var before = key == null ? Optional.<Redrive>empty() : begunWith(key);
        if (before.isPresent()) {
            var known = before.get();
            boolean same = known.topic().equals(topic) && known.ratePerSecond() == ratePerSecond;
            return same && known.status() == Status.INTERRUPTED ? goOn(known) : new Beginning.BegunBefore(known);
        }
        return isRunning(topic) ? new Beginning.Busy() : beginNow(topic, ratePerSecond, operator, key);
    }

    private Optional<Redrive> begunWith(String key) {
        return ofAllTopics().filter(one -> key.equals(one.key())).findFirst();
    }

    /** As a run of its own: one that comes to life late sees by the note that it is over. */
    private Beginning goOn(Redrive interrupted) {
        var redrive = interrupted.goingOn(Instant.now());
        var notes = new HashMap<TopicPartition, Note>();
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        asked.committed(redrive.topic()).forEach((partition, offset) -> {
            var note = Note.read(offset.metadata()).orElse(null);
            if (note != null && note.id().equals(redrive.id())) {
                var again = note.goingOn(redrive.startedAt());
                notes.put(partition, again);
                offsets.put(partition, new OffsetAndMetadata(offset.offset(), again.written()));
            }
        });
        if (offsets.isEmpty()) {
            return new Beginning.BegunBefore(interrupted);
        }
        try {
            asked.commit(redrive.topic(), offsets);
        } catch (Asked.Refused another) {
            LOG.infof("Redrive %s is gone on with elsewhere: %s", redrive.id(), another.getCause());
            return new Beginning.BegunBefore(redrive);
        }
        start(redrive, notes);
        return new Beginning.GoesOn(redrive);
    }

    private Beginning beginNow(DeadLetterTopic topic, int ratePerSecond, String operator, @Nullable String key) {
        var backlog = backlog(topic).orElseThrow();
        var redrive = new Redrive(
                UUID.randomUUID(),
                topic,
                Status.RUNNING,
                ratePerSecond,
                operator,
                Instant.now(),
                backlog.waiting(),
                backlog.waiting(),
                key);
        var notes = new HashMap<TopicPartition, Note>();
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        backlog.partitions().forEach((number, span) -> {
            var note = new Note(
                    redrive.id(),
                    ratePerSecond,
                    operator,
                    redrive.startedAt(),
                    span.end(),
                    redrive.total(),
                    false,
                    key);
            var partition = new TopicPartition(topic.name(), number);
            notes.put(partition, note);
            offsets.put(partition, new OffsetAndMetadata(span.next(), note.written()));
        });
        try {
            asked.commit(topic, offsets);
        } catch (Asked.Refused another) {
            LOG.infof("No redrive of %s: %s", topic.name(), another.getCause());
            return new Beginning.Busy();
        }
        start(redrive, notes);
        return new Beginning.Begun(redrive);
    }

    private void start(Redrive redrive, Map<TopicPartition, Note> notes) {
        var producer = ProducerSettings.of(kafka, DELIVERED_WITHIN, LINGER);
        var run = new RedriveRun(redrive, notes, kafka, producer, traces, traces.current());
        runs.put(redrive.topic(), run);
        Thread.ofPlatform().daemon().name("redrive-" + redrive.topic().name()).start(run);
    }

    @Override
    public Redrive stop(Redrive redrive) {
        var here = runs.get(redrive.topic());
        try {
            if (here != null && here.isRunning()) {
                here.stop(ENDS_WITHIN);
            } else if (asked.hasMembers(redrive.topic())) {
                asked.removeMembers(redrive.topic());
            }
            noteStop(redrive);
        } catch (Asked.Refused gone) {
            LOG.infof("Redrive %s had ended: %s", redrive.id(), gone.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        return latest(redrive.topic())
                .filter(one -> one.id().equals(redrive.id()))
                .orElseGet(() -> redrive.with(Status.STOPPED));
    }

    /** A member that left is forgotten by the broker a moment later. */
    private void noteStop(Redrive redrive) throws Asked.Refused, InterruptedException {
        for (int tried = 1; ; tried++) {
            var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
            asked.committed(redrive.topic()).forEach((partition, offset) -> Note.read(offset.metadata())
                    .filter(note -> note.id().equals(redrive.id()))
                    .ifPresent(note -> offsets.put(
                            partition,
                            new OffsetAndMetadata(
                                    offset.offset(), note.asStopped().written()))));
            if (offsets.isEmpty()) {
                return;
            }
            try {
                asked.commit(redrive.topic(), offsets);
                return;
            } catch (Asked.Refused stillThere) {
                if (tried == TRIES) {
                    throw stillThere;
                }
                Thread.sleep(ENDS_WITHIN.dividedBy(TRIES).toMillis());
            }
        }
    }

    void end(@Observes ShutdownEvent stopping) {
        runs.values().forEach(run -> {
            try {
                run.stop(Duration.ofSeconds(5));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        asked.close();
    }
}
