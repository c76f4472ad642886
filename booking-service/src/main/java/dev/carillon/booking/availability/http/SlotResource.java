package dev.carillon.booking.availability.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.SlotStatus;
import dev.carillon.booking.availability.SlotTimes.SlotTime;
import dev.carillon.booking.availability.store.ResourceStore;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.availability.usecase.ChangeSlot;
import dev.carillon.booking.availability.usecase.OpenSlot;
import dev.carillon.booking.availability.usecase.SlotGeneration;
import dev.carillon.kit.http.Instants;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/slots}. */
@Path("/v1/slots")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class SlotResource {
    private static final Duration LONGEST = Duration.ofDays(31);
    private static final Duration FARTHEST = Duration.ofDays(5 * 366);

    private final Caller caller;
    private final IdempotencyHeader idempotency;
    private final OpenSlot openSlot;
    private final ChangeSlot changeSlot;
    private final SlotPatches patches;
    private final SlotGeneration generation;
    private final ResourceStore resources;
    private final SlotStore slots;

    public SlotResource(
            Caller caller,
            IdempotencyHeader idempotency,
            OpenSlot openSlot,
            ChangeSlot changeSlot,
            SlotPatches patches,
            SlotGeneration generation,
            ResourceStore resources,
            SlotStore slots) {
        this.caller = caller;
        this.idempotency = idempotency;
        this.openSlot = openSlot;
        this.changeSlot = changeSlot;
        this.patches = patches;
        this.generation = generation;
        this.resources = resources;
        this.slots = slots;
    }

    @POST
    @PermissionsAllowed("resources:write")
    @Operation(summary = "Open one extra slot, whatever the resource's hours say")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = SlotView.class)))
    public Uni<Response> open(
            @Nullable OpenSlotRequest request, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var body = Problem.required(request);
        var idempotencyKey = idempotency.read(key, caller.tenant(), "/v1/slots", body);
        var resourceId = resourceId(body.resourceId());
        return resources
                .find(caller.tenant(), resourceId)
                .chain(found -> open(
                        found.orElseThrow(() -> new ProblemException(Problem.notFound("resource", resourceId))),
                        body,
                        idempotencyKey));
    }

    private Uni<Response> open(Resource resource, OpenSlotRequest request, IdempotencyKeys.@Nullable Key key) {
        var faults = new Faults();
        var start = instant("/startAt", request.startAt(), faults);
        var end = request.endAt() == null
                ? start.plus(resource.slotLength())
                : instant("/endAt", request.endAt(), faults);
        int capacity = request.capacity() == null ? resource.capacity() : request.capacity();
        checkCapacity(capacity, 1, faults);
        if (faults.none()) {
            checkTimes(start, end, faults);
        }
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return openSlot.open(resource, new SlotTime(start, end), capacity, key).chain(outcome -> switch (outcome) {
            case OpenSlot.Outcome.Opened(Slot slot) ->
                Uni.createFrom().item(created(slot).build());
            case OpenSlot.Outcome.Exists() ->
                throw new ProblemException(Problem.of(
                        409, "slot-exists", "There is such a slot", "The resource has a slot that begins at " + start));
            case OpenSlot.Outcome.Begun() -> throw begun();
            case OpenSlot.Outcome.Decided(Verdict verdict) -> repeated(resource.tenant(), verdict);
        });
    }

    @GET
    @Path("/{id}")
    @PermissionsAllowed("resources:read")
    @Operation(summary = "One slot")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = SlotView.class)))
    public Uni<Response> get(String id) {
        var known = Queries.id("slot", id);
        return slots.find(caller.tenant(), known)
                .map(found -> ok(found.orElseThrow(() -> notFound(known))).build());
    }

    @PATCH
    @Path("/{id}")
    @Consumes({"application/merge-patch+json", MediaType.APPLICATION_JSON})
    @PermissionsAllowed("resources:write")
    @Operation(
            summary = "Change a slot's capacity, or close it; what is booked stays booked",
            description = "A JSON merge patch (RFC 7396); neither can be taken away by null")
    @RequestBody(content = @Content(schema = @Schema(implementation = ChangeSlotRequest.class)))
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = SlotView.class)))
    public Uni<Response> change(
            String id, @Nullable ObjectNode patch, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var known = Queries.id("slot", id);
        var body = patches.read(Problem.required(patch));
        var faults = new Faults();
        if (body.capacity() != null) {
            checkCapacity(body.capacity(), 0, faults);
        }
        var status = status(body.status(), faults);
        if (!faults.none()) {
            throw faults.asProblem();
        }
        return changeSlot
                .change(caller.tenant(), known, Queries.revision(ifMatch), body.capacity(), status)
                .map(outcome -> switch (outcome) {
                    case ChangeSlot.Outcome.Changed(Slot slot) -> ok(slot).build();
                    case ChangeSlot.Outcome.NotFound() -> throw notFound(known);
                    case ChangeSlot.Outcome.ClosedByHours() ->
                        throw new ProblemException(Problem.of(
                                409,
                                "slot-outside-hours",
                                "The resource's hours do not have this slot",
                                "Change the hours, or open an extra slot at that time"));
                    case ChangeSlot.Outcome.OtherRevision(int actual) -> throw Queries.versionMismatch(actual);
                });
    }

    private static UUID resourceId(@Nullable String text) {
        var faults = new Faults();
        if (text == null) {
            faults.add("/resourceId", "is required");
        }
        var id = Queries.uuid("/resourceId", text, faults);
        if (id == null) {
            throw faults.asProblem();
        }
        return id;
    }

    private static Instant instant(String pointer, @Nullable String text, Faults faults) {
        try {
            return Instants.parse(text == null ? "" : text).truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException malformed) {
            faults.add(pointer, "is not an instant of RFC 3339, such as 2026-11-27T09:00:00Z");
            return Instant.EPOCH;
        }
    }

    private void checkTimes(Instant start, Instant end, Faults faults) {
        if (start.isAfter(generation.now().plus(FARTHEST))) {
            faults.add("/startAt", "is over five years ahead");
        }
        if (!end.isAfter(start) || end.isAfter(start.plus(LONGEST))) {
            faults.add("/endAt", "is after the start, and by 31 days at most");
        }
    }

    private static void checkCapacity(int capacity, int least, Faults faults) {
        if (capacity < least || capacity > ResourceReading.LARGEST_CAPACITY) {
            faults.add("/capacity", "takes %d to %d places".formatted(least, ResourceReading.LARGEST_CAPACITY));
        }
    }

    private static @Nullable SlotStatus status(@Nullable String text, Faults faults) {
        if (text == null) {
            return null;
        }
        return switch (text) {
            case "open" -> SlotStatus.OPEN;
            case "closed" -> SlotStatus.CLOSED;
            default -> {
                faults.add("/status", "must be open or closed");
                yield null;
            }
        };
    }

    private static ProblemException begun() {
        var faults = new Faults();
        faults.add("/startAt", "is not after now");
        return faults.asProblem();
    }

    private Uni<Response> repeated(String tenant, Verdict verdict) {
        if (!(verdict instanceof Verdict.Repeated repeated)) {
            throw IdempotencyHeader.refusal(verdict);
        }
        return slots.find(tenant, repeated.resourceId()).map(found -> created(found.orElseThrow())
                .header(IdempotencyHeader.REPLAYED, "true")
                .build());
    }

    private static Response.ResponseBuilder created(Slot slot) {
        return ok(slot).status(Response.Status.CREATED).location(URI.create("/v1/slots/" + slot.id()));
    }

    private static Response.ResponseBuilder ok(Slot slot) {
        return Response.ok(SlotView.of(slot)).tag(String.valueOf(slot.revision()));
    }

    private static ProblemException notFound(UUID id) {
        return new ProblemException(Problem.notFound("slot", id));
    }
}
