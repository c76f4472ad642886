package dev.carillon.scheduler.template.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.scheduler.IdempotentAnswers;
import dev.carillon.scheduler.template.Template;
import dev.carillon.scheduler.template.TemplateRef;
import dev.carillon.scheduler.template.TemplateSummary;
import dev.carillon.scheduler.template.store.TemplateStore;
import dev.carillon.scheduler.template.usecase.ChangeTemplate;
import dev.carillon.scheduler.template.usecase.CreateTemplate;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/templates}. */
@Path("/v1/templates")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class TemplateResource {
    private final Caller caller;
    private final EventIds ids;
    private final IdempotencyHeader idempotency;
    private final IdempotentAnswers answers;
    private final TemplateReading reading;
    private final CreateTemplate createTemplate;
    private final ChangeTemplate changeTemplate;
    private final TemplateStore templates;

    TemplateResource(
            Caller caller,
            EventIds ids,
            IdempotencyHeader idempotency,
            IdempotentAnswers answers,
            TemplateReading reading,
            CreateTemplate createTemplate,
            ChangeTemplate changeTemplate,
            TemplateStore templates) {
        this.caller = caller;
        this.ids = ids;
        this.idempotency = idempotency;
        this.answers = answers;
        this.reading = reading;
        this.createTemplate = createTemplate;
        this.changeTemplate = changeTemplate;
        this.templates = templates;
    }

    @POST
    @PermissionsAllowed("templates:write")
    @Operation(
            summary = "Create a template",
            description = "subject, text, html and markdown (Telegram's MarkdownV2) with {placeholders}; {{ and }} for"
                    + " braces. A retired name comes back with its next version.")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = TemplateView.class)))
    @APIResponse(responseCode = "409", description = "There is a template of this name")
    public Uni<Response> create(
            @Nullable TemplateRequest request, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var body = Problem.required(request);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/templates", body);
        var read = TemplateReading.read(body);
        var template = Template.created(ids.next(), tenant, read.name(), read.texts(), now());
        return createTemplate.create(template, idempotencyKey).chain(outcome -> switch (outcome) {
            case CreateTemplate.Outcome.Created(Template created) ->
                Uni.createFrom().item(() -> created(created).build());
            case CreateTemplate.Outcome.Exists() -> throw exists(read.name());
            case CreateTemplate.Outcome.Decided(Verdict verdict) ->
                answers.again(
                        verdict,
                        id -> templates.find(tenant, id).map(found -> created(found.orElseThrow(() -> notFound(id)))));
        });
    }

    /** @param version the latest */
    @RegisterForReflection
    public record ListedView(
            String name,
            int version,
            Instant createdAt,
            @Nullable Instant retiredAt) {
        static ListedView of(TemplateSummary template) {
            return new ListedView(template.name(), template.version(), template.createdAt(), template.retiredAt());
        }
    }

    @GET
    @PermissionsAllowed("templates:read")
    @Operation(summary = "The tenant's templates, newest first, without their texts")
    public Uni<Page<ListedView>> list(
            @QueryParam("retired") @Nullable String retired,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        boolean retiredToo = "true".equals(Queries.oneOf("retired", retired, "true", "false"));
        return templates
                .list(caller.tenant(), retiredToo, Cursor.read(cursor), wanted + 1)
                .map(found -> Page.of(found, wanted, ListedView::of, TemplateSummary::id));
    }

    @GET
    @Path("/{name}")
    @PermissionsAllowed("templates:read")
    @Operation(summary = "A template in its latest version, retired or not")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = TemplateView.class)))
    public Uni<Response> get(String name) {
        return found(new TemplateRef(known(name), null));
    }

    @GET
    @Path("/{name}/versions/{version}")
    @PermissionsAllowed("templates:read")
    @Operation(summary = "A template in a given version, which is for ever what it was")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = TemplateView.class)))
    public Uni<Response> getVersion(String name, String version) {
        var ref = TemplateRef.read(known(name) + "@" + version).filter(one -> one.version() != null);
        return found(ref.orElseThrow(() -> notFound(version)));
    }

    private Uni<Response> found(TemplateRef ref) {
        return templates.find(caller.tenant(), ref).map(found -> ok(found.orElseThrow(() -> notFound(ref)))
                .build());
    }

    @PATCH
    @Path("/{name}")
    @Consumes({"application/merge-patch+json", MediaType.APPLICATION_JSON})
    @PermissionsAllowed("templates:write")
    @Operation(
            summary = "Give a template its next version",
            description = "subject, text, html and markdown, as a JSON merge patch (RFC 7396) of the latest. Messages"
                    + " that were created stay as they are.")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = TemplateView.class)))
    @APIResponse(responseCode = "409", description = "The template is retired")
    public Uni<Response> change(
            String name, @Nullable ObjectNode patch, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var body = Problem.required(patch);
        var known = known(name);
        return changeTemplate
                .change(caller.tenant(), known, Queries.revision(ifMatch), texts -> reading.patched(texts, body), now())
                .map(outcome -> ok(changed(known, outcome)).build());
    }

    @DELETE
    @Path("/{name}")
    @PermissionsAllowed("templates:write")
    @Operation(
            summary = "Retire a template",
            description = "Nothing new may use it. What uses it already goes on, and its versions can still be read.")
    @APIResponse(responseCode = "204", description = "It is retired")
    public Uni<Response> retire(String name, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var known = known(name);
        return changeTemplate
                .retire(caller.tenant(), known, Queries.revision(ifMatch), now())
                .invoke(outcome -> changed(known, outcome))
                .map(outcome -> Response.noContent().build());
    }

    private static Template changed(String name, ChangeTemplate.Outcome outcome) {
        return switch (outcome) {
            case ChangeTemplate.Outcome.Changed(Template template) -> template;
            case ChangeTemplate.Outcome.NotFound() -> throw notFound(name);
            case ChangeTemplate.Outcome.OtherVersion(int actual) -> throw Queries.versionMismatch(actual);
            case ChangeTemplate.Outcome.Retired() ->
                throw new ProblemException(Problem.of(
                        409,
                        "template-retired",
                        "The template is retired",
                        "Create " + name + " again to have its next version"));
        };
    }

    /** The name of a path; what cannot be one is not found. */
    private static String known(String name) {
        if (!TemplateRef.isName(name)) {
            throw new ProblemException(Problem.of(
                    404,
                    "not-found",
                    "There is no such template",
                    "The name of a template has 1 to 100 letters, digits, dots, - and _"));
        }
        return name;
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private static Response.ResponseBuilder created(Template template) {
        return ok(template).status(Response.Status.CREATED).location(URI.create("/v1/templates/" + template.name()));
    }

    private static Response.ResponseBuilder ok(Template template) {
        return Response.ok(TemplateView.of(template)).tag(String.valueOf(template.version()));
    }

    private static ProblemException exists(String name) {
        return new ProblemException(Problem.of(
                409,
                "template-exists",
                "There is a template of this name",
                "Change " + name + " to give it another version"));
    }

    private static ProblemException notFound(Object nameOrId) {
        return new ProblemException(Problem.of(
                404, "not-found", "There is no such template", "No template or version of yours is " + nameOrId));
    }
}
