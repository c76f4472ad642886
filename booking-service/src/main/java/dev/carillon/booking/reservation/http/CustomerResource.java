package dev.carillon.booking.reservation.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.booking.reservation.CustomerReference;
import dev.carillon.booking.reservation.MessageNews;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.MessageNewsStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.booking.reservation.store.WaitlistStore;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** {@code /v1/customers}: what is kept of them, by the ids that the tenant gave them in its bookings, or by an address or chat. */
@Path("/v1/customers/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
public class CustomerResource {
    private static final int MOST_AT_ONCE = 500;
    // An address of up to 318 characters, with what says that it is one.
    private static final int LONGEST_ID = 324;
    // As the database orders them.
    private static final Comparator<UUID> NEWEST_FIRST =
            Comparator.<UUID, String>comparing(UUID::toString).reversed();

    private static final String BY_WHAT =
            "The id is the tenant's own, or email:<address>, in any case, or telegram:<chat>, which find what has that address or chat,"
                    + " whether or not it has an id";

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
                    "All that is kept of a customer: their bookings with what became of their messages, and what they waited for, newest first; and conversations with the bot",
            description = BY_WHAT)
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = CustomerExport.class)))
    @APIResponse(responseCode = "404", description = "Nothing is kept of such a customer")
    public Uni<CustomerExport> export(
            String id, @QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        var known = known(id);
        int wanted = Queries.number("limit", limit, MOST_AT_ONCE, 1, MOST_AT_ONCE);
        var before = Cursor.read(cursor);
        var tenant = caller.tenant();
        return talked(tenant, known, before).chain(talks -> waitlist.ofCustomer(tenant, known, before, wanted + 1)
                .chain(entries -> bookings.ofCustomer(tenant, known, before, wanted + 1)
                        .chain(found -> {
                            if (found.isEmpty() && entries.isEmpty() && talks.isEmpty() && before == null) {
                                throw noSuchCustomer();
                            }
                            return export(known, Shown.of(found, entries, wanted), talks);
                        })));
    }

    private Uni<List<KeptChat>> talked(String tenant, CustomerReference customer, @Nullable UUID before) {
        return before == null ? chats.of(tenant, customer) : Uni.createFrom().item(List.of());
    }

    /** What is on one page: the newest of both together. */
    private record Shown(
            List<TracedBooking> bookings,
            List<TracedEntry> entries,
            @Nullable String nextCursor) {
        /** @param wanted how many; of each up to one more was found, which says that there is another page */
        static Shown of(List<TracedBooking> found, List<TracedEntry> entries, int wanted) {
            var ids = Stream.concat(
                            found.stream().map(TracedBooking::id),
                            entries.stream().map(TracedEntry::id))
                    .sorted(NEWEST_FIRST)
                    .toList();
            var page = Page.of(ids, wanted, Function.identity(), Function.identity());
            var shown = Set.copyOf(page.items());
            return new Shown(
                    found.stream().filter(one -> shown.contains(one.id())).toList(),
                    entries.stream().filter(one -> shown.contains(one.id())).toList(),
                    page.nextCursor());
        }
    }

    @POST
    @Path("/erase")
    @PermissionsAllowed("customers:admin")
    @Operation(
            summary = "Take a customer's personal data out of their bookings, all of which must be over or cancelled",
            description =
                    "Name, addresses, zone, language and what providers said of the addresses go; states, times, places and the"
                            + " customer's id stay. For admins, and keys with the scope customers:admin. What is erased already stays so. "
                            + BY_WHAT)
    @APIResponse(responseCode = "200", content = @Content(schema = @Schema(implementation = ErasureView.class)))
    @APIResponse(responseCode = "404", description = "Nothing is kept of such a customer")
    @APIResponse(responseCode = "409", description = "Some bookings are neither cancelled nor over")
    public Uni<Response> erase(String id, @HeaderParam(IdempotencyHeader.NAME) @Nullable String key) {
        var known = known(id);
        var tenant = caller.tenant();
        var idempotencyKey = idempotency.read(key, tenant, pathOf(known), Map.of());
        // The tenant alone: a line of the log that named who was erased would keep them.
        return audit.begin(caller.name(), "customers.erase", tenant)
                .around(eraseCustomer.erase(tenant, known, idempotencyKey), Erasure::toString)
                .map(outcome -> answer(known, outcome));
    }

    /** What the key is kept with, for a week: so it is not what names the customer. */
    private static String pathOf(CustomerReference customer) {
        return "/v1/customers/" + UUID.nameUUIDFromBytes(customer.id().getBytes(UTF_8)) + "/erase";
    }

    private static Response answer(CustomerReference customer, Erasure outcome) {
        return switch (outcome) {
            case Erasure.Erased(long kept, boolean repeated) -> {
                var answer = Response.ok(new ErasureView(customer.id(), kept));
                yield (repeated ? answer.header(IdempotencyHeader.REPLAYED, "true") : answer).build();
            }
            case Erasure.Active(List<UUID> active) -> throw active(active);
            case Erasure.NoSuchCustomer() -> throw noSuchCustomer();
            case Erasure.Decided(var verdict) -> throw IdempotencyHeader.refusal(verdict);
        };
    }

    private Uni<CustomerExport> export(CustomerReference customer, Shown shown, List<KeptChat> talks) {
        return messages.of(shown.bookings.stream().map(TracedBooking::id).toList())
                .map(news -> new CustomerExport(
                        customer.id(),
                        clock.now(),
                        views(shown.bookings, news),
                        shown.entries.stream()
                                .map(entry -> WaitlistEntryView.of(entry, Optional.empty()))
                                .toList(),
                        talks,
                        shown.nextCursor));
    }

    private static List<BookingView> views(List<TracedBooking> bookings, List<MessageNews> news) {
        var byBooking = news.stream().collect(Collectors.groupingBy(MessageNews::bookingId));
        return bookings.stream()
                .map(one -> BookingView.of(one, byBooking.getOrDefault(one.id(), List.of())))
                .toList();
    }

    /** What cannot be the id of a customer, or an address, is not found. */
    private static CustomerReference known(String id) {
        if (id.length() > LONGEST_ID || !StorableText.isStorable(id)) {
            throw noSuchCustomer();
        }
        return CustomerReference.of(id);
    }

    private static ProblemException noSuchCustomer() {
        return new ProblemException(Problem.of(
                404, "not-found", "There is no such customer", "Nothing is kept of one by this id, address or chat"));
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
