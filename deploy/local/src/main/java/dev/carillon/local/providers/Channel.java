package dev.carillon.local.providers;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The three ways out of Carillon. */
enum Channel {
    EMAIL,
    TELEGRAM,
    WEBHOOK;

    /** As it stands in JSON and in queries. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Channel> labelled(String label) {
        return Arrays.stream(values())
                .filter(channel -> channel.label().equals(label))
                .findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(Channel::label).collect(Collectors.joining(", "));
    }
}
