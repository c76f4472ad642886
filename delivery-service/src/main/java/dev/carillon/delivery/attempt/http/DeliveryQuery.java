package dev.carillon.delivery.attempt.http;

import dev.carillon.delivery.attempt.store.DeliveryReader.Attempted;
import dev.carillon.delivery.attempt.store.DeliveryReader.Filter;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The query parameters that all lists of deliveries take: which are wanted, how many, and from where on. */
public class DeliveryQuery {
    @QueryParam("messageId")
    @Nullable String messageId;

    @QueryParam("channel")
    @Nullable String channel;

    @QueryParam("destination")
    @Nullable String destination;

    @QueryParam("from")
    @Nullable String from;

    @QueryParam("to")
    @Nullable String to;

    @QueryParam("limit")
    @Nullable String limit;

    @QueryParam("cursor")
    @Nullable String cursor;

    /**
     * What is to be read: one more than is shown, by which it is known whether there is another page.
     *
     * @param status in which they are; null for any
     * @throws dev.carillon.kit.problem.ProblemException 400 for the first parameter that is malformed
     */
    public Filter filter(String tenant, @Nullable String status) {
        int wanted = Queries.limit(limit);
        return new Filter(
                tenant,
                Queries.uuid("messageId", messageId),
                status,
                Queries.oneOf("channel", channel, "email", "telegram", "webhook"),
                Queries.text("destination", destination, Destination.LONGEST),
                Queries.instant("from", from),
                Queries.instant("to", to),
                Cursor.read(cursor),
                wanted + 1);
    }

    /** What is shown of those that were found by what {@link #filter} made. */
    public static Page<DeliveryView> page(Filter filter, List<Attempted> found) {
        return Page.of(found, filter.limit() - 1, DeliveryView::of, Attempted::id);
    }
}
