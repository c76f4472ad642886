package dev.carillon.booking.reservation;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who waits for places. Entries of one slot or resource are served in the order of their ids, which is that in which they joined; one whose
 * places do not fit into what is free lets others pass. An entry is offered places once, and again only when what was offered is withdrawn; its offer is
 * a booking that is proposed, so that what is offered is taken and nobody else can book it.
 *
 * @param slotId the only slot that will do; null for any of the resource
 * @param cancellationReason the name of its {@link WaitlistEnd}; null when it has not ended, or ended with a booking
 * @param bookingId what was offered; null before, and once it is withdrawn
 * @param version counts every change, from 1; what events carry
 */
public record WaitlistEntry(
        UUID id,
        String tenant,
        UUID resourceId,
        @Nullable UUID slotId,
        int places,
        Customer customer,
        WaitlistStatus status,
        @Nullable String cancellationReason,
        @Nullable UUID bookingId,
        long version,
        Instant createdAt,
        @Nullable Instant endedAt) {
    public static WaitlistEntry joined(
            UUID id,
            String tenant,
            UUID resourceId,
            @Nullable UUID slotId,
            int places,
            Customer customer,
            Instant now) {
        return new WaitlistEntry(
                id, tenant, resourceId, slotId, places, customer, WaitlistStatus.WAITLIST, null, null, 1, now, null);
    }

    /** Counts the client's own changes, from 1 for having joined: it moves when they accept or leave, not when something is offered or ends. */
    public int revision() {
        return status == WaitlistStatus.BOOKED || isEndedByClient() ? 2 : 1;
    }

    public boolean isEndedByClient() {
        return cancellationReason != null && WaitlistEnd.of(cancellationReason).isByClient();
    }

    public boolean isWaiting() {
        return status == WaitlistStatus.WAITLIST;
    }

    public WaitlistEntry offered(UUID booking) {
        return changed(WaitlistStatus.PROPOSED, null, booking, null);
    }

    /** What was offered cannot be had any more; it waits on, where it stood. */
    public WaitlistEntry withdrawn() {
        return changed(WaitlistStatus.WAITLIST, null, null, null);
    }

    public WaitlistEntry accepted(Instant now) {
        return changed(WaitlistStatus.BOOKED, null, Objects.requireNonNull(bookingId), now);
    }

    public WaitlistEntry cancelled(WaitlistEnd end, Instant now) {
        return changed(WaitlistStatus.CANCELLED, end.wireName(), bookingId, now);
    }

    private WaitlistEntry changed(
            WaitlistStatus next, @Nullable String reason, @Nullable UUID booking, @Nullable Instant ended) {
        return new WaitlistEntry(
                id, tenant, resourceId, slotId, places, customer, next, reason, booking, version + 1, createdAt, ended);
    }
}
