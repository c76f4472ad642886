package dev.carillon.benchmarks.stack;

import dev.carillon.benchmarks.report.Machine;
import dev.carillon.benchmarks.report.Report;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Bookings of one slot over HTTP, one place each, by so many clients at once; nobody is notified, for the customers have no address. Beside it, the same
 * with one transaction a booking, and what a transaction a booking with {@code SELECT … FOR UPDATE} comes to without HTTP, events or keys.
 */
public final class HotSlotBenchmark {
    private static final int MOST_A_SECOND = 20_000;
    private static final int LARGEST = 100_000;
    private static final Pattern ID = Pattern.compile("\"id\":\"([0-9a-f-]{36})\"");

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
                var bare = new RowLockedBookings(stack.database("booking"), slot(stack, LARGEST), clients);
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
        var oneByOne = Map.of("CARILLON_BOOKING_BOOK_GROUP", "1", "CARILLON_BOOKING_BOOK_GROUPS", "16");
        try (var stack = LocalStack.start(oneByOne)) {
            measure(stack, "one transaction a booking", report);
        }
    }

    private void measure(LocalStack stack, String how, Report report) throws IOException {
        System.err.println("warming up for " + warm + " s …");
        var warming = slot(stack, LARGEST);
        new Load(stack.bookingPort(), clients)
                .closedFor(warm, warm * MOST_A_SECOND, 201, i -> booking(stack, warming, i));
        var slot = slot(stack, capacity);
        System.err.println("booking for " + seconds + " s, " + how + " …");
        var before = stack.cpu();
        var outcome =
                new Load(stack.bookingPort(), clients).closedFor(seconds, capacity, 201, i -> booking(stack, slot, i));
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

    private static String slot(LocalStack stack, int capacity) throws IOException {
        var resource = id(stack, "/v1/resources", "{\"name\":\"Hall\",\"zone\":\"UTC\",\"slotLength\":\"PT1H\"}");
        return id(
                stack,
                "/v1/slots",
                "{\"resourceId\":\"%s\",\"startAt\":\"%s\",\"capacity\":%d}"
                        .formatted(resource, Instant.now().plus(Duration.ofDays(1)), capacity));
    }

    private static String id(LocalStack stack, String path, String body) throws IOException {
        try (var connection = new Connection(stack.bookingPort(), 64 * 1024)) {
            int status = connection.exchange(post(stack, path, body));
            var id = ID.matcher(connection.answer());
            if (status != 201 || !id.find()) {
                throw new IllegalStateException(connection.answer());
            }
            return id.group(1);
        }
    }

    private static byte[] booking(LocalStack stack, String slot, int number) {
        return post(
                stack,
                "/v1/bookings",
                "{\"slotId\":\"%s\",\"places\":1,\"customer\":{\"name\":\"Customer %d\"}}".formatted(slot, number));
    }

    private static byte[] post(LocalStack stack, String path, String body) {
        return ("POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-API-Key: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(path, stack.bookingPort(), stack.apiKey(), body.length(), body))
                .getBytes(StandardCharsets.US_ASCII);
    }
}
