package dev.carillon.kit.timer;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A timer that is to fire at an instant. */
record Arming(UUID id, Instant dueAt) {
    static List<Arming> of(List<UUID> ids, List<Instant> dueAt) {
        if (ids.size() != dueAt.size()) {
            throw new IllegalArgumentException("%d timers have %d instants".formatted(ids.size(), dueAt.size()));
        }
        var all = new ArrayList<Arming>(ids.size());
        for (int i = 0; i < ids.size(); i++) {
            all.add(new Arming(ids.get(i), dueAt.get(i)));
        }
        return all;
    }

    static UUID[] ids(List<Arming> armings) {
        return armings.stream().map(Arming::id).toArray(UUID[]::new);
    }

    static OffsetDateTime[] instants(List<Arming> armings) {
        return armings.stream().map(one -> utc(one.dueAt)).toArray(OffsetDateTime[]::new);
    }

    static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
