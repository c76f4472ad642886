package dev.carillon.scheduler.apikey;

import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Instants;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.scheduler.apikey.ApiKeys.Issuing;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code /v1/api-keys}, for admins. A new key is shown once, so that its answer is never kept for an Idempotency-Key. */
@Path("/v1/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@PermissionsAllowed("api-keys:admin")
public class ApiKeyResource {
    private static final Logger AUDIT = Logger.getLogger("audit");
    private static final Pattern SCOPE = Pattern.compile("\\*|[a-z-]{1,40}:(read|write|admin|\\*)");

    private final ApiKeys keys;
    private final IdempotencyHeader idempotency;
    private final Caller caller;

    ApiKeyResource(ApiKeys keys, IdempotencyHeader idempotency, Caller caller) {
        this.keys = keys;
        this.idempotency = idempotency;
        this.caller = caller;
    }

    /** @param expiresAt RFC 3339; absent for never */
    public record IssueRequest(
            @Nullable String name,
            @Nullable List<@Nullable String> scopes,
            @Nullable String expiresAt) {}

    /** @param key only in the answer that issues it */
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
    public Uni<Response> issue(
            @HeaderParam(IdempotencyHeader.NAME) @Nullable String idempotencyKey, @Nullable IssueRequest request) {
        var faults = new ArrayList<FieldError>();
        var name = request == null || request.name == null ? "" : request.name.strip();
        if (name.isEmpty() || name.length() > 100 || name.chars().anyMatch(Character::isISOControl)) {
            faults.add(new FieldError("/name", "takes 1 to 100 characters"));
        }
        var scopes = request == null || request.scopes == null ? List.<@Nullable String>of() : request.scopes;
        if (scopes.isEmpty() || !scopes.stream().allMatch(ApiKeyResource::isScope)) {
            faults.add(new FieldError(
                    "/scopes", "is a list such as [\"messages:write\", \"deliveries:read\"], or [\"*\"]"));
        }
        var expiresAt = request == null ? null : expiresAt(request.expiresAt, faults);
        if (!faults.isEmpty()) {
            throw new ProblemException(Problem.invalid(faults));
        }
        var wanted = new TreeSet<String>();
        scopes.forEach(scope -> wanted.add(Objects.requireNonNull(scope)));
        refuseMoreThanTheCallerHas(wanted);
        var tenant = caller.tenant();
        var key = request == null ? null : idempotency.read(idempotencyKey, tenant, "/v1/api-keys", request);
        return keys.issue(tenant, name, String.join(" ", wanted), expiresAt, key)
                .chain(issuing -> switch (issuing) {
                    case Issuing.Issued(ApiKeyRow row, String issued) -> {
                        AUDIT.infof("%s issued API key %s (%s)", caller.name(), row.id, row.scopes);
                        yield Uni.createFrom().item(created(row, issued).build());
                    }
                    case Issuing.Decided(Verdict.Repeated repeated) -> issuedBefore(tenant, repeated);
                    case Issuing.Decided(Verdict verdict) -> throw IdempotencyHeader.refusal(verdict);
                });
    }

    /** Without the key, which was shown with the first answer and is not known any more. */
    private Uni<Response> issuedBefore(String tenant, Verdict.Repeated repeated) {
        return keys.find(tenant, repeated.resourceId()).map(found -> created(found.orElseThrow(), null)
                .header(IdempotencyHeader.REPLAYED, true)
                .build());
    }

    private static Response.ResponseBuilder created(ApiKeyRow row, @Nullable String key) {
        return Response.created(URI.create("/v1/api-keys/" + row.id))
                .entity(view(row, key))
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
    public Uni<ApiKeyView> get(String id) {
        var known = Queries.id("API key", id);
        return keys.find(caller.tenant(), known)
                .map(found ->
                        view(found.orElseThrow(() -> new ProblemException(Problem.notFound("API key", known))), null));
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Revoke an API key, everywhere within a second")
    public Uni<Response> revoke(String id) {
        var known = Queries.id("API key", id);
        return keys.revoke(caller.tenant(), known).map(revoked -> {
            if (!revoked) {
                throw new ProblemException(Problem.notFound("API key", known));
            }
            AUDIT.infof("%s revoked API key %s", caller.name(), known);
            return Response.noContent().build();
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
            var instant = Instants.parse(text);
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
