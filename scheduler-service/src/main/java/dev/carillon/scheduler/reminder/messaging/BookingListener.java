package dev.carillon.scheduler.reminder.messaging;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.inbox.Inbox;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.reminder.usecase.FollowBookings;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads {@code carillon.booking.events.v1}. */
@ApplicationScoped
public class BookingListener {
    private static final String TOPIC = "carillon.booking.events.v1";
    private static final Set<String> TYPES = Set.of(
            "carillon.booking.held.v1",
            "carillon.booking.hold-expired.v1",
            "carillon.booking.booked.v1",
            "carillon.booking.rescheduled.v1",
            "carillon.booking.cancelled.v1");

    private final Inbox inbox;
    private final FollowBookings followBookings;
    private final BookingReading reading;
    private final Traces traces;

    public BookingListener(Inbox inbox, FollowBookings followBookings, BookingReading reading, Traces traces) {
        this.inbox = inbox;
        this.followBookings = followBookings;
        this.reading = reading;
        this.traces = traces;
    }

    @Incoming("booking-events")
    Uni<Void> onBookingEvents(ConsumerRecords<String, byte[]> batch) {
        return inbox.consume("scheduler", "scheduler-bookings", batch, this::apply);
    }

    private Uni<Void> apply(Tx tx, List<Event> events) {
        var spans = new ArrayList<Span>();
        return Uni.createFrom()
                .deferred(() -> followBookings.follow(tx, told(events, spans)))
                .onTermination()
                .invoke(() -> spans.forEach(Span::end));
    }

    private List<FollowBookings.Told> told(List<Event> events, List<Span> spans) {
        var told = new ArrayList<FollowBookings.Told>();
        for (var event : events) {
            var span = span(event);
            spans.add(span);
            if (TYPES.contains(event.type())) {
                told.add(new FollowBookings.Told(reading.read(event), traces.of(span)));
            }
        }
        return told;
    }

    private Span span(Event event) {
        return traces.start(TOPIC + " process", SpanKind.CONSUMER, event.trace())
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", TOPIC)
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("carillon.event.type", event.type())
                .setAttribute("carillon.booking.id", event.subject());
    }
}
