package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.WaitlistStatus;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.store.TracedEntry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a waitlist as clients see it.
 *
 * @param slotId the only slot that will do; null for any of the resource
 * @param bookingId the booking that was offered
 * @param offer what is offered now, until when; null before and after
 * @param cancellationReason left, offer-declined, offer-expired or slot-began
 * @param traceId the trace of the request that made it, which its offer continues
 */
@RegisterForReflection
public record WaitlistEntryView(
        UUID id,
        String status,
        UUID resourceId,
        @Nullable UUID slotId,
        int places,
        BookingView.CustomerView customer,
        @Nullable UUID bookingId,
        @Nullable OfferView offer,
        Instant createdAt,
        @Nullable Instant endedAt,
        @Nullable String cancellationReason,
        @Nullable String traceId) {

    /** @param localStart in {@code zone}, the resource's */
    @RegisterForReflection
    public record OfferView(
            UUID slotId,
            Instant startAt,
            Instant endAt,
            LocalDateTime localStart,
            String zone,
            @Nullable Instant expiresAt) {
        static OfferView of(Booking booking) {
            var appointment = booking.appointment();
            return new OfferView(
                    appointment.slotId(),
                    appointment.startAt(),
                    appointment.endAt(),
                    appointment.localStart(),
                    appointment.zone().getId(),
                    booking.holdExpiresAt());
        }
    }

    /** @param offered the booking of the offer, if there was one */
    static WaitlistEntryView of(TracedEntry traced, Optional<TracedBooking> offered) {
        var entry = traced.entry();
        return new WaitlistEntryView(
                entry.id(),
                entry.status().wireName(),
                entry.resourceId(),
                entry.slotId(),
                entry.places(),
                BookingView.CustomerView.of(entry.customer()),
                entry.bookingId(),
                entry.status() == WaitlistStatus.PROPOSED
                        ? offered.map(TracedBooking::booking).map(OfferView::of).orElse(null)
                        : null,
                entry.createdAt(),
                entry.endedAt(),
                entry.cancellationReason(),
                traced.trace().traceId());
    }
}
