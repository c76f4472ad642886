package dev.carillon.booking.reservation.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.store.ResourceStore;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.calendar.ResourceCalendar;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.usecase.HoldTimers;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.limits.Deferrable;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/resources/{id}/calendar.ics}. */
@Path("/v1/resources/{id}/calendar.ics")
public class ResourceCalendarResource {
    private static final int MOST_BOOKINGS = 5_000;

    private final Caller caller;
    private final ResourceStore resources;
    private final BookingStore bookings;
    private final ResourceCalendar calendar;
    private final HoldTimers clock;

    public ResourceCalendarResource(
            Caller caller,
            ResourceStore resources,
            BookingStore bookings,
            ResourceCalendar calendar,
            HoldTimers clock) {
        this.caller = caller;
        this.resources = resources;
        this.bookings = bookings;
        this.calendar = calendar;
        this.clock = clock;
    }

    @GET
    @Deferrable
    @Produces(CalendarFile.MEDIA_TYPE)
    @PermissionsAllowed("bookings:read")
    @Operation(
            summary =
                    "The bookings of a resource that stand, as a calendar for its staff, without a word of who has booked",
            description =
                    "METHOD PUBLISH; those that start from 30 days ago to the horizon, or in [from, to) of at most 500 days."
                            + " At most 5,000 bookings: ask for less time if there are more")
    @APIResponse(responseCode = "200", description = "The file (RFC 5545, RFC 5546)")
    @APIResponse(responseCode = "304", description = "If-None-Match names this version")
    @APIResponse(responseCode = "422", description = "There are more bookings than one file takes")
    public Uni<Response> get(
            String id,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        var known = Queries.id("resource", id);
        return resources
                .find(caller.tenant(), known)
                .map(found -> found.orElseThrow(() -> new ProblemException(Problem.notFound("resource", known))))
                .chain(resource -> booked(resource, CalendarWindow.read(from, to, resource, clock.now()))
                        // Thousands of events are written: not on an event loop.
                        .emitOn(Infrastructure.getDefaultWorkerPool())
                        .map(booked -> file(resource, booked).answer(ifNoneMatch)));
    }

    private Uni<List<Booking>> booked(Resource resource, CalendarWindow window) {
        return bookings.standing(resource.id(), window.from(), window.to(), MOST_BOOKINGS + 1)
                .map(found -> {
                    if (found.size() > MOST_BOOKINGS) {
                        throw Faults.named(
                                "too-many-bookings",
                                "The calendar would have too many bookings",
                                "to",
                                "Over %d start between %s and %s; ask for less time"
                                        .formatted(MOST_BOOKINGS, window.from(), window.to()));
                    }
                    return found.stream().map(TracedBooking::booking).toList();
                });
    }

    private CalendarFile file(Resource resource, List<Booking> booked) {
        return CalendarFile.of(
                "resource-" + resource.id(),
                version(resource, booked),
                () -> calendar.write(resource.name(), booked, clock.now()));
    }

    private static String version(Resource resource, List<Booking> booked) {
        var all = booked.stream()
                .map(booking -> booking.id() + ":" + booking.version())
                .collect(Collectors.joining(",", resource.revision() + ";", ""));
        return UUID.nameUUIDFromBytes(all.getBytes(UTF_8)).toString();
    }
}
