package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.testing.telemetry.EndedSpans;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordsIT {
    private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT_SPAN_ID = "b7ad6b7169203331";

    private final RelayFixture relays = new RelayFixture();

    @AfterEach
    void end() {
        relays.close();
    }

    @Test
    void an_event_is_a_cloud_event_in_binary_mode_and_carries_the_span_of_its_publishing() {
        var ended = new EndedSpans();
        relays.tracedBy(ended.telemetry()).startRelay();
        String topic = RelayFixture.newTopic();
        relays.outbox.append(topic, "key", 3, "{\"a\":1}");

        try (var reader = RelayFixture.read(topic)) {
            Event event = reader.untilDistinct(1).events().getFirst();
            // The span ends when the broker has acknowledged, which a reader may learn later than the record.
            await().until(() -> !ended.spans.isEmpty());
            SpanData span = ended.spans.getFirst();

            assertThat(span.getName()).isEqualTo(topic + " publish");
            assertThat(span.getKind()).isEqualTo(SpanKind.PRODUCER);
            assertThat(span.getTraceId()).isEqualTo(TRACE_ID);
            assertThat(span.getParentSpanId()).isEqualTo(PARENT_SPAN_ID);
            assertThat(span.getAttributes().get(AttributeKey.stringKey("messaging.destination.name")))
                    .isEqualTo(topic);
            assertThat(event.trace().traceparent()).isEqualTo("00-" + TRACE_ID + "-" + span.getSpanId() + "-01");
            assertThat(event.trace().tracestate()).isEqualTo("vendor=1");
            assertThat(event.type()).isEqualTo("carillon.test.happened.v1");
            assertThat(event.source()).isEqualTo("/test");
            assertThat(event.subject()).isEqualTo("key");
            assertThat(event.tenant()).isEqualTo("tenant");
            assertThat(event.version()).isEqualTo(3);
            assertThat(new String(event.payload(), StandardCharsets.UTF_8)).isEqualTo("{\"a\":1}");
            assertThat(reader.raw().getFirst().headers())
                    .extracting(header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
                    .contains("ce_specversion=1.0", "ce_partitionkey=key", "content-type=application/json");
            assertThat(ended.spans).as("polls make no spans").hasSize(1);
        }
    }
}
