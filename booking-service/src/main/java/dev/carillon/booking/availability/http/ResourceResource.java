package dev.carillon.booking.availability.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.ResourceStore;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.availability.store.SlotStore.SlotFilter;
import dev.carillon.booking.availability.usecase.ChangeResource;
import dev.carillon.booking.availability.usecase.OpenResource;
import dev.carillon.booking.availability.usecase.SlotGeneration;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/resources}. */
@Path("/v1/resources")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class ResourceResource {
    /** Beyond the longest horizon. */
    private static final Duration FOR_EVER = Duration.ofDays(50 * 365);

    private final Caller caller;
    private final EventIds ids;
    private final IdempotencyHeader idempotency;
    private final OpenResource openResource;
    private final ChangeResource changeResource;
    private final ResourcePatches patches;
    private final SlotGeneration generation;
    private final ResourceStore resources;
    private final SlotStore slots;

    public ResourceResource(
            Caller caller,
            EventIds ids,
            IdempotencyHeader idempotency,
            OpenResource openResource,
            ChangeResource changeResource,
            ResourcePatches patches,
            SlotGeneration generation,
            ResourceStore resources,
            SlotStore slots) {
        this.caller = caller;
        this.ids = ids;
        this.idempotency = idempotency;
        this.openResource = openResource;
        this.changeResource = changeResource;
        this.patches = patches;
        this.generation = generation;
        this.resources = resources;
        this.slots = slots;
    }

    @POST
    @PermissionsAllowed("resources:write")
    @Operation(summary = "Open a resource; its slots are generated from its hours")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = ResourceView.class)))
    public Uni<Response> open(
            @Nullable OpenResourceRequest request, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var body = Problem.required(request);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/resources", body);
        var resource = ResourceReading.read(body, ids.next(), tenant, generation.now());
        return openResource.open(resource, idempotencyKey).chain(outcome -> switch (outcome) {
            case OpenResource.Outcome.Opened(Resource opened) ->
                Uni.createFrom().item(created(opened).build());
            case OpenResource.Outcome.TooManySlots() -> throw tooManySlots();
            case OpenResource.Outcome.Decided(Verdict verdict) -> repeated(tenant, verdict);
        });
    }

    @GET
    @PermissionsAllowed("resources:read")
    @Operation(summary = "The tenant's resources, newest first")
    public Uni<Page<ResourceView>> list(
            @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        return resources
                .list(caller.tenant(), Cursor.read(cursor), wanted + 1)
                .map(found -> Page.of(found, wanted, ResourceView::of, Resource::id));
    }

    @GET
    @Path("/{id}")
    @PermissionsAllowed("resources:read")
    @Operation(summary = "One resource")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ResourceView.class)))
    public Uni<Response> get(String id) {
        return find(Queries.id("resource", id)).map(found -> ok(found).build());
    }

    @GET
    @Path("/{id}/slots")
    @PermissionsAllowed("resources:read")
    @Operation(summary = "Slots with at least so many places left, in the order of their starts; places=0 lists all")
    public Uni<Page<SlotView>> slots(
            String id,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to,
            @QueryParam("places") @Nullable String places,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var known = Queries.id("resource", id);
        int wanted = Queries.limit(limit);
        var now = generation.now();
        var first = Queries.instant("from", from);
        var end = Queries.instant("to", to);
        var filter = new SlotFilter(
                known,
                first == null ? now : first,
                end == null ? now.plus(FOR_EVER) : end,
                Queries.number("places", places, 1, 0, ResourceReading.LARGEST_CAPACITY),
                now,
                Duration.ZERO,
                Cursor.read(cursor),
                wanted + 1);
        return find(known)
                .chain(resource ->
                        slots.search(filter.bookedAhead(resource.rules().leadTime())))
                .map(found -> Page.of(found, wanted, SlotView::of, Slot::id));
    }

    @PATCH
    @Path("/{id}")
    @Consumes({"application/merge-patch+json", MediaType.APPLICATION_JSON})
    @PermissionsAllowed("resources:write")
    @Operation(
            summary = "Change a resource, and its slots with it; what is booked stays booked",
            description =
                    "Everything but the zone, as a JSON merge patch (RFC 7396). Slots that the hours have no longer are closed, and open again"
                            + " when the hours have them again; those that are booked keep their bookings, and their customers are told")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ResourceView.class)))
    public Uni<Response> change(
            String id, @Nullable ObjectNode patch, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var known = Queries.id("resource", id);
        var wish = patches.read(Problem.required(patch));
        return changeResource
                .change(caller.tenant(), known, Queries.revision(ifMatch), wish)
                .map(outcome -> switch (outcome) {
                    case ChangeResource.Outcome.Changed(Resource changed) ->
                        ok(changed).build();
                    case ChangeResource.Outcome.NotFound() -> throw notFound(known);
                    case ChangeResource.Outcome.TooManySlots() -> throw tooManySlots();
                    case ChangeResource.Outcome.OtherRevision(int actual) -> throw Queries.versionMismatch(actual);
                });
    }

    private Uni<Resource> find(UUID id) {
        return resources.find(caller.tenant(), id).map(found -> found.orElseThrow(() -> notFound(id)));
    }

    private static ProblemException tooManySlots() {
        return Faults.named(
                "too-many-slots",
                "The resource would have too many slots",
                "/horizon",
                "At most %d are generated up to the horizon".formatted(OpenResource.MOST_SLOTS));
    }

    private static ProblemException notFound(UUID id) {
        return new ProblemException(Problem.notFound("resource", id));
    }

    private Uni<Response> repeated(String tenant, Verdict verdict) {
        if (!(verdict instanceof Verdict.Repeated repeated)) {
            throw IdempotencyHeader.refusal(verdict);
        }
        return resources.find(tenant, repeated.resourceId()).map(found -> created(found.orElseThrow())
                .header(IdempotencyHeader.REPLAYED, "true")
                .build());
    }

    private static Response.ResponseBuilder created(Resource resource) {
        return ok(resource).status(Response.Status.CREATED).location(URI.create("/v1/resources/" + resource.id()));
    }

    private static Response.ResponseBuilder ok(Resource resource) {
        return Response.ok(ResourceView.of(resource)).tag(String.valueOf(resource.revision()));
    }
}
