package dev.carillon.benchmarks.stack;

import dev.carillon.kit.testing.postgres.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * The peer: each booking in a transaction of its own that locks the slot's row, counts, and inserts the booking, on a connection of its own. Without
 * HTTP, idempotency keys, events or timers, all of which a service would add.
 */
record RowLockedBookings(Database database, String slot, int clients) {
    private static final int MOST_CONNECTIONS = 16;

    Map<String, Object> measure(int seconds) {
        System.err.println("booking for " + seconds + " s, SELECT … FOR UPDATE …");
        int connections = Math.min(clients, MOST_CONNECTIONS);
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        int booked;
        try (var threads = Executors.newFixedThreadPool(connections)) {
            List<Callable<Integer>> all = IntStream.range(0, connections)
                    .<Callable<Integer>>mapToObj(i -> () -> bookUntil(end))
                    .toList();
            booked = threads.invokeAll(all).stream()
                    .mapToInt(one -> one.resultNow())
                    .sum();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("without HTTP", "SELECT … FOR UPDATE");
        row.put("connections", connections);
        row.put("booked", booked);
        row.put("bookings/s", booked / seconds);
        return row;
    }

    private int bookUntil(long end) throws SQLException {
        int booked = 0;
        try (var connection = database.connect()) {
            connection.setAutoCommit(false);
            while (System.nanoTime() < end) {
                book(connection);
                booked++;
            }
        }
        return booked;
    }

    private void book(Connection connection) throws SQLException {
        try (var lock = connection.prepareStatement(
                        "SELECT capacity - booked FROM slot WHERE id = ?::uuid FOR UPDATE");
                var count = connection.prepareStatement("UPDATE slot SET booked = booked + 1 WHERE id = ?::uuid");
                var insert = connection.prepareStatement("""
                        INSERT INTO booking (id, tenant, slot_id, places, status, revision, version, sequence, customer_name, created_at, booked_at)
                        VALUES (?, 'peer', ?::uuid, 1, 'booked', 1, 1, 0, 'Customer', now(), now())
                        """)) {
            lock.setString(1, slot);
            try (var available = lock.executeQuery()) {
                if (!available.next() || available.getInt(1) < 1) {
                    throw new IllegalStateException("The slot is full");
                }
            }
            count.setString(1, slot);
            count.executeUpdate();
            insert.setObject(1, UUID.randomUUID());
            insert.setString(2, slot);
            insert.executeUpdate();
            connection.commit();
        }
    }
}
