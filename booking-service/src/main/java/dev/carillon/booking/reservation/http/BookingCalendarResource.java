package dev.carillon.booking.reservation.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.calendar.BookingCalendar;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.usecase.HoldTimers;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/bookings/{id}.ics}. */
@Path("/v1/bookings/{id}.ics")
public class BookingCalendarResource {
    private final Caller caller;
    private final BookingStore bookings;
    private final BookingCalendar calendar;
    private final HoldTimers clock;

    public BookingCalendarResource(Caller caller, BookingStore bookings, BookingCalendar calendar, HoldTimers clock) {
        this.caller = caller;
        this.bookings = bookings;
        this.calendar = calendar;
        this.clock = clock;
    }

    @GET
    @Produces(CalendarFile.MEDIA_TYPE)
    @PermissionsAllowed("bookings:read")
    @Operation(
            summary = "A booking as a calendar file, the one that its customer gets by e-mail",
            description =
                    "METHOD REQUEST, or CANCEL once it is cancelled; always the same UID, and the SEQUENCE of its last move")
    @APIResponse(responseCode = "200", description = "The file (RFC 5545, RFC 5546)")
    @APIResponse(responseCode = "304", description = "If-None-Match names this version")
    @APIResponse(responseCode = "404", description = "There is no such booking, or it was never more than a hold")
    public Uni<Response> get(String id, @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        var known = Queries.id("booking", id);
        return bookings.find(caller.tenant(), known)
                .map(found -> found.orElseThrow(() -> BookingProblems.noSuchBooking(known))
                        .booking())
                .map(booking -> file(booking).answer(ifNoneMatch));
    }

    private CalendarFile file(Booking booking) {
        var text = calendar.write(booking, clock.now()).orElseThrow(() -> neverBooked(booking));
        return CalendarFile.of("booking-" + booking.id(), version(booking), () -> text);
    }

    /** The booking's, and that of its resource's name, which is its owner's to change. Both were read at once: no older file has a newer tag. */
    private static String version(Booking booking) {
        var name = booking.appointment().resourceName().getBytes(UTF_8);
        return booking.revision() + "-" + UUID.nameUUIDFromBytes(name);
    }

    private static ProblemException neverBooked(Booking booking) {
        var status = booking.status().wireName();
        return new ProblemException(Problem.of(
                        404,
                        "not-in-calendar",
                        "The booking is in no calendar",
                        "It is %s, and was never more than a hold".formatted(status))
                .with("bookingStatus", status));
    }
}
