package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Bookings of one slot over HTTP, one place each, by so many clients at once; nobody is notified, for the customers have no address. Beside it, the same
 * with one transaction a booking, and what a transaction a booking with {@code SELECT … FOR UPDATE} comes to without HTTP, events or keys.
 */
public final class HotSlotBenchmark {
    private static final int MOST_A_SECOND = 20_000;
    private static final int LARGEST = 100_000;

    private final int clients;
    private final int seconds;
    private final int capacity;
    private final int warm;
    private final boolean alone;

    /** @param alone only the groups, without what is measured beside them */
    public HotSlotBenchmark(int clients, int seconds, int capacity, int warm, boolean alone) {
        this.clients = clients;
        this.seconds = seconds;
        this.capacity = capacity;
        this.warm = warm;
        this.alone = alone;
    }

    public void run() throws IOException {
        double load = Machine.loadNow();
        Report report;
        try (var stack = LocalStack.start()) {
            report = new Report("hotslot", Machine.here(stack.postgresVersion(), AppInfoParser.getVersion(), load));
            measure(stack, "groups", report);
            if (!alone) {
                var bare =
                        new RowLockedBookings(stack.database("booking"), new BookingApi(stack).slot(LARGEST), clients);
                report.add(bare.measure(seconds));
            }
        }
        if (!alone) {
            measureOneByOne(report);
        }
        System.out.println(report.table());
        System.out.println("Written to "
                + report.write(Path.of(System.getProperty("carillon.results", "deploy/benchmarks/target/results"))));
    }

    private void measureOneByOne(Report report) throws IOException {
        var oneByOne = Map.of("CARILLON_BOOKING_BOOK_GROUP", "1", "CARILLON_BOOKING_BOOK_GROUPS_OF_LANE", "16");
        try (var stack = LocalStack.start(oneByOne)) {
            measure(stack, "one transaction a booking", report);
        }
    }

    private void measure(LocalStack stack, String how, Report report) throws IOException {
        System.err.println("warming up for " + warm + " s …");
        var api = new BookingApi(stack);
        var warming = api.slot(LARGEST);
        new Load(stack.bookingPort(), clients).closedFor(warm, warm * MOST_A_SECOND, 201, i -> api.booking(warming, i));
        var slot = api.slot(capacity);
        System.err.println("booking for " + seconds + " s, " + how + " …");
        var before = stack.cpu();
        var outcome =
                new Load(stack.bookingPort(), clients).closedFor(seconds, capacity, 201, i -> api.booking(slot, i));
        var spent = stack.cpu().since(before);
        outcome.check();
        int booked = outcome.millis().length;
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("one slot", how);
        row.put("booked", booked);
        row.put("bookings/s", (int) (booked / outcome.seconds()));
        Samples.of(outcome.millis()).addTo(row);
        row.put("the slot counts", ask(stack, "SELECT booked FROM slot WHERE id = '%s'".formatted(slot)));
        row.put(
                "its bookings have",
                ask(stack, "SELECT sum(places) FROM booking WHERE slot_id = '%s'".formatted(slot)));
        report.add(row);
        report.add(spent.per10000("booked, " + how, booked));
    }

    private static int ask(LocalStack stack, String sql) {
        return Integer.parseInt(stack.ask("booking", sql));
    }
}
