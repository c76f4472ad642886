package dev.carillon.delivery.channel;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All channels of this installation, by name. */
public final class Channels {

    private final Map<String, Channel> byName;

    public Channels(Collection<? extends Channel> channels) {
        Map<String, Channel> named = new TreeMap<>();
        for (Channel channel : channels) {
            if (named.put(channel.name(), channel) != null) {
                throw new IllegalArgumentException("two channels are named " + channel.name());
            }
        }
        this.byName = Collections.unmodifiableMap(named);
    }

    public Optional<Channel> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The channel that reaches this destination; an installation has one for each kind, configured or not. */
    public Channel reaching(Destination destination) {
        return named(destination.channel())
                .orElseThrow(() -> new IllegalStateException("no channel is named " + destination.channel()));
    }

    /** In order of their names. */
    public Collection<Channel> all() {
        return byName.values();
    }
}
