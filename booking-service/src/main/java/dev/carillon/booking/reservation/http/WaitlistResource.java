package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.WaitlistStatus;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.booking.reservation.store.WaitlistStore.WaitlistFilter;
import dev.carillon.booking.reservation.usecase.AnswerOffer;
import dev.carillon.booking.reservation.usecase.JoinWaitlist;
import dev.carillon.booking.reservation.usecase.Outcome;
import dev.carillon.booking.reservation.usecase.WaitlistOutcome;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Traces;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/waitlist}. */
@Path("/v1/waitlist")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class WaitlistResource {
    private static final String PATH = "/v1/waitlist";

    private final Caller caller;
    private final Traces traces;
    private final IdempotencyHeader idempotency;
    private final JoinWaitlist joinWaitlist;
    private final AnswerOffer answerOffer;
    private final WaitlistStore waitlist;
    private final BookingStore bookings;

    public WaitlistResource(
            Caller caller,
            Traces traces,
            IdempotencyHeader idempotency,
            JoinWaitlist joinWaitlist,
            AnswerOffer answerOffer,
            WaitlistStore waitlist,
            BookingStore bookings) {
        this.caller = caller;
        this.traces = traces;
        this.idempotency = idempotency;
        this.joinWaitlist = joinWaitlist;
        this.answerOffer = answerOffer;
        this.waitlist = waitlist;
        this.bookings = bookings;
    }

    @POST
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Wait for places of a slot, or of any slot of a resource; what is free is offered at once")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = WaitlistEntryView.class)))
    @APIResponse(responseCode = "409", description = "The slot is closed or has begun")
    public Uni<Response> join(
            @Nullable JoinWaitlistRequest request, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var body = Problem.required(request);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, PATH, body);
        return joinWaitlist
                .join(WaitlistReading.read(body, tenant, traces.current(), idempotencyKey))
                .chain(outcome -> answer(tenant, outcome, 201));
    }

    @GET
    @Path("/{id}")
    @PermissionsAllowed("bookings:read")
    @Operation(summary = "One entry, with what is offered to it")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = WaitlistEntryView.class)))
    public Uni<Response> get(String id) {
        var known = Queries.id("waitlist entry", id);
        return waitlist.find(caller.tenant(), known)
                .chain(found -> view(found.orElseThrow(() -> noSuchEntry()), 200))
                .map(Response.ResponseBuilder::build);
    }

    @GET
    @PermissionsAllowed("bookings:read")
    @Operation(summary = "The entries of the tenant's waitlists, newest first")
    public Uni<Page<WaitlistEntryView>> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("resourceId") @Nullable String resourceId,
            @QueryParam("slotId") @Nullable String slotId,
            @QueryParam("customerId") @Nullable String customerId,
            @QueryParam("bookingId") @Nullable String bookingId,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        var filter = new WaitlistFilter(
                caller.tenant(),
                Queries.oneOf("status", status, WaitlistStatus::of, WaitlistStatus::wireName),
                Queries.uuid("resourceId", resourceId),
                Queries.uuid("slotId", slotId),
                Queries.text("customerId", customerId),
                Queries.uuid("bookingId", bookingId),
                Cursor.read(cursor),
                wanted + 1);
        return waitlist.list(filter).chain(found -> offered(found)
                .map(offers -> Page.of(
                        found,
                        wanted,
                        one -> WaitlistEntryView.of(
                                one, Optional.ofNullable(offers.get(one.entry().bookingId()))),
                        TracedEntry::id)));
    }

    @POST
    @Path("/{id}/accept")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Book what is offered, once, while it is offered")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = WaitlistEntryView.class)))
    @APIResponse(responseCode = "409", description = "Nothing is offered, or not any more, or its slot was closed")
    @APIResponse(responseCode = "412", description = "version-mismatch")
    public Uni<Response> accept(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = Queries.id("waitlist entry", id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, PATH + "/" + known + "/accept", Map.of());
        return answerOffer
                .accept(tenant, known, Queries.revision(ifMatch), idempotencyKey)
                .chain(outcome -> answer(tenant, outcome, 200, known));
    }

    @POST
    @Path("/{id}/leave")
    @Consumes(MediaType.WILDCARD)
    @PermissionsAllowed("bookings:write")
    @Operation(summary = "Wait no longer; what is offered passes on to the next")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = WaitlistEntryView.class)))
    @APIResponse(responseCode = "409", description = "It is booked: cancel the booking")
    @APIResponse(responseCode = "412", description = "version-mismatch")
    public Uni<Response> leave(
            String id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = Queries.id("waitlist entry", id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, PATH + "/" + known + "/leave", Map.of());
        return answerOffer
                .leave(tenant, known, Queries.revision(ifMatch), idempotencyKey)
                .chain(outcome -> answer(tenant, outcome, 200, known));
    }

    private Uni<Response> answer(String tenant, WaitlistOutcome outcome, int status) {
        return outcome instanceof WaitlistOutcome.OfOffer(Outcome.Decided(Verdict.Repeated repeated))
                ? repeated(tenant, repeated.resourceId(), status)
                : answered(outcome, status);
    }

    /** A key of an offer's answer stands for its booking, so that the entry is the one that was asked about. */
    private Uni<Response> answer(String tenant, WaitlistOutcome outcome, int status, UUID entry) {
        return outcome instanceof WaitlistOutcome.OfOffer(Outcome.Decided(Verdict.Repeated ignored))
                ? repeated(tenant, entry, status)
                : answered(outcome, status);
    }

    private Uni<Response> answered(WaitlistOutcome outcome, int status) {
        return outcome instanceof WaitlistOutcome.Done(TracedEntry entry)
                ? view(entry, status).map(Response.ResponseBuilder::build)
                : Uni.createFrom().failure(refusal(outcome));
    }

    private Uni<Response> repeated(String tenant, UUID entry, int status) {
        return waitlist.find(tenant, entry)
                .chain(found -> view(found.orElseThrow(), status))
                .map(answer -> answer.header(IdempotencyHeader.REPLAYED, "true").build());
    }

    private Uni<Response.ResponseBuilder> view(TracedEntry entry, int status) {
        return offered(List.of(entry)).map(offers -> {
            var answer = Response.status(status)
                    .entity(WaitlistEntryView.of(entry, offers.values().stream().findFirst()))
                    .tag(String.valueOf(entry.entry().revision()));
            return status == 201 ? answer.location(URI.create(PATH + "/" + entry.id())) : answer;
        });
    }

    /** What is offered to these, by the booking's id. */
    private Uni<Map<UUID, TracedBooking>> offered(List<TracedEntry> entries) {
        var ids = entries.stream()
                .filter(one -> one.entry().status() == WaitlistStatus.PROPOSED)
                .map(one -> Objects.requireNonNull(one.entry().bookingId()))
                .toList();
        return bookings.ofIds(ids)
                .map(found -> found.stream().collect(Collectors.toMap(TracedBooking::id, Function.identity())));
    }

    private static ProblemException refusal(WaitlistOutcome outcome) {
        return switch (outcome) {
            case WaitlistOutcome.Refused(WaitlistStatus from, WaitlistStatus to, String why) ->
                BookingProblems.transitionRefused(why, from.wireName(), to.wireName());
            case WaitlistOutcome.NothingToWaitFor(String what, UUID id) ->
                new ProblemException(Problem.notFound(what, id));
            case WaitlistOutcome.NoSuchEntry() -> noSuchEntry();
            case WaitlistOutcome.SlotClosed(String why) -> BookingProblems.refusal(new Outcome.SlotClosed(why));
            case WaitlistOutcome.OfOffer(Outcome refused) -> BookingProblems.refusal(refused);
            case WaitlistOutcome.Done done -> throw new IllegalArgumentException("no refusal: " + done);
        };
    }

    private static ProblemException noSuchEntry() {
        return new ProblemException(
                Problem.of(404, "not-found", "There is no such waitlist entry", "No entry has this id"));
    }
}
