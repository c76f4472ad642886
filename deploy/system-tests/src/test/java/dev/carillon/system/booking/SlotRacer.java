package dev.carillon.system.booking;

import dev.carillon.system.clients.BookingPair;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Slot;
import dev.carillon.system.stack.Answer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who books, holds, confirms or lets expire, cancels, moves, waits, and takes or ignores what is offered, in an order that the seed says. What
 * they were answered is what they have: {@link #contradictions} says where the service disagrees in the end.
 */
final class SlotRacer implements Runnable {

    /** How many bookings a customer may have ahead at the resource. */
    static final int LIMIT = 2;

    /** So many slots, the first, are what nearly all wish for. */
    private static final int HOT = 2;

    private static final int MOST_PLACES = 3;
    private static final String FULL = "slot-full";
    private static final String NOT_ALLOWED = "transition-refused";
    private static final String TOO_MANY = "customer-limit";
    /** By wish; nobody else acts on a racer's bookings, so that there is no reason to refuse the others. */
    private static final Map<String, Set<String>> REFUSALS = Map.of(
            "book", Set.of(FULL, TOO_MANY),
            "hold", Set.of(FULL, TOO_MANY),
            "confirm", Set.of(NOT_ALLOWED),
            "reschedule", Set.of(FULL, NOT_ALLOWED),
            "accept", Set.of(NOT_ALLOWED, TOO_MANY));

    private final BookingPair pair;
    private final List<Slot> slots;
    private final RaceNotes notes;
    private final BooleanSupplier over;
    private final Random random;
    private final String customer = "racer-" + UUID.randomUUID();
    private final Map<UUID, Mine> mine = new LinkedHashMap<>();
    private final List<UUID> waiting = new ArrayList<>();

    /** @param over whether to wish for nothing more */
    SlotRacer(BookingPair pair, List<Slot> slots, RaceNotes notes, BooleanSupplier over, long seed) {
        this.pair = pair;
        this.slots = slots;
        this.notes = notes;
        this.over = over;
        this.random = new Random(seed);
    }

    private enum Standing {
        HELD,
        BOOKED,
        GIVEN_UP,
        EXPIRED
    }

    private record Mine(UUID slot, int places, Standing standing) {

        static Mine of(JsonObject booking) {
            return new Mine(
                    UUID.fromString(booking.getString("slotId")), booking.getInteger("places"), standingOf(booking));
        }

        private static Standing standingOf(JsonObject booking) {
            return switch (booking.getString("status")) {
                case "pending" -> Standing.HELD;
                case "booked" -> Standing.BOOKED;
                case "cancelled" ->
                    "hold-expired".equals(booking.getString("cancellationReason"))
                            ? Standing.EXPIRED
                            : Standing.GIVEN_UP;
                default -> throw new AssertionError("a racer has no such booking: " + booking);
            };
        }

        boolean isOpen() {
            return standing == Standing.HELD || standing == Standing.BOOKED;
        }

        /** What a refusal of its state may say that its state is. */
        Set<String> states() {
            return switch (standing) {
                case HELD -> Set.of("pending", "cancelled");
                case BOOKED -> Set.of("booked");
                case GIVEN_UP, EXPIRED -> Set.of("cancelled");
            };
        }

        Mine expired() {
            return new Mine(slot, places, Standing.EXPIRED);
        }

        /** As it is once every hold is over. */
        Mine atTheEnd() {
            return standing == Standing.HELD ? expired() : this;
        }
    }

    /** Begins with more wishes, all racers together, than there are places. */
    @Override
    public void run() {
        book(slot(), 2, null);
        while (!over.getAsBoolean()) {
            BookingPair.think(random);
            wish();
        }
        List.copyOf(waiting).forEach(this::leave);
    }

    private void wish() {
        int dice = random.nextInt(100);
        if (dice < 18) {
            wait(random.nextInt(3) == 0);
            return;
        }
        List<UUID> open = mine.keySet().stream().filter(this::isOpen).toList();
        if (open.isEmpty() || dice < 45) {
            bookOrHold();
        } else if (dice < 60) {
            confirm(any(random.nextInt(8) == 0 ? List.copyOf(mine.keySet()) : open));
        } else if (dice < 78) {
            cancel(any(open));
        } else {
            reschedule(any(random.nextInt(8) == 0 ? List.copyOf(mine.keySet()) : open));
        }
    }

    private boolean isOpen(UUID booking) {
        return known(booking).isOpen();
    }

    private Mine known(UUID booking) {
        Mine known = mine.get(booking);
        if (known == null) {
            throw new IllegalArgumentException("nobody has told of " + booking);
        }
        return known;
    }

    private <T> T any(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    /** One in fifty times any; else a hot one, where a place that is freed is gone before somebody has pressed four buttons of the bot. */
    private Slot slot() {
        return any(random.nextInt(50) == 0 ? slots : slots.subList(0, HOT));
    }

    private JsonObject wishFor(int places) {
        return new JsonObject()
                .put("places", places)
                .put("customer", new JsonObject().put("id", customer).put("name", "Ana"));
    }

    private int places() {
        return 1 + random.nextInt(MOST_PLACES);
    }

    private void bookOrHold() {
        switch (random.nextInt(3)) {
            case 0 -> book(slot(), places(), null);
            case 1 -> book(slot(), places(), "PT1S");
            default -> book(slot(), places(), "PT10S").ifPresent(this::confirm);
        }
    }

    private Optional<UUID> book(Slot slot, int places, @Nullable String hold) {
        var wish = wishFor(places).put("slotId", slot.id().toString());
        if (hold != null) {
            wish.put("hold", hold);
        }
        String what = hold == null ? "book" : "hold";
        Answer answer = pair.post(random, "/v1/bookings", wish);
        if (!isDone(what, answer, 201, places, Set.of())) {
            return Optional.empty();
        }
        UUID id = keep(answer.json());
        Mine made = known(id);
        expect(made.slot.equals(slot.id()) && made.places == places, what, answer);
        expect(hold == null ? made.standing == Standing.BOOKED : made.standing != Standing.BOOKED, what, answer);
        return Optional.of(id);
    }

    private UUID keep(JsonObject booking) {
        UUID id = UUID.fromString(booking.getString("id"));
        mine.put(id, Mine.of(booking));
        return id;
    }

    private void confirm(UUID booking) {
        Answer answer = act(booking, "confirm", null);
        expect(answer.status() != 200 || known(booking).standing == Standing.BOOKED, "confirm", answer);
    }

    /** What is cancelled is sometimes confirmed afterwards; the first time always. */
    private void cancel(UUID booking) {
        boolean first = mine.values().stream().noneMatch(one -> one.standing == Standing.GIVEN_UP);
        Answer answer = act(booking, "cancel", null);
        expect(!known(booking).isOpen(), "cancel", answer);
        if (first) {
            confirm(booking);
        }
    }

    private void reschedule(UUID booking) {
        UUID to = slot().id();
        boolean wasBooked = known(booking).standing == Standing.BOOKED;
        Answer answer = act(booking, "reschedule", new JsonObject().put("slotId", to.toString()));
        expect(answer.status() != 200 || known(booking).slot.equals(to), "reschedule", answer);
        expect(!wasBooked || answer.status() == 200 || answer.slug().equals(FULL), "reschedule", answer);
    }

    /** What is refused for its state, and was held, is held no longer. */
    private Answer act(UUID booking, String action, @Nullable JsonObject body) {
        Mine before = known(booking);
        Answer answer = pair.post(random, "/v1/bookings/" + booking + "/" + action, body);
        if (isDone(action, answer, 200, before.places, before.states())) {
            keep(answer.json());
        } else if (before.standing == Standing.HELD && isRefusedWith(NOT_ALLOWED, answer)) {
            mine.put(booking, before.expired());
        }
        return answer;
    }

    private void wait(boolean anew) {
        if (waiting.isEmpty() || anew && waiting.size() < 2) {
            join();
        } else {
            answerOffer(any(waiting));
        }
    }

    private void join() {
        var wish = wishFor(places());
        if (random.nextInt(8) == 0) {
            wish.put("resourceId", slots.getFirst().resourceId().toString());
        } else {
            wish.put("slotId", slot().id().toString());
        }
        Answer answer = pair.post(random, "/v1/waitlist", wish);
        if (isDone("join", answer, 201, 0, Set.of())) {
            waiting.add(UUID.fromString(answer.json().getString("id")));
        }
    }

    private void answerOffer(UUID entry) {
        String status = pair.get(random, "/v1/waitlist/" + entry).getString("status");
        switch (status) {
            case "proposed" -> {
                notes.outcome("offered");
                if (random.nextInt(3) > 0) {
                    accept(entry);
                }
            }
            case "waitlist" -> {
                if (random.nextInt(4) == 0) {
                    accept(entry);
                }
            }
            default -> {
                notes.outcome("offer ignored");
                waiting.remove(entry);
            }
        }
    }

    private void accept(UUID entry) {
        Answer answer = pair.post(random, "/v1/waitlist/" + entry + "/accept", null);
        // It may have been offered since it was looked at, and the offer be over as well.
        if (isDone("accept", answer, 200, 0, Set.of("waitlist", "proposed", "cancelled"))) {
            waiting.remove(entry);
            UUID booking = keep(pair.get(random, "/v1/bookings/" + answer.json().getString("bookingId")));
            expect(known(booking).standing == Standing.BOOKED, "accept", answer);
        }
    }

    private void leave(UUID entry) {
        Answer answer = pair.post(random, "/v1/waitlist/" + entry + "/leave", null);
        if (isDone("leave", answer, 200, 0, Set.of())) {
            waiting.remove(entry);
            expect(answer.json().getString("status").equals("cancelled"), "leave", answer);
        }
    }

    /**
     * Whether a wish was granted; if not, it has to be refused with a reason that fits.
     *
     * @param wanted so many places
     * @param states which states a refusal of the state may name
     */
    private boolean isDone(String what, Answer answer, int success, int wanted, Set<String> states) {
        boolean done = answer.status() == success;
        if (!done) {
            expect(isFittingRefusal(what, answer, wanted, states), what, answer);
        }
        notes.outcome(what + " " + (answer.status() == 409 ? answer.slug() : answer.status()));
        return done;
    }

    private static boolean isFittingRefusal(String what, Answer answer, int wanted, Set<String> states) {
        if (answer.status() != 409 || !REFUSALS.getOrDefault(what, Set.of()).contains(answer.slug())) {
            return false;
        }
        JsonObject problem = answer.json();
        return switch (answer.slug()) {
            case FULL -> problem.getInteger("available", -1) >= 0 && problem.getInteger("available") < wanted;
            case NOT_ALLOWED -> states.contains(problem.getString("from")) && problem.containsKey("to");
            case TOO_MANY -> problem.getInteger("maxPerCustomer", 0) == LIMIT;
            default -> false;
        };
    }

    private static boolean isRefusedWith(String slug, Answer answer) {
        return answer.status() == 409 && answer.slug().equals(slug);
    }

    private void expect(boolean fits, String what, Answer answer) {
        if (!fits) {
            notes.surprise(what + " by " + customer + ": " + answer.status() + " " + answer.body());
        }
    }

    /** Where the bookings of this customer, once nothing is held or offered any more, are not what the racer was told. */
    List<String> contradictions(Bookings bookings) {
        Map<UUID, JsonObject> there = new LinkedHashMap<>();
        bookings.ofCustomer(customer).forEach(one -> there.put(UUID.fromString(one.getString("id")), one));
        var found = new ArrayList<String>();
        mine.forEach((id, known) -> {
            JsonObject booking = there.remove(id);
            if (booking == null || !known.atTheEnd().equals(Mine.of(booking))) {
                found.add(customer + " was told " + id + " " + known + ", and it is " + booking);
            }
        });
        there.values().stream()
                .filter(one -> !isOfferThatEnded(one))
                .forEach(one -> found.add(customer + " was never told of " + one));
        return found;
    }

    private static boolean isOfferThatEnded(JsonObject booking) {
        return Set.of("offer-expired", "offer-declined", "offer-withdrawn")
                .contains(booking.getString("cancellationReason", ""));
    }
}
