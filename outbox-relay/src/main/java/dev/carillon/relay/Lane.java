package dev.carillon.relay;

import java.util.List;
import java.util.stream.IntStream;

/** One of the {@value #COUNT} shares of a source's keys: the unit that a relay leases. Every key belongs to one lane for ever. */
public record Lane(int number) implements Comparable<Lane> {
    public static final int COUNT = 64;

    public Lane {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("There is no lane " + number);
        }
    }

    public static List<Lane> all() {
        return IntStream.range(0, COUNT).mapToObj(Lane::new).toList();
    }

    @Override
    public int compareTo(Lane other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
