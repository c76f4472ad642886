package dev.carillon.system.booking;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.system.clients.BookingPair;
import dev.carillon.system.clients.Bookings;
import dev.carillon.system.clients.Bookings.Slot;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Looks at slots all the time, in the database and, where it is told how, over HTTP. In the database one statement sees one moment: the slot's count and the places of its
 * bookings, which have to agree in each.
 */
final class SlotSampler implements AutoCloseable {

    private static final String SAMPLE = """
            SELECT slot.id, slot.capacity, slot.booked,
                   (SELECT coalesce(sum(places), 0) FROM booking WHERE slot_id = slot.id AND status <> 'cancelled')
            FROM slot WHERE slot.id = ANY (?)
            """;

    /** Without HTTP, which takes its own time. */
    private static final Duration BETWEEN = Duration.ofMillis(10);

    private final Database database;
    private final Optional<Bookings> bookings;
    private final List<Slot> slots;
    private final List<String> contradictions = new ArrayList<>();
    private final CompletableFuture<Seen> seen;
    private volatile boolean stopped;
    private int samples;
    private int mostBooked;

    SlotSampler(Database database, Bookings bookings, List<Slot> slots) {
        this(database, Optional.of(bookings), slots);
    }

    /** Looks in the database alone: whoever answers over HTTP may be dead. */
    SlotSampler(Database database, List<Slot> slots) {
        this(database, Optional.empty(), slots);
    }

    private SlotSampler(Database database, Optional<Bookings> bookings, List<Slot> slots) {
        this.database = database;
        this.bookings = bookings;
        this.slots = slots;
        this.seen = CompletableFuture.supplyAsync(this::sampleUntilStopped, Thread::startVirtualThread);
    }

    /** What was seen until now. */
    Seen stop() {
        close();
        return seen.join();
    }

    @Override
    public void close() {
        stopped = true;
    }

    private Seen sampleUntilStopped() {
        try (var connection = database.connect();
                var statement = connection.prepareStatement(SAMPLE)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "uuid", slots.stream().map(Slot::id).toArray(UUID[]::new)));
            while (!stopped) {
                sampleRows(statement);
                bookings.ifPresentOrElse(this::sampleOverHttp, () -> BookingPair.pause(BETWEEN));
                samples++;
            }
            return new Seen(samples, mostBooked, List.copyOf(contradictions));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sampleRows(PreparedStatement statement) throws SQLException {
        try (var rows = statement.executeQuery()) {
            while (rows.next()) {
                int booked = rows.getInt(3);
                int held = rows.getInt(4);
                take(booked, rows.getInt(2), rows.getString(1));
                if (booked != held) {
                    contradictions.add(rows.getString(1) + " counts " + booked + ", its bookings hold " + held);
                }
            }
        }
    }

    private void sampleOverHttp(Bookings over) {
        for (Slot slot : slots) {
            var told = over.slot(slot);
            take(told.getInteger("booked"), told.getInteger("capacity"), told.getString("id"));
        }
    }

    private void take(int booked, int capacity, String slot) {
        mostBooked = Math.max(mostBooked, booked);
        if (booked > capacity) {
            contradictions.add(slot + " has " + booked + " booked of " + capacity);
        }
    }

    /** @param contradictions should be none */
    record Seen(int samples, int mostBooked, List<String> contradictions) {}
}
