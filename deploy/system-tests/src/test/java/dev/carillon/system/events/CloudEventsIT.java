package dev.carillon.system.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Carillon.Accepted;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.cloudevents.CloudEvent;
import io.cloudevents.SpecVersion;
import io.cloudevents.kafka.CloudEventDeserializer;
import io.cloudevents.kafka.PartitionKeyExtensionInterceptor;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is on the topics, read with the CNCF's own CloudEvents SDK, and the traces with OpenTelemetry's propagator. */
@ExtendWith(RunningStack.class)
class CloudEventsIT {

    /** Those that a message and a booking leave records on. */
    private static final List<String> WRITTEN = List.of(
            "carillon.api-keys.v1",
            "carillon.booking.events.v1",
            "carillon.delivery.events.v1",
            "carillon.message.events.v1",
            "carillon.message.staged.v1");

    private static final TextMapGetter<Headers> W3C_HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return Arrays.stream(headers.toArray()).map(Header::key).toList();
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String key) {
            Header found = headers == null ? null : headers.lastHeader(key);
            return found == null ? null : new String(found.value(), UTF_8);
        }
    };

    private final TestStack stack;
    private final Carillon carillon;

    CloudEventsIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @Test
    void every_record_of_every_topic_is_a_cloud_event_with_a_trace_to_others_too() {
        Accepted message = carillon.schedule(Way.WEBHOOK, "PT0S");
        carillon.awaitArrival(message);
        var bookings = new Bookings(carillon);
        bookings.book(bookings.openSlot(bookings.openResource(), Duration.ofHours(1)));

        try (var consumer = consumer()) {
            List<ConsumerRecord<String, CloudEvent>> found = readUntilEachTopicHasSome(consumer);

            assertThat(found).allSatisfy(CloudEventsIT::assertThatItIsAnEvent);
            String traceId = carillon.message(message).getString("traceId");
            assertThat(found)
                    .filteredOn(event -> message.id().toString().equals(event.key()))
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(trace(event).getTraceId()).isEqualTo(traceId));
        }
    }

    private KafkaConsumer<String, CloudEvent> consumer() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", "127.0.0.1:" + stack.ports().kafka(),
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "allow.auto.create.topics", "false");
        var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new CloudEventDeserializer());
        consumer.assign(Topic.allOfCarillon().stream()
                .map(Topic::name)
                // Dead letters are whatever came, events or not.
                .filter(topic -> !topic.endsWith(".dlq"))
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
        return consumer;
    }

    private static List<ConsumerRecord<String, CloudEvent>> readUntilEachTopicHasSome(
            KafkaConsumer<String, CloudEvent> consumer) {
        List<ConsumerRecord<String, CloudEvent>> found = new ArrayList<>();
        await("records on " + WRITTEN).atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            assertThat(found).extracting(ConsumerRecord::topic).containsAll(WRITTEN);
            assertThat(consumer.endOffsets(consumer.assignment()))
                    .allSatisfy((partition, end) ->
                            assertThat(consumer.position(partition)).isGreaterThanOrEqualTo(end));
        });
        return found;
    }

    private static void assertThatItIsAnEvent(ConsumerRecord<String, CloudEvent> found) {
        CloudEvent event = found.value();
        assertThat(event.getSpecVersion()).isEqualTo(SpecVersion.V1);
        assertThat(UUID.fromString(event.getId()).version()).isEqualTo(7);
        assertThat(event.getType()).startsWith("carillon.").endsWith(".v1");
        assertThat(event.getSource().toString()).startsWith("/carillon/");
        assertThat(event.getSubject()).isNotBlank();
        assertThat(event.getTime()).isNotNull();
        assertThat(event.getDataContentType()).isEqualTo("application/json");
        assertThat(event.getExtension("tenant")).asString().isNotBlank();
        assertThat(event.getExtension("version")).asString().matches("[1-9][0-9]*");
        assertThat(event.getExtension(PartitionKeyExtensionInterceptor.PARTITION_KEY_EXTENSION))
                .isEqualTo(found.key());
        String payload = new String(Objects.requireNonNull(event.getData()).toBytes(), UTF_8);
        EventContract.of(event.getType()).check(payload);
        assertThat(trace(found).isValid()).as("a trace in %s", found.headers()).isTrue();
    }

    private static SpanContext trace(ConsumerRecord<String, CloudEvent> found) {
        Context context = W3CTraceContextPropagator.getInstance().extract(Context.root(), found.headers(), W3C_HEADERS);
        return Span.fromContext(context).getSpanContext();
    }
}
