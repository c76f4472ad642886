package dev.carillon.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FairShareTest {
    @Test
    void a_lone_relay_takes_every_lane() {
        var share = FairShare.of(census(Map.of()), "a", Set.of(), Set.of());

        assertThat(share.claim()).containsExactlyInAnyOrderElementsOf(Lane.all());
        assertThat(share.ask()).isFalse();
    }

    @Test
    void a_newcomer_that_finds_nothing_free_asks() {
        var share = FairShare.of(census(ownedBy("a", 0, 64)), "b", Set.of(), Set.of());

        assertThat(share.claim()).isEmpty();
        assertThat(share.ask()).isTrue();
    }

    @Test
    void who_has_more_than_its_share_gives_back_to_one_that_asks() {
        var share = FairShare.of(census(ownedBy("a", 0, 64)), "a", lanes(0, 64), Set.of("b"));

        assertThat(share.giveBack()).isEqualTo(32);
    }

    @Test
    void lanes_whose_lease_ran_out_are_taken_and_their_owner_no_longer_counts() {
        Map<Integer, String> owners = ownedBy("a", 0, 32);
        owners.putAll(ownedBy("dead", 32, 64));
        var census = census(owners, "dead");

        assertThat(FairShare.of(census, "a", lanes(0, 32), Set.of()).claim())
                .containsExactlyInAnyOrderElementsOf(lanes(32, 64));
    }

    @Test
    void lanes_that_are_ones_own_without_ones_knowing_are_claimed_again() {
        var share = FairShare.of(census(ownedBy("a", 0, 64)), "a", lanes(0, 60), Set.of());

        assertThat(share.claim()).containsExactlyInAnyOrderElementsOf(lanes(60, 64));
    }

    @Test
    void three_relays_with_as_even_a_spread_as_there_is_leave_each_other_alone() {
        Map<Integer, String> owners = ownedBy("a", 0, 22);
        owners.putAll(ownedBy("b", 22, 44));
        owners.putAll(ownedBy("c", 44, 64));

        var share = FairShare.of(census(owners), "c", lanes(44, 64), Set.of());

        assertThat(share).isEqualTo(new FairShare(List.of(), 0, false));
    }

    @Test
    void any_number_of_relays_joining_and_leaving_comes_to_rest_with_every_lane_owned_and_none_above_its_share() {
        var fleet = new Fleet();
        for (int relays = 1; relays <= 7; relays++) {
            fleet.join("relay-" + relays);
            fleet.settle();
            fleet.assertEven();
        }
        for (int relays = 1; relays <= 6; relays++) {
            fleet.leave("relay-" + relays);
            fleet.settle();
            fleet.assertEven();
        }
    }

    /** Relays that take turns over one lane table. */
    private static final class Fleet {
        private final Map<Integer, String> owners = new HashMap<>();
        private final Set<String> members = new TreeSet<>();
        private final Set<String> asking = new TreeSet<>();

        void join(String relay) {
            members.add(relay);
        }

        void leave(String relay) {
            members.remove(relay);
            owners.values().removeIf(relay::equals);
        }

        void settle() {
            for (int round = 0; round < 12; round++) {
                Set<String> askedLastRound = Set.copyOf(asking);
                asking.clear();
                members.forEach(member -> turn(member, askedLastRound));
            }
        }

        private void turn(String self, Set<String> asked) {
            Set<Lane> held = new TreeSet<>();
            owners.forEach((lane, owner) -> {
                if (owner.equals(self)) {
                    held.add(new Lane(lane));
                }
            });
            Set<String> others = new TreeSet<>(asked);
            others.remove(self);
            others.retainAll(members);
            var share = FairShare.of(census(owners), self, held, others);
            share.claim().forEach(lane -> owners.put(lane.number(), self));
            held.stream().limit(share.giveBack()).forEach(lane -> owners.remove(lane.number()));
            if (share.ask()) {
                asking.add(self);
            }
        }

        void assertEven() {
            assertThat(owners).hasSize(Lane.COUNT);
            int share = Math.ceilDiv(Lane.COUNT, members.size());
            for (String member : members) {
                assertThat(owners.values().stream().filter(member::equals).count())
                        .as("lanes of %s among %s", member, members)
                        .isBetween(1L, (long) share);
            }
        }
    }

    private static Map<Integer, String> ownedBy(String owner, int from, int to) {
        Map<Integer, String> owners = new HashMap<>();
        for (int lane = from; lane < to; lane++) {
            owners.put(lane, owner);
        }
        return owners;
    }

    private static Set<Lane> lanes(int from, int to) {
        return new TreeSet<>(Lane.all().subList(from, to));
    }

    private static LaneCensus census(Map<Integer, String> owners) {
        return census(owners, null);
    }

    private static LaneCensus census(Map<Integer, String> owners, @Nullable String expired) {
        List<LaneCensus.Entry> entries = new ArrayList<>();
        for (Lane lane : Lane.all()) {
            @Nullable String owner = owners.get(lane.number());
            entries.add(new LaneCensus.Entry(lane, owner, owner == null || owner.equals(expired), false));
        }
        return new LaneCensus(entries, false, null);
    }
}
