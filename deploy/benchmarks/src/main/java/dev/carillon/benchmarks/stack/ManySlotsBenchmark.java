package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Searches for free slots over HTTP, of resources whose hours have made thousands of them; then bookings that go to all of these slots in turn; then both
 * at once. Nobody is notified, for the customers have no address.
 */
public final class ManySlotsBenchmark {
    private static final int MOST_A_SECOND = 20_000;
    private static final int RESOURCES = 20;
    private static final int SLOTS_OF_EACH = 200;
    private static final int CAPACITY = 1_000;
    private static final Duration AHEAD = Duration.ofDays(1);
    /** Sixteen a day, for two months. */
    private static final String HOURS = ",\"capacity\":%d,\"weekly\":[%s]";

    private static final String DAY = "{\"day\":\"%s\",\"from\":\"06:00\",\"to\":\"22:00\"}";

    private final int clients;
    private final int seconds;
    private final int warm;

    public ManySlotsBenchmark(int clients, int seconds, int warm) {
        this.clients = clients;
        this.seconds = seconds;
        this.warm = warm;
    }

    public void run() throws IOException {
        double load = Machine.loadNow();
        try (var stack = LocalStack.start()) {
            var report = new Report("slots", Machine.here(stack.postgresVersion(), AppInfoParser.getVersion(), load));
            var api = new BookingApi(stack);
            List<String> resources = resources(api);
            List<String> slots = slots(api, resources);
            System.err.println("warming up for " + warm + " s …");
            search(stack, api, resources, clients / 2, warm / 2);
            book(stack, api, slots, clients, warm / 2);

            System.err.println("searching for " + seconds + " s …");
            var before = stack.cpu();
            var searched = search(stack, api, resources, clients, seconds);
            add(report, "searches", searched, stack.cpu().since(before));

            System.err.println("booking for " + seconds + " s …");
            before = stack.cpu();
            var booked = book(stack, api, slots, clients, seconds);
            add(
                    report,
                    "bookings of %,d slots".formatted(slots.size()),
                    booked,
                    stack.cpu().since(before));

            System.err.println("searching while others book, for " + seconds + " s …");
            before = stack.cpu();
            var others = Thread.ofPlatform().start(() -> book(stack, api, slots, clients / 8, seconds));
            searched = search(stack, api, resources, clients, seconds);
            add(
                    report,
                    "searches while %d clients book".formatted(clients / 8),
                    searched,
                    stack.cpu().since(before));
            others.join();
            System.out.println(report.table());
            System.out.println("Written to "
                    + report.write(
                            Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static List<String> resources(BookingApi api) throws IOException {
        var days = new ArrayList<String>();
        for (String day : List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")) {
            days.add(DAY.formatted(day));
        }
        var resources = new ArrayList<String>();
        for (int i = 0; i < RESOURCES; i++) {
            resources.add(api.resource(HOURS.formatted(CAPACITY, String.join(",", days))));
        }
        return resources;
    }

    /** Once the slots of all resources have been made. */
    private static List<String> slots(BookingApi api, List<String> resources) throws IOException {
        var slots = new ArrayList<String>();
        for (String resource : resources) {
            byte[] search = api.search(resource, AHEAD, 60, 1, SLOTS_OF_EACH);
            List<String> found = api.found(search);
            for (int tries = 0; found.size() < SLOTS_OF_EACH && tries < 600; tries++) {
                Patience.sleep(Duration.ofMillis(100));
                found = api.found(search);
            }
            slots.addAll(found);
        }
        return slots;
    }

    private static Load.Outcome search(
            LocalStack stack, BookingApi api, List<String> resources, int clients, int seconds) {
        List<byte[]> searches = resources.stream()
                .map(resource -> api.search(resource, AHEAD, 7, 2, 50))
                .toList();
        return new Load(stack.bookingPort(), clients)
                .closedFor(seconds, seconds * MOST_A_SECOND, 200, i -> searches.get(i % searches.size()));
    }

    private static Load.Outcome book(LocalStack stack, BookingApi api, List<String> slots, int clients, int seconds) {
        return new Load(stack.bookingPort(), clients)
                .closedFor(seconds, seconds * MOST_A_SECOND, 201, i -> api.booking(slots.get(i % slots.size()), i));
    }

    private static void add(Report report, String what, Load.Outcome outcome, StackCpu spent) {
        outcome.check();
        int count = outcome.millis().length;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.put("count", count);
        row.put("a second", (int) (count / outcome.seconds()));
        Samples.of(outcome.millis()).addTo(row);
        report.add(row);
        report.add(spent.per10000(what, count));
    }
}
