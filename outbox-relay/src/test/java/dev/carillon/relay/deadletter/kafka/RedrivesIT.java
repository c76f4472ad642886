package dev.carillon.relay.deadletter.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.kit.testing.telemetry.EndedSpans;
import dev.carillon.relay.deadletter.DeadLetterTopic;
import dev.carillon.relay.deadletter.DeadLetters.Beginning;
import dev.carillon.relay.deadletter.Redrive;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedrivesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final KafkaServer KAFKA = KafkaServer.shared();
    private static final Map<String, Object> SETTINGS = Map.of("bootstrap.servers", KAFKA.bootstrapServers());

    /** So low that none has ended before it is interrupted. */
    private static final int RATE = 5;

    private final String topic = "test." + UUID.randomUUID();
    private final DeadLetterTopic deadLetters =
            DeadLetterTopic.named(topic + ".readers.dlq").orElseThrow();
    private final EndedSpans ended = new EndedSpans();
    private final OpenTelemetry telemetry = ended.telemetry();
    private final KafkaDeadLetters one = new KafkaDeadLetters(SETTINGS, new Traces(telemetry));
    private final KafkaDeadLetters other = new KafkaDeadLetters(SETTINGS, new Traces(OpenTelemetry.noop()));

    @BeforeEach
    void putLetters() {
        KAFKA.createTopics(new Topic(topic, 2, Map.of()), new Topic(deadLetters.name(), 2, Map.of()));
        try (var producer = new KafkaProducer<>(SETTINGS, new StringSerializer(), new StringSerializer())) {
            for (int letter = 0; letter < 40; letter++) {
                var record = new ProducerRecord<>(deadLetters.name(), "key-" + letter, "{}");
                record.headers().add("traceparent", traceparent(letter).getBytes(UTF_8));
                producer.send(record);
            }
        }
    }

    private static String traceparent(int letter) {
        return "00-%032x-%016x-01".formatted(0xabc000 + letter, 0xdef000 + letter);
    }

    @Test
    void a_redrive_leads_from_the_request_for_it_to_the_trace_of_each_letter() {
        var request = telemetry.getTracer("test").spanBuilder("POST").startSpan();
        try (var active = request.makeCurrent()) {
            one.begin(deadLetters, 1_000, "one", null);
        }
        request.end();

        await().atMost(PATIENCE).untilAsserted(() -> {
            var redriven = ended.named(deadLetters.name() + " redrive");
            assertThat(redriven).allSatisfy(span -> {
                assertThat(span.getTraceId()).isEqualTo(request.getSpanContext().getTraceId());
                assertThat(span.getParentSpanId())
                        .isEqualTo(request.getSpanContext().getSpanId());
            });
            assertThat(redriven)
                    .flatExtracting(SpanData::getLinks)
                    .extracting(link -> "00-%s-%s-01"
                            .formatted(
                                    link.getSpanContext().getTraceId(),
                                    link.getSpanContext().getSpanId()))
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 40)
                            .mapToObj(RedrivesIT::traceparent)
                            .toList());
        });
    }

    @AfterEach
    void end() {
        one.end(new ShutdownEvent());
        other.end(new ShutdownEvent());
    }

    @Test
    void of_two_relays_that_are_asked_at_once_for_one_redrive_one_finishes_it() {
        one.begin(deadLetters, 1_000, "one", null);
        // Before the first one's run has joined the group, which is what would refuse this.
        other.begin(deadLetters, 1_000, "other", null);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(one.latest(deadLetters))
                .hasValueSatisfying(redrive -> assertThat(redrive.status()).isEqualTo(Redrive.Status.FINISHED)));
    }

    @Test
    void every_relay_knows_a_redrive_by_the_key_of_the_request_that_began_it_also_when_it_was_stopped() {
        var key = UUID.randomUUID().toString();
        var begun = redrive(one.begin(deadLetters, 1, "one", key));
        one.stop(begun);

        assertThat(other.begin(deadLetters, 1, "other", key))
                .isInstanceOfSatisfying(
                        Beginning.BegunBefore.class,
                        before -> assertThat(before.redrive().id()).isEqualTo(begun.id()));
        assertThat(redrive(other.begin(deadLetters, 1_000, "other", "another " + key))
                        .id())
                .isNotEqualTo(begun.id());
    }

    @Test
    void a_redrive_whose_relay_is_gone_goes_on_when_its_request_is_repeated() {
        var key = UUID.randomUUID().toString();
        var begun = interrupted(key);

        // The broker forgets a member a moment after it has left.
        await().atMost(PATIENCE).until(() -> repeated(key) instanceof Beginning.GoesOn);
        assertThat(repeated(key)).isInstanceOf(Beginning.BegunBefore.class);

        await().atMost(PATIENCE).until(() -> status(begun) == Redrive.Status.FINISHED);
    }

    @Test
    void a_redrive_whose_last_letters_have_expired_meanwhile_is_finished() {
        var key = UUID.randomUUID().toString();
        var begun = interrupted(key);
        expireAll();
        await().atMost(PATIENCE).until(() -> repeated(key) instanceof Beginning.GoesOn);

        await().atMost(PATIENCE).until(() -> status(begun) == Redrive.Status.FINISHED);
    }

    @Test
    void a_redrive_that_was_stopped_after_its_relay_was_gone_does_not_go_on() {
        var key = UUID.randomUUID().toString();
        var begun = interrupted(key);
        await().atMost(PATIENCE).until(() -> other.stop(begun).status() == Redrive.Status.STOPPED);

        assertThat(repeated(key)).isInstanceOf(Beginning.BegunBefore.class);
        assertThat(status(begun)).isEqualTo(Redrive.Status.STOPPED);
    }

    /** As retention does it: the topics begin where they end. */
    private void expireAll() {
        var toTheEnd = RecordsToDelete.beforeOffset(-1);
        try (var admin = Admin.create(SETTINGS)) {
            admin.deleteRecords(Map.of(
                            new TopicPartition(deadLetters.name(), 0), toTheEnd,
                            new TopicPartition(deadLetters.name(), 1), toTheEnd))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    private Beginning repeated(String key) {
        return other.begin(deadLetters, RATE, "other", key);
    }

    private Redrive.Status status(Redrive begun) {
        return other.redrive(begun.id()).orElseThrow().status();
    }

    private Redrive interrupted(String key) {
        var begun = redrive(one.begin(deadLetters, RATE, "one", key));
        one.end(new ShutdownEvent());
        return begun;
    }

    private static Redrive redrive(Beginning beginning) {
        return ((Beginning.Begun) beginning).redrive();
    }
}
