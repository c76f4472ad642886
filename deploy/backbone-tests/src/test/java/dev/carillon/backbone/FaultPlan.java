package dev.carillon.backbone;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Which faults are made, and in which order; the same for the same seed. */
record FaultPlan(long seed, List<Step> steps) {
    private static final int LONGEST_PAUSE_MILLIS = 900;

    /** @param weight how many of fifty or so */
    enum Kind {
        KILL_RELAY(6),
        FREEZE_RELAY(4),
        RELAY_LEAVES_AND_JOINS(4),
        CUT_CONNECTIONS(5),
        HALF_OPEN_CONNECTIONS(4),
        CUT_KAFKA_CONNECTIONS(1),
        HALF_OPEN_KAFKA_CONNECTIONS(2),
        KILL_BROKER(2),
        RESTART_BROKER(1),
        KILL_POSTGRES(2),
        RESTART_POSTGRES(2),
        OVERSIZE_RECORD(4),
        UNREADABLE_RECORD(4),
        DELETE_TOPIC(1),
        KILL_CONSUMER(4),
        FREEZE_CONSUMER(1),
        HELD_TRANSACTION(6);

        private static final int ALL = 53;
        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        /** At least one of each. */
        private int of(int faults) {
            return Math.max(1, Math.round((float) faults * weight / ALL));
        }
    }

    /**
     * @param target which of several, to be taken modulo their number
     * @param pause before the next step
     */
    record Step(Kind kind, int target, Duration pause) {}

    static FaultPlan of(long seed, int faults) {
        var random = new Random(seed);
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kinds.addAll(Collections.nCopies(kind.of(faults), kind));
        }
        Collections.shuffle(kinds, random);
        return new FaultPlan(
                seed,
                kinds.stream()
                        .map(kind -> new Step(
                                kind, random.nextInt(1_000), Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS))))
                        .toList());
    }
}
