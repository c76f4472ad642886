package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.Attendance;
import dev.carillon.booking.reservation.BookingStatus;
import dev.carillon.booking.reservation.MessageNews;
import dev.carillon.booking.reservation.store.BookingFilter;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.MessageNewsStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.usecase.BookSlot;
import dev.carillon.booking.reservation.usecase.CancelBooking;
import dev.carillon.booking.reservation.usecase.ConfirmBooking;
import dev.carillon.booking.reservation.usecase.Outcome;
import dev.carillon.booking.reservation.usecase.RecordAttendance;
import dev.carillon.booking.reservation.usecase.RescheduleBooking;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.limits.Admission;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.telemetry.SpanIds;
import dev.carillon.kit.telemetry.Traces;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/bookings}. */
@Path("/v1/bookings")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class BookingResource {
    private static final String PATH = "/v1/bookings";

    private final Caller caller;
    private final Actors actors;
    private final Traces traces;
    private final IdempotencyHeader idempotency;
    private final BookSlot bookSlot;
    private final ConfirmBooking confirmBooking;
    private final CancelBooking cancelBooking;
    private final RescheduleBooking rescheduleBooking;
    private final RecordAttendance recordAttendance;
    private final BookingStore bookings;
    private final MessageNewsStore messages;

    public BookingResource(
            Caller caller,
            Actors actors,
            Traces traces,
            IdempotencyHeader idempotency,
            BookSlot bookSlot,
            ConfirmBooking confirmBooking,
            CancelBooking cancelBooking,
            RescheduleBooking rescheduleBooking,
            RecordAttendance recordAttendance,
            BookingStore bookings,
            MessageNewsStore messages) {
        this.caller = caller;
        this.actors = actors;
        this.traces = traces;
        this.idempotency = idempotency;
        this.bookSlot = bookSlot;
        this.confirmBooking = confirmBooking;
        this.cancelBooking = cancelBooking;
        this.rescheduleBooking = rescheduleBooking;
        this.recordAttendance = recordAttendance;
        this.bookings = bookings;
        this.messages = messages;
    }

    @POST
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Book places in a slot, or hold them for a while")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = BookingView.class)))
    @APIResponse(responseCode = "409", description = "The slot has not so many places left, or is closed")
    @APIResponse(
            responseCode = "503",
            description = "slot-locked: others keep the slot locked for longer than is waited")
    public Uni<Response> book(
            @Nullable BookSlotRequest request,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key,
            @Context RoutingContext exchange) {
        var body = Problem.required(request);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, PATH, body);
        return bookSlot.book(
                        BookingReading.read(body, tenant, traces.current(), idempotencyKey),
                        () -> Admission.awaitOthers(exchange))
                .chain(outcome -> answer(tenant, outcome, 201));
    }

    @GET
    @Path("/{id}")
    @PermissionsAllowed("bookings:read")
    @Operation(summary = "One booking, with what became of its messages")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BookingView.class)))
    public Uni<Response> get(String id) {
        var known = Queries.id("booking", id);
        return bookings.find(caller.tenant(), known)
                .chain(found -> view(found.orElseThrow(() -> BookingProblems.noSuchBooking(known)), 200))
                .map(Response.ResponseBuilder::build);
    }

    @GET
    @PermissionsAllowed("bookings:read")
    @Operation(summary = "The tenant's bookings, newest first")
    public Uni<Page<BookingView>> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("resourceId") @Nullable String resourceId,
            @QueryParam("slotId") @Nullable String slotId,
            @QueryParam("customerId") @Nullable String customerId,
            @QueryParam("reminder") @Nullable String reminder,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        var filter = new BookingFilter(
                caller.tenant(),
                Queries.oneOf("status", status, BookingStatus::of, BookingStatus::wireName),
                Queries.uuid("resourceId", resourceId),
                Queries.uuid("slotId", slotId),
                Queries.text("customerId", customerId),
                Queries.oneOf("reminder", reminder, "failed") != null,
                Cursor.read(cursor),
                wanted + 1);
        return bookings.list(filter).chain(found -> messages.of(
                        found.stream().map(TracedBooking::id).toList())
                .map(news -> page(found, news, wanted)));
    }

    @POST
    @Path("/{id}/confirm")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Book what is held, while it is held")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BookingView.class)))
    @APIResponse(responseCode = "409", description = "It is not held, or not any more, or its slot is closed")
    public Uni<Response> confirm(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = Queries.id("booking", id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, PATH + "/" + known + "/confirm", Map.of());
        return confirmBooking
                .confirm(tenant, known, Queries.revision(ifMatch), idempotencyKey)
                .chain(outcome -> answer(tenant, outcome, 200));
    }

    @POST
    @Path("/{id}/cancel")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Cancel a booking; its places are free again")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BookingView.class)))
    public Uni<Response> cancel(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = Queries.id("booking", id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, PATH + "/" + known + "/cancel", Map.of());
        return cancelBooking
                .cancel(tenant, known, actors.calling(), Queries.revision(ifMatch), idempotencyKey)
                .chain(outcome -> answer(tenant, outcome, 200));
    }

    @POST
    @Path("/{id}/reschedule")
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Move a booking to another slot, all of it or not at all")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BookingView.class)))
    public Uni<Response> reschedule(
            String id,
            @Nullable RescheduleRequest request,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = Queries.id("booking", id);
        var body = Problem.required(request);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, PATH + "/" + known + "/reschedule", body);
        return rescheduleBooking
                .reschedule(
                        tenant,
                        known,
                        BookingReading.slotId(body.slotId()),
                        actors.calling(),
                        Queries.revision(ifMatch),
                        idempotencyKey)
                .chain(outcome -> answer(tenant, outcome, 200));
    }

    @POST
    @Path("/{id}/arrive")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Record that the customer is there")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BookingView.class)))
    @APIResponse(responseCode = "409", description = "The booking's state does not allow this")
    public Uni<Response> arrive(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        return attend(id, "arrive", Attendance.Step.ARRIVE, ifMatch, key);
    }

    @POST
    @Path("/{id}/check-in")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Record that the customer is checked in, whether or not the arrival was recorded")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BookingView.class)))
    @APIResponse(responseCode = "409", description = "The booking's state does not allow this")
    public Uni<Response> checkIn(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        return attend(id, "check-in", Attendance.Step.CHECK_IN, ifMatch, key);
    }

    @POST
    @Path("/{id}/fulfil")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Record that what was booked has taken place")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BookingView.class)))
    @APIResponse(responseCode = "409", description = "The booking's state does not allow this")
    public Uni<Response> fulfil(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        return attend(id, "fulfil", Attendance.Step.FULFIL, ifMatch, key);
    }

    @POST
    @Path("/{id}/no-show")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Record that nobody came, once the slot has begun")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = BookingView.class)))
    @APIResponse(responseCode = "409", description = "The booking's state does not allow this")
    public Uni<Response> noShow(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        return attend(id, "no-show", Attendance.Step.NO_SHOW, ifMatch, key);
    }

    private Uni<Response> attend(
            String id, String action, Attendance.Step step, @Nullable String ifMatch, @Nullable String key) {
        var known = Queries.id("booking", id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, PATH + "/" + known + "/" + action, Map.of());
        return recordAttendance
                .record(tenant, known, step, Queries.revision(ifMatch), idempotencyKey)
                .chain(outcome -> answer(tenant, outcome, 200));
    }

    private Uni<Response> answer(String tenant, Outcome outcome, int status) {
        return switch (outcome) {
            case Outcome.Done(TracedBooking booking) -> view(booking, status).map(Response.ResponseBuilder::build);
            case Outcome.Decided(Verdict.Repeated repeated) ->
                bookings.find(tenant, repeated.resourceId())
                        .chain(found -> view(found.orElseThrow(), status))
                        .map(answer -> answer.header(IdempotencyHeader.REPLAYED, "true")
                                .build());
            default -> throw BookingProblems.refusal(outcome);
        };
    }

    private Uni<Response.ResponseBuilder> view(TracedBooking booking, int status) {
        SpanIds.onCurrent(SpanIds.BOOKING, booking.id());
        return messages.of(List.of(booking.id())).map(news -> {
            var answer = Response.status(status)
                    .entity(BookingView.of(booking, news))
                    .tag(String.valueOf(booking.booking().revision()));
            return status == 201 ? answer.location(URI.create(PATH + "/" + booking.id())) : answer;
        });
    }

    private static Page<BookingView> page(List<TracedBooking> found, List<MessageNews> news, int wanted) {
        var byBooking = news.stream().collect(Collectors.groupingBy(MessageNews::bookingId));
        return Page.of(
                found,
                wanted,
                one -> BookingView.of(one, byBooking.getOrDefault(one.id(), List.of())),
                TracedBooking::id);
    }
}
