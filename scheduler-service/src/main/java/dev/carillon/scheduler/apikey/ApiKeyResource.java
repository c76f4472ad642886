package dev.carillon.scheduler.apikey;

import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Instants;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import dev.carillon.scheduler.IdempotentAnswers;
import dev.carillon.scheduler.apikey.ApiKeys.Issuing;
import dev.carillon.scheduler.apikey.ApiKeys.Revoking;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/api-keys}, for admins. A new key is shown once, so that its answer is never kept for an Idempotency-Key. */
@Path("/v1/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@PermissionsAllowed("api-keys:admin")
public class ApiKeyResource {
    private static final Pattern SCOPE = Pattern.compile("\\*|[a-z-]{1,40}:(read|write|admin|\\*)");

    private final ApiKeys keys;
    private final IdempotencyHeader idempotency;
    private final IdempotentAnswers answers;
    private final Caller caller;
    private final Audit audit;

    ApiKeyResource(ApiKeys keys, IdempotencyHeader idempotency, IdempotentAnswers answers, Caller caller, Audit audit) {
        this.audit = audit;
        this.keys = keys;
        this.idempotency = idempotency;
        this.answers = answers;
        this.caller = caller;
    }

    /** @param expiresAt RFC 3339; absent for never */
    @RegisterForReflection
    public record IssueRequest(
            @Nullable String name,
            @Nullable List<@Nullable String> scopes,
            @Nullable String expiresAt) {}

    /** @param key only in the answer that issues it */
    @RegisterForReflection
    public record ApiKeyView(
            UUID id,
            String name,
            Set<String> scopes,
            Instant createdAt,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable String key) {}

    @POST
    @Operation(summary = "Issue an API key; it is shown once")
    @APIResponse(responseCode = "201", content = @Content(schema = @Schema(implementation = ApiKeyView.class)))
    @APIResponse(responseCode = "403", description = "forbidden, or scope-not-held: a scope that the caller lacks")
    public Uni<Response> issue(
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String idempotencyKey, @Nullable IssueRequest request) {
        var body = Problem.required(request);
        var faults = new ArrayList<FieldError>();
        var name = body.name == null ? "" : body.name.strip();
        if (name.isEmpty() || name.length() > 100 || name.chars().anyMatch(Character::isISOControl)) {
            faults.add(new FieldError("/name", "takes 1 to 100 characters"));
        }
        var scopes = body.scopes == null ? List.<@Nullable String>of() : body.scopes;
        if (scopes.isEmpty() || !scopes.stream().allMatch(ApiKeyResource::isScope)) {
            faults.add(new FieldError(
                    "/scopes", "is a list such as [\"messages:write\", \"deliveries:read\"], or [\"*\"]"));
        }
        var expiresAt = expiresAt(body.expiresAt, faults);
        var tenant = caller.tenant();
        var key = idempotency.read(idempotencyKey, tenant, "/v1/api-keys", body);
        if (!faults.isEmpty()) {
            return refused(new ProblemException(Problem.invalid(faults)), tenant, key);
        }
        var wanted = new TreeSet<String>();
        scopes.forEach(scope -> wanted.add(Objects.requireNonNull(scope)));
        refuseMoreThanTheCallerHas(wanted);
        var line = audit.begin(caller.name(), "api-keys.issue", tenant);
        return line.around(keys.issue(tenant, name, String.join(" ", wanted), expiresAt, key), ApiKeyResource::outcome)
                .chain(issuing -> switch (issuing) {
                    case Issuing.Issued(ApiKeyRow row, String issued) ->
                        Uni.createFrom().item(created(row, issued).build());
                    case Issuing.Decided(Verdict verdict) -> answers.again(verdict, id -> issuedBefore(tenant, id));
                });
    }

    private static String outcome(Issuing issuing) {
        return issuing instanceof Issuing.Issued(ApiKeyRow row, String key)
                ? row.id + " (" + row.scopes + ")"
                : "decided by its Idempotency-Key";
    }

    /** It may have been taken when it came first: what is in the past now was not then. */
    private Uni<Response> refused(ProblemException refusal, String tenant, IdempotencyKeys.@Nullable Key key) {
        return key == null
                ? Uni.createFrom().failure(refusal)
                : answers.againOrRefused(key, refusal, id -> issuedBefore(tenant, id));
    }

    /** Without the key, which was shown with the first answer and is not known any more. */
    private Uni<Response.ResponseBuilder> issuedBefore(String tenant, UUID id) {
        return keys.find(tenant, id).map(found -> created(found.orElseThrow(), null));
    }

    private static Response.ResponseBuilder created(ApiKeyRow row, @Nullable String key) {
        return Response.created(URI.create("/v1/api-keys/" + row.id))
                .entity(view(row, key))
                .tag(row.eTag())
                .header("Cache-Control", "no-store");
    }

    private void refuseMoreThanTheCallerHas(Set<String> wanted) {
        var lacking = caller.lacks(wanted);
        if (!lacking.isEmpty()) {
            throw new ProblemException(Problem.of(
                    403,
                    "scope-not-held",
                    "A key cannot have scopes that its issuer lacks",
                    "You do not have " + String.join(", ", lacking)));
        }
    }

    @GET
    @Operation(summary = "The tenant's API keys, newest first; never the keys themselves")
    public Uni<Page<ApiKeyView>> list(
            @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        return keys.list(caller.tenant(), Optional.ofNullable(Cursor.read(cursor)), wanted + 1)
                .map(found -> Page.of(found, wanted, row -> view(row, null), row -> row.id));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "One API key; never the key itself")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ApiKeyView.class)))
    public Uni<Response> get(String id) {
        var known = Queries.id("API key", id);
        return keys.find(caller.tenant(), known).map(found -> {
            var row = found.orElseThrow(() -> new ProblemException(Problem.notFound("API key", known)));
            return Response.ok(view(row, null)).tag(row.eTag()).build();
        });
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Revoke an API key, everywhere within a second")
    @APIResponse(responseCode = "204", description = "It is revoked, by this request or before")
    @APIResponse(responseCode = "412", description = "version-mismatch")
    public Uni<Response> revoke(String id, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        var known = Queries.id("API key", id);
        var line = audit.begin(caller.name(), "api-keys.revoke", caller.tenant() + "/" + known);
        return line.around(keys.revoke(caller.tenant(), known, Queries.revision(ifMatch)), came -> came.getClass()
                        .getSimpleName())
                .map(came -> switch (came) {
                    case Revoking.Revoked revoked -> Response.noContent().build();
                    case Revoking.NotFound none -> throw new ProblemException(Problem.notFound("API key", known));
                    case Revoking.Mismatch(int actual) -> throw Queries.versionMismatch(actual);
                });
    }

    private static boolean isScope(@Nullable String scope) {
        return scope != null && SCOPE.matcher(scope).matches();
    }

    private static @Nullable Instant expiresAt(@Nullable String text, List<FieldError> faults) {
        if (text == null) {
            return null;
        }
        try {
            // To the microsecond that the database keeps.
            var instant = Instants.parse(text).truncatedTo(ChronoUnit.MICROS);
            if (instant.isBefore(Instant.now())) {
                faults.add(new FieldError("/expiresAt", "is in the past"));
            }
            return instant;
        } catch (DateTimeException malformed) {
            faults.add(new FieldError("/expiresAt", "is not an instant of RFC 3339, such as 2027-01-01T00:00:00Z"));
            return null;
        }
    }

    private static ApiKeyView view(ApiKeyRow row, @Nullable String key) {
        return new ApiKeyView(
                row.id,
                row.name,
                new TreeSet<>(List.of(row.scopes.split(" "))),
                row.createdAt,
                row.expiresAt,
                row.revokedAt,
                key);
    }
}
