package dev.carillon.system.races;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Which races are run, in the order of their beginning; the same for the same seed. Each moment gets as many as any other. */
record RacePlan(long seed, List<Race> races) {

    static RacePlan of(long seed, int count) {
        var random = new Random(seed);
        var moments = new ArrayList<Race.Moment>();
        for (int i = 0; i < count; i++) {
            moments.add(Race.Moment.values()[i % Race.Moment.values().length]);
        }
        Collections.shuffle(moments, random);
        // What takes longest begins first.
        moments.sort(Comparator.comparing(moment -> !moment.takesLong()));
        var races = new ArrayList<Race>();
        moments.forEach(moment -> races.add(Race.drawn(races.size(), moment, random)));
        return new RacePlan(seed, List.copyOf(races));
    }
}
