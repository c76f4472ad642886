package dev.carillon.delivery.attempt.usecase;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How many more may be held for each disabled endpoint: as many as the last count left room for, without those that have been taken since. Thread-safe. */
final class HeldRooms {
    private static final long COUNT_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    /** No transaction goes on for so long that has counted, and is still to take. */
    private static final long FORGET_NANOS = Duration.ofMinutes(1).toNanos();

    /** @param isWrong whether some that were taken of it are not held after all */
    private record Room(AtomicInteger left, long countedNanos, boolean isWrong) {}

    private final int most;
    private final LongSupplier nanos;
    private final Map<UUID, Room> rooms = new ConcurrentHashMap<>();

    /** @param nanos the time, as {@link System#nanoTime} gives it */
    HeldRooms(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /** Those of these for which it has to be counted how many are held, before more are. */
    List<UUID> toCount(Collection<UUID> endpoints) {
        long now = nanos.getAsLong();
        return endpoints.stream().filter(id -> isToCount(rooms.get(id), now)).toList();
    }

    private static boolean isToCount(@Nullable Room room, long now) {
        return room == null || room.isWrong || now - room.countedNanos > COUNT_AGAIN_NANOS;
    }

    /** @param held by endpoint, how many are */
    void counted(Map<UUID, Integer> held) {
        long now = nanos.getAsLong();
        rooms.values().removeIf(room -> now - room.countedNanos > FORGET_NANOS);
        held.forEach((id, number) -> rooms.put(id, new Room(new AtomicInteger(most - number), now, false)));
    }

    /** Whether there is room for one more, which it then takes. */
    boolean takes(UUID endpoint) {
        var room = rooms.get(endpoint);
        return room == null || room.left.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    /** Of what was taken for these, some is not held after all. */
    void countAnew(Collection<UUID> endpoints) {
        endpoints.forEach(
                id -> rooms.computeIfPresent(id, (same, room) -> new Room(room.left, room.countedNanos, true)));
    }
}
