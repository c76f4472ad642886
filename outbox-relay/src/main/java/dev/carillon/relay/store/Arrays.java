package dev.carillon.relay.store;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import java.util.Collection;

/** Parameters for {@code unnest}. */
final class Arrays {
    private Arrays() {}

    static Short[] lanes(Collection<Lane> lanes) {
        return lanes.stream().map(lane -> (short) lane.number()).toArray(Short[]::new);
    }

    static Short[] lanesOf(Collection<LaneLease> leases) {
        return lanes(leases.stream().map(LaneLease::lane).toList());
    }

    static Long[] epochsOf(Collection<LaneLease> leases) {
        return leases.stream().map(LaneLease::epoch).toArray(Long[]::new);
    }

    static Long[] seqs(Collection<Long> seqs) {
        return seqs.toArray(Long[]::new);
    }
}
