package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.usecase.BookSlot;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.telemetry.TraceContext;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads a request into a wish to book, or says everything that is wrong with it. */
final class BookingReading {
    private static final Duration SHORTEST_HOLD = Duration.ofSeconds(1);
    private static final Duration LONGEST_HOLD = Duration.ofDays(1);

    private final BookSlotRequest request;
    private final Faults faults = new Faults();

    private BookingReading(BookSlotRequest request) {
        this.request = request;
    }

    /** @throws dev.carillon.kit.problem.ProblemException 422 with every fault */
    static BookSlot.Request read(
            BookSlotRequest request, String tenant, TraceContext trace, IdempotencyKeys.@Nullable Key key) {
        return new BookingReading(request).request(tenant, trace, key);
    }

    /**
     * The id of a slot, where a body has nothing else.
     *
     * @throws dev.carillon.kit.problem.ProblemException 422 when there is none, or it is malformed
     */
    static UUID slotId(@Nullable String text) {
        var faults = new Faults();
        var slot = slotId(text, faults);
        if (slot == null) {
            throw faults.asProblem();
        }
        return slot;
    }

    /** Null only when there is a fault. */
    private static @Nullable UUID slotId(@Nullable String text, Faults faults) {
        if (text == null) {
            faults.add("/slotId", "is required");
        }
        return Queries.uuid("/slotId", text, faults);
    }

    private BookSlot.Request request(String tenant, TraceContext trace, IdempotencyKeys.@Nullable Key key) {
        int places = WhoAndHowMany.places(request.places(), faults);
        var customer = WhoAndHowMany.customer(request.customer(), faults);
        var hold = hold(request.hold());
        var slot = slotId(request.slotId(), faults);
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return new BookSlot.Request(
                tenant, Objects.requireNonNull(slot), places, Objects.requireNonNull(customer), hold, trace, key);
    }

    private @Nullable Duration hold(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            var hold = Duration.parse(text).truncatedTo(ChronoUnit.MICROS);
            if (hold.compareTo(SHORTEST_HOLD) < 0 || hold.compareTo(LONGEST_HOLD) > 0) {
                faults.add("/hold", "takes %s to %s".formatted(SHORTEST_HOLD, LONGEST_HOLD));
            }
            return hold;
        } catch (DateTimeException | ArithmeticException malformed) {
            faults.add("/hold", "is not a duration of ISO 8601, such as PT5M");
            return null;
        }
    }
}
