package dev.carillon.system.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.Setting;
import dev.carillon.local.ServiceName;
import dev.carillon.system.booking.BookingKills.Outage;
import dev.carillon.system.clients.BookingPair;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Slot;
import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * 64 who race for a few places on every path, over two instances of booking of which one and then the other is killed. {@code CARILLON_SLOTS_SEED} says what
 * they wish for and when instances die.
 */
@ExtendWith(RunningStack.class)
class SlotKillsIT {

    private static final int RACERS = 52;
    private static final int BOT_RACERS = 12;
    private static final int CAPACITY = 8;
    private static final int KILLS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestStack stack;
    private final Bookings bookings;
    private final BookingPair pair;
    private final RaceNotes notes = new RaceNotes();
    private final AtomicBoolean over = new AtomicBoolean();

    SlotKillsIT(TestStack stack) {
        this.stack = stack;
        this.bookings = new Bookings(new Carillon(stack));
        this.pair = new BookingPair(stack);
    }

    @BeforeEach
    void start_a_second_instance() {
        stack.upWithSecondInstance(ServiceName.BOOKING);
    }

    @AfterEach
    void leave_the_first_instances_running() {
        stack.up();
        stack.endSecondInstances();
    }

    @Test
    void no_slot_is_oversold_and_no_place_leaks_while_64_race_on_every_path_and_instances_are_killed() {
        long seed = Setting.seed("CARILLON_SLOTS_SEED");
        System.out.println("slots: seed " + seed);
        Instant begin = Instant.now();
        // The bot lists services by their names.
        String service = "00 " + Carillon.marker();
        List<Slot> slots = slots(service);
        List<SlotRacer> racers = IntStream.range(0, RACERS)
                .mapToObj(number -> new SlotRacer(pair, slots, notes, over::get, seed * 100 + number))
                .toList();
        List<BotRacer> bots = IntStream.range(RACERS, RACERS + BOT_RACERS)
                .mapToObj(number -> new BotRacer(stack, pair, service, notes, over::get, seed * 100 + number))
                .toList();

        List<Outage> outages;
        SlotSampler.Seen seen;
        try (var sampler = new SlotSampler(stack.database("booking"), slots)) {
            outages = race(Stream.concat(racers.stream(), bots.stream()).toList(), new BookingKills(stack, seed));
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(slots).allSatisfy(this::assertThatNothingIsHeldOrOffered));
            seen = sampler.stop();
        }

        System.out.printf(
                "slots: seed %d, took %s, %s%n%s%nkilled and back: %s%n%s%n",
                seed,
                Duration.between(begin, Instant.now()),
                seen,
                pair.figures(),
                outages.stream()
                        .map(one -> Duration.between(one.from(), one.to()))
                        .toList(),
                notes.tally());
        assertThat(seen.mostBooked()).isEqualTo(CAPACITY);
        assertThat(seen.contradictions()).isEmpty();
        assertThat(notes.surprises()).isEmpty();
        assertThat(pair.misses())
                .filteredOn(miss -> !isExplained(miss, outages))
                .isEmpty();
        assertThatEveryPathWasTaken();
        assertThat(racers)
                .flatExtracting(racer -> racer.contradictions(bookings))
                .isEmpty();
        assertThat(bots).flatExtracting(bot -> bot.contradictions(bookings)).isEmpty();
        assertThat(slots).allSatisfy(this::assertThatItCountsItsBookings);
        assertThat(slots).allSatisfy(this::assertThatWhatIsAvailableCanBeBookedAndNoMore);
    }

    /** On one day, the day after tomorrow. */
    private List<Slot> slots(String service) {
        UUID resource = bookings.openResource(new JsonObject()
                .put("name", service)
                .put("zone", Bookings.ZONE)
                .put("slotLength", "PT30M")
                .put("maxPerCustomer", SlotRacer.LIMIT));
        ZonedDateTime day =
                ZonedDateTime.now(ZoneId.of(Bookings.ZONE)).plusDays(2).truncatedTo(ChronoUnit.DAYS);
        return Stream.of(9, 10, 11, 12)
                .map(hour -> bookings.openSlot(resource, day.withHour(hour).toInstant(), CAPACITY))
                .toList();
    }

    /** Until all have been answered for the last time. */
    private List<Outage> race(List<? extends Runnable> racers, BookingKills kills) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var racing = racers.stream()
                    .map(racer -> CompletableFuture.runAsync(racer, threads))
                    .toArray(CompletableFuture[]::new);
            List<Outage> outages;
            try {
                outages = kills.run(KILLS);
            } finally {
                over.set(true);
            }
            CompletableFuture.allOf(racing).join();
            return outages;
        }
    }

    private static boolean isExplained(BookingPair.Miss miss, List<Outage> outages) {
        return outages.stream().anyMatch(outage -> outage.explains(miss));
    }

    /** The first 52 wishes are for more than there is, and the first cancelled booking of each racer is confirmed. */
    private void assertThatEveryPathWasTaken() {
        assertThat(notes.tally())
                .containsKeys(
                        "book 201",
                        "book slot-full",
                        "hold 201",
                        "confirm 200",
                        "confirm transition-refused",
                        "cancel 200",
                        "reschedule 200",
                        "reschedule slot-full",
                        "join 201",
                        "offered",
                        "accept 200",
                        "leave 200",
                        "bot book: done",
                        "bot move: done",
                        "bot cancel: done");
    }

    private void assertThatNothingIsHeldOrOffered(Slot slot) {
        assertThat(bookings.ofSlot(slot, "pending")).isEmpty();
        assertThat(bookings.ofSlot(slot, "proposed")).isEmpty();
    }

    private void assertThatItCountsItsBookings(Slot slot) {
        int places = bookings.ofSlot(slot, "booked").stream()
                .mapToInt(booking -> booking.getInteger("places"))
                .sum();
        JsonObject told = bookings.slot(slot);
        assertThat(told.getInteger("booked")).isEqualTo(places).isLessThanOrEqualTo(CAPACITY);
        assertThat(told.getInteger("available")).isEqualTo(CAPACITY - places);
    }

    private void assertThatWhatIsAvailableCanBeBookedAndNoMore(Slot slot) {
        int available = bookings.slot(slot).getInteger("available");
        if (available > 0) {
            bookings.post(Bookings.wish(slot, available, Bookings.newAddress()), null)
                    .jsonOf(201);
        }
        Answer refused = bookings.post(Bookings.wish(slot, 1, Bookings.newAddress()), null);
        assertThat(refused.jsonOf(409).getInteger("available")).isZero();
        assertThat(refused.slug()).isEqualTo("slot-full");
    }
}
