package dev.carillon.delivery.containment.http;

import dev.carillon.delivery.containment.Standing;
import dev.carillon.delivery.containment.usecase.Permits;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.identity.Caller;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Comparator;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/** {@code /v1/channels}: the state of the process that answers. */
@Path("/v1/channels")
@Produces(MediaType.APPLICATION_JSON)
public class ChannelResource {
    private final Caller caller;
    private final Permits permits;

    public ChannelResource(Caller caller, Permits permits) {
        this.caller = caller;
        this.permits = permits;
    }

    @GET
    @NonBlocking
    @PermissionsAllowed("deliveries:read")
    @Operation(
            summary = "How channels, providers and the tenant's webhook receivers stand",
            description = "In the instance that answers; each has breakers, budgets and limits of its own.")
    public Page<ChannelView> list(
            @QueryParam("channel") @Nullable String channel,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        int wanted = Queries.limit(limit);
        var only = Queries.oneOf("channel", channel, "email", "telegram", "webhook");
        var after = Cursor.read(cursor);
        var found = permits.standings(caller.tenant()).stream()
                .filter(one -> only == null || one.name().channel().equals(only))
                .filter(one -> after == null || place(one).compareTo(after.toString()) > 0)
                .sorted(Comparator.comparing(ChannelResource::place))
                .limit(wanted + 1L)
                .toList();
        return Page.of(found, wanted, ChannelView::of, ChannelView::place);
    }

    private static String place(Standing standing) {
        return ChannelView.place(standing).toString();
    }
}
