package dev.carillon.relay;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How lanes spread over the live relays: each aims at ⌈lanes ÷ live⌉, takes free lanes up to that, and gives back what is beyond.
 *
 * <p>Alive is who owns a lane whose lease counts, who asked for lanes lately, and oneself. A dead relay stops counting when its leases run out,
 * which is also when its lanes are free.
 *
 * @param claim free lanes to take now
 * @param giveBack how many to let go
 * @param ask nothing is free, yet another has more than its share: it must learn that one is here
 */
public record FairShare(List<Lane> claim, int giveBack, boolean ask) {

    /** @param asking others that asked lately */
    public static FairShare of(LaneCensus census, String self, Set<Lane> held, Collection<String> asking) {
        Map<String, Integer> owners = lanesByOwner(census, self);
        Set<String> live = new HashSet<>(asking);
        live.addAll(owners.keySet());
        live.add(self);
        int share = Math.ceilDiv(Lane.COUNT, live.size());
        List<Lane> claim = free(census, self, held).stream()
                .limit(Math.max(0, share - held.size()))
                .toList();
        boolean short_ = held.size() + claim.size() < share;
        boolean anotherHasTooMany = owners.values().stream().anyMatch(count -> count > share);
        return new FairShare(claim, Math.max(0, held.size() - share), short_ && anotherHasTooMany);
    }

    private static Map<String, Integer> lanesByOwner(LaneCensus census, String self) {
        Map<String, Integer> owners = new HashMap<>();
        for (LaneCensus.Entry entry : census.lanes()) {
            if (entry.owner() != null && !entry.free() && !entry.owner().equals(self)) {
                owners.merge(entry.owner(), 1, Integer::sum);
            }
        }
        return owners;
    }

    /** From a place of its own on, so that relays that claim at the same moment mostly take different ones. */
    private static List<Lane> free(LaneCensus census, String self, Set<Lane> held) {
        int from = Math.floorMod(self.hashCode(), Lane.COUNT);
        return census.lanes().stream()
                .filter(entry -> !held.contains(entry.lane()))
                .filter(entry -> entry.free() || self.equals(entry.owner()))
                .map(LaneCensus.Entry::lane)
                .sorted((a, b) -> Integer.compare(
                        Math.floorMod(a.number() - from, Lane.COUNT), Math.floorMod(b.number() - from, Lane.COUNT)))
                .toList();
    }
}
