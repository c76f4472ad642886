package dev.carillon.relay.http;

import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.relay.source.RelaySettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Lets only the platform's own operators in: the groups of a token say what its bearer may do in its tenant, and an outbox is no tenant's. Runs for
 * everything under {@code /v1}, after the resource's own check of credentials and groups.
 */
@ApplicationScoped
public class PlatformOperators {
    private static final String SETTING = "carillon.relay.operators-tenant";

    private final RelaySettings settings;
    private final Caller caller;

    public PlatformOperators(RelaySettings settings, Caller caller) {
        this.settings = settings;
        this.caller = caller;
    }

    @ServerRequestFilter
    public void admit(ContainerRequestContext request) {
        if (request.getUriInfo().getPath().startsWith("/v1/")) {
            var operators =
                    settings.operatorsTenant().orElseThrow(() -> refusal("Nobody may: " + SETTING + " is not set"));
            if (!caller.tenant().equals(operators)) {
                throw refusal("Only operators of the tenant that " + SETTING + " names may");
            }
        }
    }

    private static ProblemException refusal(String detail) {
        return new ProblemException(
                Problem.of(403, "platform-operators-only", "This is for the platform's operators", detail));
    }
}
