package dev.carillon.relay.deadletter;

import java.util.Optional;

/** The dead letters of one group that reads one topic. */
public record DeadLetterTopic(String topic, String group) {
    private static final String END = ".dlq";
    private static final String REDRIVE = ".redrive";

    /** Empty when the name is of none: {@code <topic>.<group>.dlq}, and a group's name has no dot. */
    public static Optional<DeadLetterTopic> named(String name) {
        if (!name.endsWith(END)) {
            return Optional.empty();
        }
        var front = name.substring(0, name.length() - END.length());
        int dot = front.lastIndexOf('.');
        return dot < 1 || dot == front.length() - 1
                ? Optional.empty()
                : Optional.of(new DeadLetterTopic(front.substring(0, dot), front.substring(dot + 1)));
    }

    public String name() {
        return topic + "." + group + END;
    }

    /** The group of consumers whose offsets say what has been redriven. */
    public String redriveGroup() {
        return name() + REDRIVE;
    }
}
