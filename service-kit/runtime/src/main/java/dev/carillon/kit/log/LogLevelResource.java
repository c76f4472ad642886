package dev.carillon.kit.log;

import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.log.LogLevels.Outcome;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** {@code /v1/log-levels}: of the instance that is asked. A log is no tenant's, so that this is for admins of the platform's own tenant alone. */
@Path("/v1/log-levels")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
@NonBlocking
@Tag(name = "log levels")
public class LogLevelResource {
    private static final String OPERATORS = "carillon.operators-tenant";

    private final LogLevels levels;
    private final Audit audit;
    private final Caller caller;
    private final Optional<String> operators;

    LogLevelResource(
            LogLevels levels,
            Audit audit,
            Caller caller,
            @ConfigProperty(name = OPERATORS) Optional<String> operators) {
        this.levels = levels;
        this.audit = audit;
        this.caller = caller;
        this.operators = operators;
    }

    @GET
    @Operation(summary = "The log categories of this instance that have a level of their own")
    public LogLevelView.All all() {
        admit();
        return new LogLevelView.All(levels.all().stream().map(LogLevelView::of).toList());
    }

    @GET
    @Path("/{category}")
    @Operation(summary = "The level that counts for a log category of this instance")
    public LogLevelView one(@PathParam("category") String category) {
        admit();
        return levels.find(category).map(LogLevelView::of).orElseThrow(() -> notFound(category));
    }

    @PUT
    @Path("/{category}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Change the level of a log category, of this instance",
            description = "Until the time in for is over, DELETE, or the end of the process")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = LogLevelView.class)))
    @APIResponse(responseCode = "409", description = "log-level-refused: the audit, or too many changes")
    public LogLevelView change(@PathParam("category") String category, @Nullable LogLevelRequest request) {
        admit();
        var wish = read(Problem.required(request));
        var line = audit.begin(caller.name(), "log-levels.change", category);
        var outcome = line.during(
                () -> levels.change(category, wish.level, wish.within, caller.name()),
                came -> came instanceof Outcome.Done
                        ? wish.level + (wish.within == null ? "" : " for " + wish.within)
                        : "refused");
        return switch (outcome) {
            case Outcome.Done(var changed) -> LogLevelView.of(changed);
            case Outcome.Unknown unknown -> throw notFound(category);
            case Outcome.Audited audited -> throw refused("What operators do is logged whatever else is");
            case Outcome.TooMany many ->
                throw refused(LogLevels.MOST_CHANGES + " categories are changed already; give one of them back first");
        };
    }

    @DELETE
    @Path("/{category}")
    @Operation(summary = "Give a log category of this instance the level back that it was started with")
    @APIResponse(responseCode = "204", description = "It has it again")
    @APIResponse(responseCode = "404", description = "not-found: there is no such category, or nobody has changed it")
    public Response goBack(@PathParam("category") String category) {
        admit();
        var line = audit.begin(caller.name(), "log-levels.restore", category);
        boolean was = line.during(() -> levels.goBack(category), done -> done ? "done" : "nothing was changed");
        if (!was) {
            throw new ProblemException(Problem.notFound("changed log category", category));
        }
        return Response.noContent().build();
    }

    private void admit() {
        if (!operators.filter(caller.tenant()::equals).isPresent()) {
            throw new ProblemException(Problem.of(
                    403,
                    "platform-operators-only",
                    "This is for the platform's operators",
                    operators.isEmpty()
                            ? "Nobody may: " + OPERATORS + " is not set"
                            : "Only admins of the tenant that " + OPERATORS + " names may"));
        }
    }

    private record Wish(LogLevel level, @Nullable Duration within) {}

    private static Wish read(LogLevelRequest request) {
        var errors = new ArrayList<FieldError>();
        var level = request.level() == null ? Optional.<LogLevel>empty() : LogLevel.named(request.level());
        if (level.isEmpty()) {
            errors.add(new FieldError("/level", "is one of " + List.of(LogLevel.values())));
        }
        Optional<Duration> within = Optional.empty();
        if (request.within() != null) {
            within = duration(request.within());
            if (within.isEmpty()) {
                errors.add(new FieldError("/for", "is an ISO 8601 duration such as PT15M, from PT1S to P7D"));
            }
        }
        if (!errors.isEmpty()) {
            throw new ProblemException(Problem.invalid(errors));
        }
        return new Wish(level.orElseThrow(), within.orElse(null));
    }

    private static Optional<Duration> duration(String text) {
        try {
            return Optional.of(Duration.parse(text))
                    .filter(one -> one.compareTo(Duration.ofSeconds(1)) >= 0 && one.compareTo(LogLevels.LONGEST) <= 0);
        } catch (DateTimeParseException none) {
            return Optional.empty();
        }
    }

    private static ProblemException notFound(String category) {
        return new ProblemException(Problem.notFound("log category", category));
    }

    private static ProblemException refused(String why) {
        return new ProblemException(Problem.of(409, "log-level-refused", "The level stays as it is", why));
    }
}
