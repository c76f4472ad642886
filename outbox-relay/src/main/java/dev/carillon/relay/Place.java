package dev.carillon.relay;

/**
 * Where the broker keeps a key's events, together with those of other keys: what it cannot take there for one it cannot take for the others.
 *
 * @param part of the topic, or {@value #UNKNOWN} while that is not known
 */
public record Place(String topic, int part) {
    public static final int UNKNOWN = -1;

    @Override
    public String toString() {
        return part == UNKNOWN ? topic : topic + "-" + part;
    }
}
