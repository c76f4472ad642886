package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.MessageNews;
import dev.carillon.booking.reservation.store.BookingFilter;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.MessageNewsStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.booking.reservation.store.WaitlistStore.WaitlistFilter;
import dev.carillon.booking.reservation.usecase.ChatsOfCustomers;
import dev.carillon.booking.reservation.usecase.ChatsOfCustomers.KeptChat;
import dev.carillon.booking.reservation.usecase.EraseCustomer;
import dev.carillon.booking.reservation.usecase.Erasure;
import dev.carillon.booking.reservation.usecase.HoldTimers;
import dev.carillon.kit.http.Cursor;
import dev.carillon.kit.http.Page;
import dev.carillon.kit.http.Queries;
import dev.carillon.kit.idempotency.IdempotencyHeader;
import dev.carillon.kit.identity.Caller;
import dev.carillon.kit.json.StorableText;
import dev.carillon.kit.limits.Deferrable;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.kit.telemetry.Audit;
import io.quarkus.security.PermissionsAllowed;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/customers}: what is kept of them, by the ids that the tenant gave them in its bookings. */
@Path("/v1/customers/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class CustomerResource {
    private static final int MOST_AT_ONCE = 500;

    private final Caller caller;
    private final Audit audit;
    private final IdempotencyHeader idempotency;
    private final EraseCustomer eraseCustomer;
    private final BookingStore bookings;
    private final MessageNewsStore messages;
    private final WaitlistStore waitlist;
    private final ChatsOfCustomers chats;
    private final HoldTimers clock;

    public CustomerResource(
            Caller caller,
            Audit audit,
            IdempotencyHeader idempotency,
            EraseCustomer eraseCustomer,
            BookingStore bookings,
            MessageNewsStore messages,
            WaitlistStore waitlist,
            ChatsOfCustomers chats,
            HoldTimers clock) {
        this.caller = caller;
        this.audit = audit;
        this.idempotency = idempotency;
        this.eraseCustomer = eraseCustomer;
        this.bookings = bookings;
        this.messages = messages;
        this.waitlist = waitlist;
        this.chats = chats;
        this.clock = clock;
    }

    @POST
    @Path("/export")
    @Deferrable
    @PermissionsAllowed("customers:read")
    @Operation(
            summary =
                    "All that is kept of a customer: their bookings with what became of their messages, and what they waited for, newest first; and conversations with the bot")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = CustomerExport.class)))
    @APIResponse(responseCode = "404", description = "No booking has this customer's id")
    public Uni<CustomerExport> export(
            String id, @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        var known = known(id);
        int wanted = Queries.number("limit", limit, MOST_AT_ONCE, 1, MOST_AT_ONCE);
        var before = Cursor.read(cursor);
        var filter = new BookingFilter(caller.tenant(), null, null, null, known, false, before, wanted + 1);
        return talked(known, before).chain(talks -> waited(known, before)
                .chain(entries -> bookings.list(filter).chain(found -> {
                    if (found.isEmpty() && entries.isEmpty() && talks.isEmpty() && before == null) {
                        throw noSuchCustomer();
                    }
                    return messages.of(found.stream().map(TracedBooking::id).toList())
                            .map(news -> export(known, page(found, news, wanted), entries, talks));
                })));
    }

    private Uni<List<KeptChat>> talked(String customer, @Nullable UUID before) {
        return before == null
                ? chats.of(caller.tenant(), customer)
                : Uni.createFrom().item(List.of());
    }

    private Uni<List<TracedEntry>> waited(String customer, @Nullable UUID before) {
        return before == null
                ? waitlist.list(
                        new WaitlistFilter(caller.tenant(), null, null, null, customer, null, null, MOST_AT_ONCE))
                : Uni.createFrom().item(List.of());
    }

    @POST
    @Path("/erase")
    @PermissionsAllowed("customers:admin")
    @Operation(
            summary = "Take a customer's personal data out of their bookings, all of which must be over or cancelled",
            description =
                    "Name, addresses, zone, language and what providers said of the addresses go; states, times, places and the"
                            + " customer's id stay. For admins, and keys with the scope customers:admin. What is erased already stays so")
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ErasureView.class)))
    @APIResponse(responseCode = "404", description = "No booking has this customer's id")
    @APIResponse(responseCode = "409", description = "Some bookings are neither cancelled nor over")
    public Uni<Response> erase(String id, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = known(id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, "/v1/customers/" + known + "/erase", Map.of());
        // The tenant alone: a line of the log that named who was erased would keep them.
        return audit.begin(caller.name(), "customers.erase", tenant)
                .around(eraseCustomer.erase(tenant, known, idempotencyKey), Erasure::toString)
                .map(outcome -> answer(known, outcome));
    }

    private static Response answer(String id, Erasure outcome) {
        return switch (outcome) {
            case Erasure.Erased(long kept, boolean repeated) -> {
                var answer = Response.ok(new ErasureView(id, kept));
                yield (repeated ? answer.header(IdempotencyHeader.REPLAYED, "true") : answer).build();
            }
            case Erasure.Active(List<UUID> active) -> throw active(active);
            case Erasure.NoSuchCustomer() -> throw noSuchCustomer();
            case Erasure.Decided(var verdict) -> throw IdempotencyHeader.refusal(verdict);
        };
    }

    private CustomerExport export(String id, Page<BookingView> page, List<TracedEntry> entries, List<KeptChat> talks) {
        var views = entries.stream()
                .map(entry -> WaitlistEntryView.of(entry, Optional.empty()))
                .toList();
        return new CustomerExport(id, clock.now(), page.items(), views, talks, page.nextCursor());
    }

    private static Page<BookingView> page(List<TracedBooking> found, List<MessageNews> news, int wanted) {
        var byBooking = news.stream().collect(Collectors.groupingBy(MessageNews::bookingId));
        return Page.of(
                found,
                wanted,
                one -> BookingView.of(one, byBooking.getOrDefault(one.id(), List.of())),
                TracedBooking::id);
    }

    /** What cannot be the id of a customer is not found. */
    private static String known(String id) {
        if (id.length() > WhoAndHowMany.LONGEST_TEXT || !StorableText.isStorable(id)) {
            throw noSuchCustomer();
        }
        return id;
    }

    private static ProblemException noSuchCustomer() {
        return new ProblemException(
                Problem.of(404, "not-found", "There is no such customer", "No booking has this customer's id"));
    }

    private static ProblemException active(List<UUID> active) {
        return new ProblemException(Problem.of(
                        409,
                        "customer-has-bookings",
                        "The customer has bookings that are not over",
                        "Cancel them, or erase the customer when they are over; bookings names up to 100")
                .with("bookings", active));
    }
}
