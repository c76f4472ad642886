package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.usecase.JoinWaitlist;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.telemetry.TraceContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a request into a wish to wait, or says everything that is wrong with it. */
final class WaitlistReading {
    private WaitlistReading() {}

    /** @throws dev.carillon.kit.problem.ProblemException 422 with every fault */
    static JoinWaitlist.Request read(
            JoinWaitlistRequest request, String tenant, TraceContext trace, IdempotencyKeys.@Nullable Key key) {
        var faults = new Faults();
        int places = WhoAndHowMany.places(request.places(), faults);
        var customer = WhoAndHowMany.customer(request.customer(), faults);
        var slot = Queries.uuid("/slotId", request.slotId(), faults);
        var resource = Queries.uuid("/resourceId", request.resourceId(), faults);
        if ((request.slotId() == null) == (request.resourceId() == null)) {
            faults.add("", "takes either slotId or resourceId");
        }
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return new JoinWaitlist.Request(tenant, slot, resource, places, Objects.requireNonNull(customer), trace, key);
    }
}
