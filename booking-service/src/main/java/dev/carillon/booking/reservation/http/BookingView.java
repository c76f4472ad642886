package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.Customer;
import dev.carillon.booking.reservation.MessageNews;
import dev.carillon.booking.reservation.store.TracedBooking;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A booking as clients see it.
 *
 * @param version the revision of the {@code ETag}: counts the client's own changes
 * @param slotClosed true when its slot takes no bookings any more, and its customer was told; absent otherwise
 * @param localStart in {@code zone}, the resource's
 * @param sequence how often it was moved
 * @param traceId the trace that made it and that its messages continue
 * @param messages those that have got somewhere, in the order in which they were made
 */
@RegisterForReflection
public record BookingView(
        UUID id,
        String status,
        int version,
        UUID resourceId,
        UUID slotId,
        @Nullable Boolean slotClosed,
        Instant startAt,
        Instant endAt,
        LocalDateTime localStart,
        String zone,
        int places,
        CustomerView customer,
        int sequence,
        @Nullable Instant holdExpiresAt,
        Instant createdAt,
        @Nullable Instant bookedAt,
        @Nullable Instant arrivedAt,
        @Nullable Instant checkedInAt,
        @Nullable Instant fulfilledAt,
        @Nullable Instant noShowAt,
        @Nullable Instant cancelledAt,
        @Nullable String cancellationReason,
        @Nullable String traceId,
        List<MessageView> messages) {

    /** Who has booked. */
    @RegisterForReflection
    public record CustomerView(
            @Nullable String id,
            String name,
            @Nullable String email,
            @Nullable String telegramChatId,
            @Nullable String zone,
            @Nullable String language) {
        static CustomerView of(Customer customer) {
            return new CustomerView(
                    customer.id(),
                    customer.name(),
                    customer.email(),
                    customer.telegramChatId(),
                    customer.zone() == null ? null : customer.zone().getId(),
                    customer.language());
        }
    }

    /** What became of a message that was sent because of the booking. */
    @RegisterForReflection
    public record MessageView(
            UUID messageId,
            String purpose,
            String status,
            Instant at,
            @Nullable String error) {
        static MessageView of(MessageNews news) {
            return new MessageView(news.messageId(), news.purpose(), news.status(), news.at(), news.error());
        }
    }

    static BookingView of(TracedBooking traced, List<MessageNews> messages) {
        var booking = traced.booking();
        var appointment = booking.appointment();
        return new BookingView(
                booking.id(),
                booking.status().wireName(),
                booking.revision(),
                appointment.resourceId(),
                appointment.slotId(),
                appointment.slotClosed() ? true : null,
                appointment.startAt(),
                appointment.endAt(),
                appointment.localStart(),
                appointment.zone().getId(),
                booking.places(),
                CustomerView.of(booking.customer()),
                booking.sequence(),
                booking.holdExpiresAt(),
                booking.createdAt(),
                booking.bookedAt(),
                booking.attendance().arrivedAt(),
                booking.attendance().checkedInAt(),
                booking.attendance().fulfilledAt(),
                booking.attendance().noShowAt(),
                booking.cancelledAt(),
                booking.cancellationReason(),
                traced.trace().traceId(),
                messages.stream().map(MessageView::of).toList());
    }
}
